/** @file When a run was refused: what it was asked to do cannot be done, which shows before its first step. */
import { AppError } from '../../base/index.ts';
import type { StoredRun } from '../../store/index.ts';

const refusals: readonly AppError['code'][] = ['BAD_INPUT', 'DEVICE_UNAVAILABLE', 'WEIGHTS_MISMATCH'];

/** True for an error that says what to ask for instead, of a run that was never prepared for a step; what fails later, or by itself, is a run that failed. */
export function isRefusal(error: unknown, { totalSteps, step, checkpoints }: StoredRun): boolean {
  return error instanceof AppError && refusals.includes(error.code) && totalSteps === null && step === 0 && checkpoints.length === 0;
}
