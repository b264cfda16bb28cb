/** @file Threads that augment; crops are dealt to them in turn, and handed over without copying. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../base/index.ts';
import type { AugmentAnswer, AugmentSetup, AugmentTask } from './augment-thread.ts';

/** A view that was made. */
export type MadeView = { samples: Float32Array; applied: string[] };

type Waiting = { resolve: (view: MadeView) => void; reject: (error: AppError) => void };

export class AugmentPool {
  readonly #workers: Worker[];
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: AppError | undefined;

  constructor(threads: number, setup: AugmentSetup) {
    this.#workers = Array.from({ length: threads }, () => {
      const worker = new Worker(new URL('./augment-thread.ts', import.meta.url));
      worker.postMessage(setup);
      worker.on('message', (answer: AugmentAnswer) => this.#take(answer));
      worker.on('error', (error) => this.#fail(`An augmenting thread ended: ${error instanceof Error ? error.message : String(error)}.`));
      return worker;
    });
  }

  /** Makes a view of a crop, whose memory is given away. */
  augment(samples: Float32Array<ArrayBuffer>, seeds: number[]): Promise<MadeView> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = this.#next++;
    const task: AugmentTask = { id, samples, seeds };
    this.#workers[id % this.#workers.length]?.postMessage(task, [samples.buffer]);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
    this.#fail('The feed was closed.');
  }

  #take(answer: AugmentAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('message' in answer) waiting?.reject(new AppError('INTERNAL', `A crop could not be augmented: ${answer.message}.`));
    else waiting?.resolve({ samples: answer.samples, applied: answer.applied });
  }

  #fail(message: string): void {
    this.#failure ??= new AppError('CANCELLED', message);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
