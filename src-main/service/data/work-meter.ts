/** @file How far work on the whole database is, for those who watch it. */
import type { DataState } from '../../contract/index.ts';

type Work = NonNullable<DataState['work']>;

/** Watchers hear this often at most, in ms. */
const tellEveryMs = 100;

/** Measures one piece of work at a time. */
export class WorkMeter {
  readonly #changed: () => void;
  #state: DataState['work'] = null;

  /** @param changed is called whenever there is something new to see */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** What is being done; null while nothing is. */
  get state(): DataState['work'] {
    return this.#state;
  }

  /** Does work that tells how much of it is done, 0 to 1. */
  async run<Result>(kind: Work['kind'], work: (onShare: (share: number) => void) => Promise<Result>): Promise<Result> {
    const start = performance.now();
    let toldAt = start;
    this.#set({ kind, share: 0, secondsLeft: null });
    try {
      return await work((share) => {
        const now = performance.now();
        const secondsLeft = share > 0 ? ((now - start) / 1000) * (1 / share - 1) : null;
        this.#state = { kind, share: Math.min(1, share), secondsLeft };
        if (now - toldAt < tellEveryMs) return;
        toldAt = now;
        this.#changed();
      });
    } finally {
      this.#set(null);
    }
  }

  #set(state: DataState['work']): void {
    this.#state = state;
    this.#changed();
  }
}
