/** @file Threads that look at an index's neurons, some neurons each. */
import { availableParallelism } from 'node:os';
import { askThread } from './ask-thread.ts';
import type { NeuronOrder, SeenNeuron } from './inspect-messages.ts';

/** More would only wait for the disk, and the core wants one too. */
const mostThreads = 4;
/** Neurons below which a second thread is not worth its start. */
const fewNeurons = 64;

/** How a look is followed. */
export type LookOptions = { entry: URL; signal: AbortSignal; onProgress?: (done: number, total: number) => void };

/** Looks at neurons, in their order. @throws AppError of the file system; `CANCELLED` */
export async function lookAtNeurons(order: NeuronOrder, { entry, signal, onProgress }: LookOptions): Promise<SeenNeuron[]> {
  const { features } = order;
  const threads = features.length < fewNeurons ? 1 : Math.min(mostThreads, availableParallelism());
  const done = new Int32Array(threads);
  const each = Math.ceil(features.length / threads);
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const parts = Array.from(done, (_, thread) =>
    askThread<SeenNeuron[]>(
      { kind: 'neurons', ...order, features: features.slice(thread * each, (thread + 1) * each) },
      {
        ...{ entry, signal: until },
        onProgress: (own) => {
          done[thread] = own;
          onProgress?.(
            done.reduce((sum, one) => sum + one, 0),
            features.length,
          );
        },
      },
    ),
  );
  try {
    return (await Promise.all(parts)).flat();
  } catch (error) {
    // When one fails the others have nothing to work for.
    ended.abort();
    await Promise.allSettled(parts);
    throw error;
  }
}
