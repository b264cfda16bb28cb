/** @file Training on a device. */
export { checkTrainingFile } from './parity.ts';
export { stateParameters } from './graphs.ts';
export { openTrainer } from './trainer.ts';
export type { StepInput, StepResult, Trainer, TrainerOptions } from './trainer.ts';
