/** @file Threads that look at an index's neurons: some at a time, started for one question and gone with its answer. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../base/index.ts';
import type { InspectAnswer, NeuronOrder, SeenNeuron } from './inspect-messages.ts';

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
    lookInThread(
      { ...order, features: features.slice(thread * each, (thread + 1) * each) },
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

function lookInThread(
  order: NeuronOrder,
  { entry, signal, onProgress }: { entry: URL; signal: AbortSignal; onProgress: (done: number) => void },
): Promise<SeenNeuron[]> {
  const { promise, resolve, reject } = Promise.withResolvers<SeenNeuron[]>();
  if (signal.aborted) return Promise.reject(cancelled());
  const worker = new Worker(entry, { workerData: order, resourceLimits: { maxYoungGenerationSizeMb: 16 } });
  const stop = (): void => {
    void worker.terminate();
    reject(cancelled());
  };
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', (answer: InspectAnswer) => {
    if ('done' in answer) onProgress(answer.done);
    else if ('error' in answer) reject(AppError.fromData(answer.error));
    else resolve(answer.neurons);
  });
  worker.on('error', (error: unknown) => {
    const why = error instanceof Error ? `: ${error.message}` : '';
    reject(new AppError('INTERNAL', `A thread that looks at neurons ended${why}. Open the page again.`, { cause: error }));
  });
  worker.on('exit', () => {
    signal.removeEventListener('abort', stop);
    reject(new AppError('INTERNAL', 'A thread that looks at neurons ended before it had an answer. Open the page again.'));
  });
  return promise;
}

function cancelled(): AppError {
  return new AppError('CANCELLED', 'Looking at the neurons was ended.');
}
