/** @file A bounded queue between a producer and a consumer that run at different speeds; the producer waits while it is full. */

/** First in, first out; `push` resolves when there is room, iteration ends after `close` or throws what `fail` was given. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  #takers: (() => void)[] = [];
  #pushers: (() => void)[] = [];
  #closed = false;
  #failure: { error: unknown } | undefined;

  /** @param capacity how many items may wait */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** How many items wait. */
  get length(): number {
    return this.#items.length;
  }

  /** Adds an item; resolves to false when the queue was closed meanwhile and the item was not taken. */
  async push(item: T): Promise<boolean> {
    while (!this.#closed && this.#items.length >= this.#capacity) await new Promise<void>((resolve) => this.#pushers.push(resolve));
    if (this.#closed) return false;
    this.#items.push(item);
    this.#wake('takers');
    return true;
  }

  /** No more items will come; those that wait are still delivered. */
  close(): void {
    this.#closed = true;
    this.#wake('takers');
    this.#wake('pushers');
  }

  /** Ends the queue with an error that the consumer receives at once. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#items.length = 0;
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        if (this.#failure !== undefined) throw this.#failure.error;
        if (this.#items.length > 0) {
          const item = this.#items.shift() as T;
          this.#wake('pushers');
          yield item;
        } else if (this.#closed) return;
        else await new Promise<void>((resolve) => this.#takers.push(resolve));
      }
    } finally {
      this.#items.length = 0;
      this.close();
    }
  }

  #wake(side: 'takers' | 'pushers'): void {
    const waiting = side === 'takers' ? this.#takers : this.#pushers;
    if (side === 'takers') this.#takers = [];
    else this.#pushers = [];
    for (const resolve of waiting) resolve();
  }
}
