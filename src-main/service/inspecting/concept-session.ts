/** @file One life of the process that learns concepts: an index's rows go in, what was found comes out. */
import { AppError } from '../../base/index.ts';
import type { Gate } from '../jobs/gate.ts';
import { startChild } from '../processes/child.ts';
import type { ConceptReply, ConceptRequest, FoundConcepts } from '../processes/concept-messages.ts';

/** What a session is given. `next`: some more rows, none at the end; it may throw, which ends the session. */
export type ConceptSession = {
  entry: URL;
  open: Omit<Extract<ConceptRequest, { type: 'open' }>, 'type'>;
  next: () => Float32Array[];
  gate: Gate;
  signal: AbortSignal;
  onStep: (done: number, loss: number) => void;
};

/** @throws AppError CANCELLED, BAD_INPUT, NOT_FINITE, OUT_OF_MEMORY, DEVICE_FAILED, what `next` throws */
export function runConceptSession({ entry, open, next, gate, signal, onStep }: ConceptSession): Promise<FoundConcepts> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    let end: { found: FoundConcepts } | { error: unknown } | undefined;
    const fail = (error: unknown): void => {
      end ??= { error };
      child.kill();
    };
    const onMessage = (reply: ConceptReply): void => {
      if (reply.type === 'step') onStep(reply.done, reply.loss);
      else if (reply.type === 'done') end ??= { found: reply.found };
      else if (reply.type === 'failed') end ??= { error: AppError.fromData(reply.error) };
      else
        try {
          child.send({ type: 'rows', rows: next() });
        } catch (error) {
          fail(error);
        }
    };
    const onExit = (how: string): void => {
      stopListening();
      signal.removeEventListener('abort', cancel);
      if (end !== undefined && 'found' in end) resolve(end.found);
      else reject(end === undefined ? died(how) : (end.error as Error));
    };
    const cancel = (): void => fail(new AppError('CANCELLED', 'The work was cancelled.'));
    const child = startChild<ConceptRequest, ConceptReply>(entry, { onMessage, onExit });
    const stopListening = gate.onChange((isClosed) => child.send({ type: isClosed ? 'pause' : 'resume' }));
    signal.addEventListener('abort', cancel);
    child.send({ type: 'open', ...open });
    if (gate.isClosed) child.send({ type: 'pause' });
  });
}

function died(how: string): AppError {
  const isKilled = how.startsWith('was killed');
  const advice = isKilled ? 'Close other programs, or look for fewer concepts.' : 'Start again: it goes on from where it was.';
  return new AppError(isKilled ? 'OUT_OF_MEMORY' : 'DEVICE_FAILED', `The process that learns concepts ${how}. ${advice}`);
}
