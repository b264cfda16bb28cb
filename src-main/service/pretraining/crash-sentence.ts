/** @file What a person is told when a run ended against their will. */
import { AppError } from '../../base/index.ts';
import type { StoredRun } from '../../store/index.ts';

/** The error for a training process that died. `how`: for example `was killed (out of memory?)`. */
export function crashError(run: StoredRun, how: string): AppError {
  const where = run.step === 0 ? 'before its first step' : `after step ${run.step}`;
  const says = [`The training process ${how}, ${where}.`];
  const isKilled = how.startsWith('was killed');
  if (isKilled) says.push(lessMemory(run));
  says.push(goingOn(run));
  return new AppError(isKilled ? 'OUT_OF_MEMORY' : 'DEVICE_FAILED', says.join(' '), { details: { runId: run.id, step: run.step } });
}

/** A failure that has nothing to do with the settings, with how to go on from it; any other as it is. */
export function withGoingOn(error: unknown, run: StoredRun): unknown {
  const isOutside = error instanceof AppError && ['DISK_FULL', 'DEVICE_FAILED', 'DEVICE_UNAVAILABLE', 'OUT_OF_MEMORY'].includes(error.code);
  if (!isOutside || error.message.includes('checkpoint')) return error;
  return new AppError(error.code, `${error.message} ${goingOn(run)}`, { details: error.details, cause: error });
}

function goingOn({ checkpoints }: StoredRun): string {
  const last = checkpoints.at(-1);
  return last === undefined
    ? 'It had saved no checkpoint yet; Resume begins again.'
    : `Its last checkpoint, of step ${last.step}, is kept; Resume goes on from there.`;
}

function lessMemory({ settings: { batch, chunk } }: StoredRun): string {
  const whole = chunk ?? batch;
  if (whole < 4) return 'Close other programs, or choose a lower sample rate: it needs less memory.';
  return `Duplicate it with a chunk of ${Math.floor(whole / 2)} or a smaller batch: it needs less memory.`;
}
