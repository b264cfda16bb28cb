/** @file One decode thread, seen from the pool: a task at a time, and a plain failure when the thread dies. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../base/index.ts';
import { steadyThreads } from '../base/steady-threads.ts';
import type { DecodeTask, FromThread, ToThread } from './decode-messages.ts';
import { ThreadControl } from './thread-control.ts';

/** Hears what happens to one task; `fail` is the last that it hears. */
export type TaskListener = { hear: (message: FromThread) => void; fail: (error: AppError) => void };

/** A process that exits waits this long for a thread to become idle. */
const exitMs = 2000;

const alive = new Set<DecodeWorker>();

process.on('exit', () => {
  for (const worker of alive) worker.stop();
  for (const worker of alive) worker.waitUntilIdle(exitMs);
});

/** A running thread. */
export class DecodeWorker {
  readonly #worker: Worker;
  readonly #control = new ThreadControl();
  readonly #exited: Promise<void>;
  #task: { id: number; path: string; listener: TaskListener } | null = null;
  #lastId = 0;
  #isDead = false;
  #isClosing = false;
  #cause: unknown;

  /** @param entry the thread's program */
  constructor(entry: URL) {
    steadyThreads();
    this.#worker = new Worker(entry, { workerData: this.#control.buffer });
    alive.add(this);
    this.#worker.on('message', (message: FromThread) => {
      if (message.id === this.#task?.id) this.#task.listener.hear(message);
    });
    this.#worker.on('error', (error: unknown) => (this.#cause ??= error));
    this.#exited = new Promise((resolve) =>
      this.#worker.on('exit', () => {
        this.#die();
        resolve();
      }),
    );
  }

  /** True when the thread has ended; it takes no more tasks. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Starts a task; there must be none. */
  begin(task: DecodeTask, listener: TaskListener): void {
    if (this.#isClosing) return listener.fail(closed());
    const id = ++this.#lastId;
    this.#task = { id, path: task.path, listener };
    this.#post({ type: 'task', id, task });
    if (this.#isDead) this.#die();
  }

  /** Gives leave to send one more block. */
  askMore(): void {
    if (this.#task !== null) this.#post({ type: 'more', id: this.#task.id });
  }

  /** Ends the task: its listener hears nothing more, and the thread is ready for another one. */
  end(): void {
    if (this.#task !== null) this.#post({ type: 'cancel', id: this.#task.id });
    this.#task = null;
  }

  /** Asks the thread to begin nothing more. */
  stop(): void {
    this.#isClosing = true;
    this.#control.stop();
  }

  /** Blocks until the thread is outside native code. */
  waitUntilIdle(limitMs: number): void {
    this.#control.waitUntilIdle(limitMs);
  }

  /** Ends the thread as soon as it can be; a task that is under way fails. */
  async close(): Promise<void> {
    this.stop();
    this.#post({ type: 'close' });
    await this.#exited;
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #die(): void {
    this.#isDead = true;
    alive.delete(this);
    const task = this.#task;
    this.#task = null;
    if (task !== null) task.listener.fail(this.#isClosing ? closed() : this.#crashed(task.path));
  }

  #crashed(path: string): AppError {
    const message = `The decoder stopped while it worked on ${path}. The file is passed over; try it again later.`;
    return new AppError('DECODER_CRASHED', message, { details: { path }, cause: this.#cause });
  }
}

/** What work gets that was under way, or waited, when its pool was closed. */
export function closed(): AppError {
  return new AppError('CANCELLED', 'The decoder was closed.');
}
