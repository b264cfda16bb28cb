/** @file What the core may ask of a running loop: to pause, to resume, to stop. */

/** The loop looks at this between two steps. */
export class Control {
  #isStopping = false;
  #paused: { promise: Promise<void>; resolve: () => void } | undefined;

  get isStopping(): boolean {
    return this.#isStopping;
  }

  get isPaused(): boolean {
    return this.#paused !== undefined && !this.#isStopping;
  }

  /** Resolves when work may go on, or shall stop. */
  get passed(): Promise<void> {
    return this.isPaused && this.#paused !== undefined ? this.#paused.promise : Promise.resolve();
  }

  pause(): void {
    this.#paused ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#paused?.resolve();
    this.#paused = undefined;
  }

  stop(): void {
    this.#isStopping = true;
    this.resume();
  }
}
