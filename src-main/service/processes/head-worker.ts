/** @file The head process as async functions: training heads and predicting with them. It is started when first needed and ends when it idles. */
import { AppError } from '../../base/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import type { FitHeadOptions, FittedHead, HeadAnswers, HeadExamples, HeadReply, HeadRequest, HeadTask } from './head-messages.ts';

type Answer = HeadAnswers[HeadTask['type']];
type Waiting = { task: HeadTask; resolve(value: Answer): void; reject(error: unknown): void; onProgress: (share: number) => void };

/** The process holds a device's library; after this long without work it is not worth its memory. */
const usualIdleMs = 30_000;

/** Runs head tasks in a child process, one after the other in the order they came. */
export class HeadWorker {
  readonly #entry: URL;
  readonly #idleMs: number;
  /** What was sent and not answered, by number; the first is what the process works on. */
  readonly #waiting = new Map<number, Waiting>();
  #child: Child<HeadRequest> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 1;
  #isClosed = false;

  /** @param entry `worker/head-process` */
  constructor(entry: URL, { idleMs = usualIdleMs }: { idleMs?: number } = {}) {
    this.#entry = entry;
    this.#idleMs = idleMs;
  }

  /** The process that is running; undefined while none is. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Trains a head with cross-validation.
   * @throws AppError what the training threw; OUT_OF_MEMORY or DEVICE_FAILED when the process dies over it; CANCELLED
   */
  async fit(
    examples: HeadExamples,
    options: FitHeadOptions,
    { signal, onProgress = () => undefined }: { signal?: AbortSignal; onProgress?: (share: number) => void } = {},
  ): Promise<FittedHead> {
    if (signal?.aborted === true) throw cancelled();
    const { id, answer } = this.#send({ type: 'fit', examples, options }, onProgress);
    const stop = (): void => this.#cancel(id);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return (await answer) as FittedHead;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /**
   * What a head makes of embeddings `[rows, dimensions]`.
   * @returns logits `[rows, labels]`
   * @throws AppError as {@link fit}
   */
  async predict(tensors: Map<string, WeightArray>, embeddings: Float32Array): Promise<Float32Array> {
    // A part of a larger array would take all of it along.
    return (await this.#send({ type: 'predict', tensors, embeddings: embeddings.slice() }, () => undefined).answer) as Float32Array;
  }

  /** Ends the process; tasks under way fail as cancelled. */
  close(): void {
    this.#isClosed = true;
    this.#stopChild();
    for (const { reject } of this.#waiting.values()) reject(new AppError('CANCELLED', 'Earmark is closing.'));
    this.#waiting.clear();
  }

  #send(task: HeadTask, onProgress: (share: number) => void): { id: number; answer: Promise<Answer> } {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (this.#isClosed) reject(new AppError('CANCELLED', 'Earmark is closing.'));
    else {
      this.#waiting.set(id, { task, resolve, reject, onProgress });
      this.#childNow().send({ id, task });
    }
    return { id, answer: promise };
  }

  #childNow(): Child<HeadRequest> {
    clearTimeout(this.#idle);
    if (this.#child !== undefined) return this.#child;
    const child: Child<HeadRequest> = startChild<HeadRequest, HeadReply>(this.#entry, {
      onMessage: (reply) => {
        if (this.#child === child) this.#hear(reply);
      },
      onExit: (how) => {
        if (this.#child === child) this.#lost(how);
      },
    });
    this.#child = child;
    return child;
  }

  #stopChild(): void {
    clearTimeout(this.#idle);
    const child = this.#child;
    this.#child = undefined;
    child?.kill();
  }

  #hear(reply: HeadReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if ('share' in reply) return waiting.onProgress(reply.share);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting.reject(AppError.fromData(reply.error));
    else waiting.resolve(reply.value);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => this.#stopChild(), this.#idleMs);
    this.#idle.unref();
  }

  /** Training cannot be stopped from outside; its process can. What waited behind it is sent to another. */
  #cancel(id: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.reject(cancelled());
    this.#stopChild();
    this.#sendAgain();
  }

  /** The process died: what it worked on is the reason, and the remaining tasks go to another. */
  #lost(how: string): void {
    this.#child = undefined;
    const [first] = this.#waiting;
    if (first === undefined) return;
    const [id, { reject }] = first;
    this.#waiting.delete(id);
    reject(died(how));
    this.#sendAgain();
  }

  #sendAgain(): void {
    for (const [id, { task }] of this.#waiting) this.#childNow().send({ id, task });
  }
}

function cancelled(): AppError {
  return new AppError('CANCELLED', 'The training was cancelled.');
}

function died(how: string): AppError {
  const isKilled = how.startsWith('was killed');
  const advice = isKilled
    ? 'Close other programs, or learn fewer tags at a time.'
    : 'Try again; if it happens again, learn fewer tags at a time.';
  return new AppError(isKilled ? 'OUT_OF_MEMORY' : 'DEVICE_FAILED', `The process that learns tags ${how}. ${advice}`);
}
