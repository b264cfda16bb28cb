/** @file One life of the training process: what it is asked, what it tells, how it is steered, and how it ended. */
import { AppError } from '../../base/index.ts';
import type { Gate } from '../jobs/gate.ts';
import { startChild } from '../processes/child.ts';
import type { TrainReply, TrainRequest } from '../processes/train-messages.ts';
import type { RowsInParts } from './known-rows.ts';

/** The process's last word. */
export type TrainEnding = Extract<TrainReply, { type: 'ended' }>;

/** How a session ended: with a last word, or without. */
export type SessionEnd = TrainEnding | { type: 'crashed'; how: string };

/** What a session is given. `onReply` may throw: the session ends with that error. */
export type TrainSessionOptions = {
  entry: URL;
  request: Extract<TrainRequest, { type: 'train' }>;
  gate: Gate;
  /** Fires when the run is to end soon: with a checkpoint if that takes no longer than `patienceMs`. */
  signal: AbortSignal;
  patienceMs?: number;
  /** What the run is fed with, where it asks. */
  rows?: Pick<RowsInParts, 'next'>;
  onReply: (reply: TrainReply) => void;
};

/** A session under way. */
export type TrainSession = {
  /** @throws AppError what the training process could not do; CANCELLED when the patience ended; what `onReply` threw */
  ended: Promise<SessionEnd>;
  /** Ends it after the step under way, with a checkpoint, however long that takes. */
  stop(): void;
};

/** A step of an ordinary batch on a CPU takes seconds, a checkpoint less than one. */
const usualPatienceMs = 20_000;

/** Starts a training process. */
export function startTraining(options: TrainSessionOptions): TrainSession {
  const { gate, signal, rows, onReply, patienceMs = usualPatienceMs } = options;
  const { promise, resolve, reject } = Promise.withResolvers<SessionEnd>();
  let failure: unknown;
  let end: TrainEnding | undefined;
  let patience: NodeJS.Timeout | undefined;
  const fail = (error: unknown): void => {
    failure ??= error;
    child.kill();
  };
  const onMessage = (reply: TrainReply): void => {
    if (failure !== undefined) return;
    try {
      if (reply.type === 'failed') return fail(AppError.fromData(reply.error));
      if (reply.type === 'rowsWanted') return child.send({ type: 'rows', rows: rows?.next() ?? null });
      if (reply.type === 'ended') end = reply;
      onReply(reply);
    } catch (error) {
      fail(error);
    }
  };
  const onExit = (how: string): void => {
    clearTimeout(patience);
    stopListening();
    signal.removeEventListener('abort', hurry);
    if (failure !== undefined) reject(failure);
    else resolve(end ?? { type: 'crashed', how });
  };
  const child = startChild<TrainRequest, TrainReply>(options.entry, { onMessage, onExit });
  const stop = (): void => child.send({ type: 'stop' });
  const hurry = (): void => {
    stop();
    patience = setTimeout(() => fail(new AppError('CANCELLED', 'The run was ended.')), patienceMs);
  };
  const stopListening = gate.onChange((isClosed) => child.send({ type: isClosed ? 'pause' : 'resume' }));
  signal.addEventListener('abort', hurry);
  child.send(options.request);
  if (gate.isClosed) child.send({ type: 'pause' });
  if (signal.aborted) hurry();
  return { ended: promise, stop };
}
