/** @file How much of one peer's calls is carried out at a time, so that a peer which asks without end, or never reads, fills nobody's memory. */
import type { Port } from './port.ts';

/** Calls of one peer that are carried out at a time; more wait their turn. */
const mostRunning = 64;
/** What may wait its turn, in characters of messages; beyond it nothing more is read from the peer. */
const mostWaitingCharacters = 16 * 2 ** 20;
const mostWaiting = 10_000;

/** The places of one peer. */
export class CallSlots {
  readonly #port: Port;
  #running = 0;
  #received = 0;
  #characters = 0;
  #isPaused = false;
  #waiting: (() => void)[] = [];

  constructor(port: Port) {
    this.#port = port;
  }

  /** Notes that a message came and is not answered yet. @returns what is called when it is; a second time it does nothing */
  receive(characters: number): () => void {
    this.#received++;
    this.#characters += characters;
    this.#steer();
    let isAnswered = false;
    return () => {
      if (isAnswered) return;
      isAnswered = true;
      this.#received--;
      this.#characters -= characters;
      this.#steer();
    };
  }

  /** Carries a call out as soon as there is a place and the peer has read what was sent before. @throws the signal's reason when it fires first */
  async run<Result>(signal: AbortSignal | undefined, call: () => Promise<Result>): Promise<Result> {
    while (this.#running >= mostRunning && signal?.aborted !== true) await this.#turn(signal);
    this.#running++;
    try {
      signal?.throwIfAborted();
      await this.#port.flow?.room();
      signal?.throwIfAborted();
      return await call();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const leave = (): void => {
      this.#waiting = this.#waiting.filter((one) => one !== resolve);
      resolve();
    };
    signal?.addEventListener('abort', leave, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', leave));
  }

  #steer(): void {
    const isFull = this.#received > mostWaiting || this.#characters > mostWaitingCharacters;
    if (isFull === this.#isPaused) return;
    this.#isPaused = isFull;
    if (isFull) this.#port.flow?.pause();
    else this.#port.flow?.resume();
  }
}
