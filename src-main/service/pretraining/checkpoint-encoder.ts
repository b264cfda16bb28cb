/** @file A checkpoint's weights, and the encoder that it becomes. */
import { existsSync } from 'node:fs';
import { AppError } from '../../base/index.ts';
import type { EncoderId } from '../../contract/index.ts';
import { isFedEmbeddings } from '../../learn/index.ts';
import type { StoredRun } from '../../store/index.ts';
import type { ReadWeights } from '../processes/weights-messages.ts';
import { keepEncoder } from '../encoders/keep-encoder.ts';
import { keepTagSet } from '../encoders/tag-set.ts';
import type { Tools } from '../tools.ts';
import { runHead } from './run-head.ts';

/** Reads a checkpoint's encoder and projector. @throws AppError NOT_FOUND, FILE_GONE, WEIGHTS_UNREADABLE, WEIGHTS_MISMATCH */
export async function readCheckpoint({ store, weights }: Tools, run: StoredRun, step: number): Promise<ReadWeights> {
  store.checkpoints.get(run.id, step);
  const path = store.paths.checkpoint(run.id, step);
  if (existsSync(path)) return weights.read(path, { wantsProjector: true, isOwn: true });
  throw new AppError('FILE_GONE', `The file of run ${run.id}'s checkpoint of step ${step} is gone: ${path}. Choose another checkpoint.`, {
    details: { path },
  });
}

/** Makes a checkpoint an encoder, with the head that learnt labels on it, if any; the same checkpoint gives the same encoder. @throws AppError as {@link readCheckpoint}; DISK_FULL */
export async function encoderOfCheckpoint(tools: Tools, run: StoredRun, step: number): Promise<EncoderId> {
  const { settings, weights, head } = await readCheckpoint(tools, run, step);
  const isAtEnd = step === run.totalSteps && isFedEmbeddings(run.settings);
  const about = {
    name: isAtEnd ? run.name : `${run.name}, step ${step}`,
    source: 'trained' as const,
    origin: `run ${run.id}, step ${step}`,
  };
  const encoder = await keepEncoder(tools, {
    settings,
    weights,
    about,
    isChosen: false,
  });
  const named = runHead(run, head);
  if (named !== null) await keepTagSet(tools, encoder, named, { isRenamed: true });
  tools.store.checkpoints.setEncoder(run.id, step, encoder.id);
  tools.store.encoders.setRun(encoder.id, { id: run.id, step });
  tools.events.emit({ type: 'encoders.changed' });
  tools.events.emit({
    type: 'run.updated',
    runId: run.id,
    run: tools.store.runs.get(run.id),
  });
  return encoder.id;
}
