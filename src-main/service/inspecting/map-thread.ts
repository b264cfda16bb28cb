/** @file The thread that draws a map: started for one, gone with it, paused between two of its steps. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../base/index.ts';
import { steadyThreads } from '../../base/steady-threads.ts';
import type { Gate } from '../jobs/gate.ts';
import type { MapAnswer, MapOrder } from './map-messages.ts';

/** How a drawing is followed. */
export type DrawOptions = { entry: URL; signal: AbortSignal; gate: Gate; onShare: (share: number) => void };

/** Draws a map. @throws AppError BAD_INPUT for points of which none can be drawn, CANCELLED, of the file system */
export function drawInThread(
  order: Omit<MapOrder, 'pause'>,
  { entry, signal, gate, onShare }: DrawOptions,
): Promise<{ places: Float32Array; kept: Int32Array }> {
  if (signal.aborted) return Promise.reject(cancelled());
  const { promise, resolve, reject } = Promise.withResolvers<{ places: Float32Array; kept: Int32Array }>();
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const hold = (isClosed: boolean): void => {
    Atomics.store(pause, 0, isClosed ? 1 : 0);
    Atomics.notify(pause, 0);
  };
  hold(gate.isClosed);
  const stopListening = gate.onChange(hold);
  steadyThreads();
  const worker = new Worker(entry, { workerData: { ...order, pause: pause.buffer } satisfies MapOrder });
  const stop = (): void => {
    void worker.terminate();
    reject(cancelled());
  };
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', (answer: MapAnswer) => {
    if ('share' in answer) onShare(answer.share);
    else if ('error' in answer) reject(AppError.fromData(answer.error));
    else resolve(answer);
  });
  worker.on('error', (error: unknown) => {
    const why = error instanceof Error ? `: ${error.message}` : '';
    reject(new AppError('INTERNAL', `The thread that draws a map ended${why}. Draw it again.`, { cause: error }));
  });
  worker.on('exit', () => {
    stopListening();
    signal.removeEventListener('abort', stop);
    reject(new AppError('INTERNAL', 'The thread that draws a map ended before it had one. Draw it again.'));
  });
  return promise;
}

function cancelled(): AppError {
  return new AppError('CANCELLED', 'Drawing the map was cancelled.');
}
