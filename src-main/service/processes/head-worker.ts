/** @file The head process as async functions: training heads and predicting with them. It is started when first needed and ends when it idles. */
import { AppError } from '../../base/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import type { FitHeadOptions, FittedHead, HeadAnswers, HeadExamples, HeadReply, HeadRequest, HeadTask } from './head-messages.ts';

type Waiting = { resolve(value: unknown): void; reject(error: unknown): void; onProgress: (share: number) => void };

/** The process holds a device's library; after this long without work it is not worth its memory. */
const idleMs = 30_000;

/** Runs head tasks in a child process. */
export class HeadWorker {
  readonly #entry: URL;
  readonly #waiting = new Map<number, Waiting>();
  #child: Child<HeadRequest> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 1;
  #isClosed = false;

  /** @param entry `worker/head-process` */
  constructor(entry: URL) {
    this.#entry = entry;
  }

  /**
   * Trains a head with cross-validation.
   * @throws AppError OUT_OF_MEMORY, DEVICE_FAILED when the process dies, CANCELLED
   */
  fit(
    examples: HeadExamples,
    options: FitHeadOptions,
    { signal, onProgress = () => undefined }: { signal?: AbortSignal; onProgress?: (share: number) => void } = {},
  ): Promise<FittedHead> {
    // Training cannot be stopped from outside; its process can. Predictions under way start anew.
    const stop = (): void => this.#child?.kill();
    signal?.addEventListener('abort', stop, { once: true });
    const result = this.#run({ type: 'fit', examples, options }, onProgress) as Promise<FittedHead>;
    return result
      .catch((error: unknown) => {
        if (signal?.aborted === true) throw new AppError('CANCELLED', 'The training was cancelled.');
        throw error;
      })
      .finally(() => signal?.removeEventListener('abort', stop));
  }

  /**
   * What a head makes of embeddings `[rows, dimensions]`.
   * @returns logits `[rows, labels]`
   */
  predict(tensors: Map<string, WeightArray>, embeddings: Float32Array): Promise<Float32Array> {
    return this.#run({ type: 'predict', tensors, embeddings: embeddings.slice() }, () => undefined) as Promise<Float32Array>;
  }

  /** Ends the process; tasks under way fail as cancelled. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    this.#child?.kill();
  }

  #run(task: HeadTask, onProgress: (share: number) => void): Promise<HeadAnswers[HeadTask['type']]> {
    if (this.#isClosed) return Promise.reject(new AppError('CANCELLED', 'Earmark is closing.'));
    clearTimeout(this.#idle);
    this.#child ??= startChild<HeadRequest, HeadReply>(this.#entry, {
      onMessage: (reply) => this.#hear(reply),
      onExit: (how) => this.#failAll(how),
    });
    const child = this.#child;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, onProgress });
      child.send({ id, task });
    });
  }

  #hear(reply: HeadReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if ('share' in reply) return waiting.onProgress(reply.share);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting.reject(AppError.fromData(reply.error));
    else waiting.resolve(reply.value);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => this.#child?.kill(), idleMs);
    this.#idle.unref();
  }

  #failAll(how: string): void {
    this.#child = undefined;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    const message = `The process that learns tags ${how}. Try again; if it happens again, learn fewer tags at a time.`;
    for (const { reject } of all)
      reject(this.#isClosed ? new AppError('CANCELLED', 'Earmark is closing.') : new AppError('DEVICE_FAILED', message));
  }
}
