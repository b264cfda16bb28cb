/** @file What the core may ask of a running loop: to rest, to go on, to stop. */

/** The loop looks at this between two steps. */
export class Control {
  #isStopping = false;
  #resting: { promise: Promise<void>; resolve: () => void } | undefined;

  get isStopping(): boolean {
    return this.#isStopping;
  }

  get isResting(): boolean {
    return this.#resting !== undefined && !this.#isStopping;
  }

  /** Resolves when work may go on, or shall stop. */
  get passed(): Promise<void> {
    return this.isResting && this.#resting !== undefined ? this.#resting.promise : Promise.resolve();
  }

  pause(): void {
    this.#resting ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#resting?.resolve();
    this.#resting = undefined;
  }

  stop(): void {
    this.#isStopping = true;
    this.resume();
  }
}
