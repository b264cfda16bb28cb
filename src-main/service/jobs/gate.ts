/** @file A gate that work passes between two of its steps; a pause closes it. */

/** Open at first. */
export class Gate {
  #closed: { opened: Promise<void>; open: () => void } | undefined;
  readonly #listeners = new Set<(isClosed: boolean) => void>();

  /** True while work has to wait. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Hears of every change until the returned function is called. */
  onChange(listener: (isClosed: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    if (this.#closed !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = { opened: promise, open: resolve };
    for (const listener of this.#listeners) listener(true);
  }

  open(): void {
    if (this.#closed === undefined) return;
    this.#closed.open();
    this.#closed = undefined;
    for (const listener of this.#listeners) listener(false);
  }

  /** Resolves when the gate is open. */
  async passed(): Promise<void> {
    while (this.#closed !== undefined) await this.#closed.opened;
  }
}
