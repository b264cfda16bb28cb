/** @file Threads that make views; tasks are dealt to them in turn, and views are handed over without copying. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../base/index.ts';
import { steadyThreads } from '../../base/steady-threads.ts';
import { ThreadControl } from '../thread-control.ts';
import type { ThreadSetup, ViewAnswer, ViewTask } from './augment-thread.ts';

/** A view that was made. */
export type MadeView = { samples: Float32Array; start: number; applied: string[] };

type Waiting = { resolve: (view: MadeView) => void; reject: (error: AppError) => void };
type Thread = { worker: Worker; control: ThreadControl; exited: Promise<void> };

/** A process that exits waits this long for a thread to become idle: one that is ended inside a native decoder takes the process with it. */
const exitMs = 2000;
const alive = new Set<ThreadControl>();

process.on('exit', () => {
  for (const control of alive) control.stop();
  for (const control of alive) control.waitUntilIdle(exitMs);
});

/** Running threads. */
export class AugmentPool {
  readonly #threads: Thread[];
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: AppError | undefined;

  constructor(threads: number, setup: Omit<ThreadSetup, 'control'>) {
    this.#threads = Array.from({ length: threads }, () => this.#start(setup));
  }

  /**
   * Makes a view.
   * @throws AppError as `readCrop`; INTERNAL when a thread died, CANCELLED when the pool was closed
   */
  make(task: Omit<ViewTask, 'id'>): Promise<MadeView> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<MadeView>();
    this.#waiting.set(id, { resolve, reject });
    this.#threads[id % this.#threads.length]?.worker.postMessage({ id, ...task } satisfies ViewTask);
    return promise;
  }

  /** Ends every thread after the view that it works on; what waits fails as cancelled. */
  async close(): Promise<void> {
    this.#fail(new AppError('CANCELLED', 'The feed was closed.'));
    for (const { worker, control } of this.#threads) {
      control.stop();
      worker.postMessage('close');
    }
    await Promise.all(this.#threads.map(({ exited }) => exited));
  }

  #start(setup: Omit<ThreadSetup, 'control'>): Thread {
    const control = new ThreadControl();
    const workerData: ThreadSetup = { ...setup, control: control.buffer };
    steadyThreads();
    const worker = new Worker(new URL('./augment-thread.ts', import.meta.url), { workerData });
    alive.add(control);
    worker.on('message', (answer: ViewAnswer) => this.#take(answer));
    worker.on('error', (cause) => {
      const message = `A thread that prepares audio ended: ${cause instanceof Error ? cause.message : String(cause)}.`;
      this.#fail(new AppError('INTERNAL', message, { cause }));
    });
    const { promise: exited, resolve } = Promise.withResolvers<void>();
    worker.on('exit', () => {
      alive.delete(control);
      this.#fail(new AppError('INTERNAL', 'A thread that prepares audio ended. Resume the run from its last checkpoint.'));
      resolve();
    });
    return { worker, control, exited };
  }

  #take(answer: ViewAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(AppError.fromData(answer.error));
    else waiting?.resolve(answer);
  }

  #fail(error: AppError): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
