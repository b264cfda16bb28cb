/** @file Training on a device. */
export { checkTrainingFile } from './parity.ts';
export { evaluatedClips } from './steps.ts';
export { openTrainer } from './trainer.ts';
export type { StepInput, StepResult } from './steps.ts';
export type { Trainer, TrainerOptions } from './trainer.ts';
