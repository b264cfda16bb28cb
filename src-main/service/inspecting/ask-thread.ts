/** @file A thread that is started for one question about an index, and gone with its answer. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../base/index.ts';
import { steadyThreads } from '../../base/steady-threads.ts';
import type { InspectOrder, ThreadAnswer } from './inspect-messages.ts';

/** How a question is followed. */
export type AskOptions = { entry: URL; signal: AbortSignal; onProgress: (done: number) => void };

/** Asks. @throws AppError of the file system; `CANCELLED` */
export function askThread<Result>(order: InspectOrder, { entry, signal, onProgress }: AskOptions): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  if (signal.aborted) return Promise.reject(cancelled());
  steadyThreads();
  const worker = new Worker(entry, { workerData: order, resourceLimits: { maxYoungGenerationSizeMb: 16 } });
  const stop = (): void => {
    void worker.terminate();
    reject(cancelled());
  };
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', (answer: ThreadAnswer<Result>) => {
    if ('done' in answer) onProgress(answer.done);
    else if ('error' in answer) reject(AppError.fromData(answer.error));
    else resolve(answer.result);
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

/** That nobody waits any more. */
export function cancelled(): AppError {
  return new AppError('CANCELLED', 'Looking at the neurons was ended.');
}
