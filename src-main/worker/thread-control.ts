/**
 * @file Memory that a decode thread shares with its pool. A thread must not be ended while it is inside native code: that aborts the whole
 * process (node-addon-api turns the failed return into a fatal error). So it is asked to stop, and waited for until it is idle.
 */

const stopAt = 0;
const busyAt = 1;

/** One thread's two flags; both sides wrap the same buffer. */
export class ThreadControl {
  readonly buffer: SharedArrayBuffer;
  readonly #flags: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.buffer = buffer;
    this.#flags = new Int32Array(buffer);
  }

  /** True when the thread shall begin nothing more. */
  get isStopping(): boolean {
    return Atomics.load(this.#flags, stopAt) === 1;
  }

  /** Asks the thread to stop at the next occasion. */
  stop(): void {
    Atomics.store(this.#flags, stopAt, 1);
  }

  /** In the thread: carries out something during which it must not be ended; nothing when it shall stop. */
  whileBusy(run: () => void): void {
    Atomics.store(this.#flags, busyAt, 1);
    try {
      if (!this.isStopping) run();
    } finally {
      Atomics.store(this.#flags, busyAt, 0);
      Atomics.notify(this.#flags, busyAt);
    }
  }

  /** Blocks until the thread is idle, `limitMs` at most. */
  waitUntilIdle(limitMs: number): void {
    Atomics.wait(this.#flags, busyAt, 1, limitMs);
  }
}
