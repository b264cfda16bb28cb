/** @file Training on a device. */
export { checkTrainingFile } from './parity.ts';
export { openTrainer } from './trainer.ts';
export type { StepInput, StepResult, Trainer, TrainerOptions } from './trainer.ts';
