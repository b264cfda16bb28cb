/** @file A run, or one of its checkpoints, as people write it: `3`, `3:500`, `3:best`. */
import { InvalidArgumentError } from 'commander';
import { AppError } from '../../../base/index.ts';
import type { pretraining } from '../../../contract/index.ts';

/** A checkpoint of a run: by its step, the last, or the best. */
export type RunPlace = { runId: pretraining.RunId; step: number | 'last' | 'best' };

/** Reads `RUN` or `RUN:STEP`. @throws InvalidArgumentError */
export function runPlace(text: string): RunPlace {
  const [, run, step = 'last'] = /^([1-9]\d{0,8})(?::(\d{1,9}|last|best))?$/.exec(text) ?? [];
  if (run === undefined)
    throw new InvalidArgumentError('It must be a run’s number, or with a checkpoint’s step: 3, 3:500, 3:last or 3:best.');
  return { runId: Number(run) as pretraining.RunId, step: step === 'last' || step === 'best' ? step : Number(step) };
}

/** The step of the checkpoint that is meant. @throws AppError NOT_FOUND */
export function findStep({ id, checkpoints }: pretraining.Run, { step }: RunPlace): number {
  if (typeof step === 'number') return step;
  const found = (step === 'best' ? checkpoints.find(({ isBest }) => isBest) : undefined) ?? checkpoints.at(-1);
  if (found !== undefined) return found.step;
  throw new AppError('NOT_FOUND', `Run ${id} has no checkpoint yet.`, { details: { run: id } });
}
