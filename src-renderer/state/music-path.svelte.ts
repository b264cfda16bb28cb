/** @file A path from one example to another, each track near the one before. */
import type { Api } from '../client/index.ts';
import type { EncoderId, PathStep, TrackFilter } from '../../src-main/contract/index.ts';
import type { Example } from './similar-query.svelte.ts';

/** What is used of the core. */
type PathApi = { similar: Pick<Api['similar'], 'path'> };

/** Fewest and most tracks of a path. */
export const pathSteps = { least: 3, most: 100 } as const;

/** The path of the page. */
export class MusicPathState {
  readonly #api: PathApi;
  #from = $state.raw<Example | null>(null);
  #to = $state.raw<Example | null>(null);
  #steps = $state(8);
  #rows = $state.raw<readonly PathStep[] | null>(null);
  #error = $state.raw<unknown>(null);
  #isAsking = $state(false);
  #request = 0;

  constructor(api: PathApi) {
    this.#api = api;
  }

  get from(): Example | null {
    return this.#from;
  }

  get to(): Example | null {
    return this.#to;
  }

  /** Tracks, both ends included. */
  get steps(): number {
    return this.#steps;
  }

  /** Null until a path was asked for. */
  get rows(): readonly PathStep[] | null {
    return this.#rows;
  }

  get error(): unknown {
    return this.#error;
  }

  get isAsking(): boolean {
    return this.#isAsking;
  }

  setEnd(end: 'from' | 'to', example: Example | null): void {
    if (end === 'from') this.#from = example;
    else this.#to = example;
    if (example === null) this.#rows = null;
  }

  /** Goes the other way. */
  turn(): void {
    [this.#from, this.#to] = [this.#to, this.#from];
  }

  setSteps(steps: number): void {
    this.#steps = Math.max(pathSteps.least, Math.min(pathSteps.most, Math.round(steps)));
  }

  /** Asks for the path between the two ends; nothing without them. */
  async find(encoderId: EncoderId, rules: { filter: TrackFilter; perArtist: number | null }): Promise<void> {
    const [from, to] = [this.#from, this.#to];
    if (from === null || to === null) return;
    const request = ++this.#request;
    this.#isAsking = true;
    try {
      const rows = await this.#api.similar.path({ encoderId, from: from.item, to: to.item, steps: this.#steps, ...rules });
      if (request !== this.#request) return;
      this.#rows = rows;
      this.#error = null;
    } catch (error) {
      if (request !== this.#request) return;
      this.#rows = null;
      this.#error = error;
    } finally {
      if (request === this.#request) this.#isAsking = false;
    }
  }
}
