/** @file The radio: an endless list near some examples, which moves away from what is skipped. */
import { SvelteSet } from 'svelte/reactivity';
import type { Api } from '../client/index.ts';
import type { EncoderId, PathStep, QueryItem, TrackFilter, TrackId } from '../../src-main/contract/index.ts';
import { trackPlayable } from '../lib/playable.ts';
import type { PlayOrder, Playable, StepReason } from '../lib/playable.ts';

/** What is used of the core. */
type RadioApi = { similar: Pick<Api['similar'], 'radio'> };

/** What a radio plays from. */
export type RadioSource = {
  readonly encoderId: EncoderId;
  readonly seeds: readonly QueryItem[];
  /** The examples in words. */
  readonly title: string;
  readonly filter: TrackFilter;
  readonly perArtist: number | null;
};

/** Tracks asked for at once, and how few may be left before more are asked for. */
const batch = 12;
const fewest = 6;
const mostPlayed = 100_000;
const mostSkipped = 10_000;

/** The page's radio. The player follows it while it is on. */
export class RadioState implements PlayOrder {
  readonly continues = true;
  readonly #api: RadioApi;
  readonly #heardShare: () => number;
  readonly #draw: () => number;
  readonly #skipped = new SvelteSet<TrackId>();
  #source = $state.raw<RadioSource | null>(null);
  #rows = $state.raw<readonly PathStep[]>([]);
  #at = $state(-1);
  #diversity = $state(0.3);
  #error = $state.raw<unknown>(null);
  #isAsking = $state(false);
  #isAtEnd = $state(false);
  #seed = 0;
  #request = 0;

  /**
   * @param heardShare how much of what plays was heard, 0 to 1
   * @param draw a number in [0, 1); replaced in tests
   */
  constructor(api: RadioApi, heardShare: () => number, draw: () => number = Math.random) {
    this.#api = api;
    this.#heardShare = heardShare;
    this.#draw = draw;
  }

  /** Null while it is off. */
  get source(): RadioSource | null {
    return this.#source;
  }

  /** What was played, what plays, and what comes next. */
  get rows(): readonly PathStep[] {
    return this.#rows;
  }

  /** The place of what plays. */
  get at(): number {
    return this.#at;
  }

  /** 0: as near as possible; 1: as varied as possible. */
  get diversity(): number {
    return this.#diversity;
  }

  get error(): unknown {
    return this.#error;
  }

  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** True when no more tracks pass the filter. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  isSkipped(trackId: TrackId): boolean {
    return this.#skipped.has(trackId);
  }

  /** Begins anew; gives the first track, or null when there is none. */
  async start(source: RadioSource): Promise<Playable | null> {
    this.stop();
    this.#source = source;
    this.#seed = Math.floor(this.#draw() * 0xffffffff);
    await this.#fetch();
    return this.#rows.length === 0 ? null : this.playable(0);
  }

  /** Ends it; what plays goes on. */
  stop(): void {
    this.#request++;
    this.#source = null;
    this.#rows = [];
    this.#skipped.clear();
    this.#at = -1;
    this.#error = null;
    this.#isAsking = false;
    this.#isAtEnd = false;
  }

  /** Changes how varied what comes is; what comes next is asked for anew. */
  async setDiversity(diversity: number): Promise<void> {
    this.#diversity = Math.max(0, Math.min(1, diversity));
    if (this.#source !== null) await this.#renew();
  }

  /** A row as something to play; it is what plays from then on. */
  playable(at: number): Playable | null {
    const row = this.#rows[at];
    if (row === undefined) return null;
    this.#at = at;
    return trackPlayable({ id: row.trackId, ...row });
  }

  /** What comes next or was before. Asking for the next one before half of it was heard is a skip: the list moves away from it. */
  async neighbour(now: Playable, step: 1 | -1, reason: StepReason): Promise<Playable | null> {
    const row = this.#rows[this.#at];
    if (this.#source === null) return null;
    const isSkip = step === 1 && reason === 'asked' && row?.trackId === now.trackId && this.#heardShare() < 0.5;
    if (isSkip && this.#skipped.size < mostSkipped) {
      this.#skipped.add(row.trackId);
      await this.#renew();
    }
    // What comes next may still be on its way.
    if (step === 1 && this.#rows[this.#at + 1] === undefined) await this.#fetch();
    const next = this.playable(this.#at + step);
    if (step === 1 && this.#rows.length - this.#at <= fewest) void this.#fetch();
    return next;
  }

  /** Asks again for what comes after what plays. */
  async #renew(): Promise<void> {
    this.#isAtEnd = false;
    await this.#fetch(this.#at + 1);
  }

  /** @param keep rows that stay; all when absent */
  async #fetch(keep = this.#rows.length): Promise<void> {
    const source = this.#source;
    if (source === null || this.#isAtEnd) return;
    const request = ++this.#request;
    const kept = this.#rows.slice(0, keep);
    this.#isAsking = true;
    try {
      const found = await this.#api.similar.radio({
        encoderId: source.encoderId,
        seeds: [...source.seeds],
        played: kept.map(({ trackId }) => trackId).slice(-mostPlayed),
        skipped: [...this.#skipped],
        diversity: this.#diversity,
        filter: source.filter,
        perArtist: source.perArtist,
        count: batch,
        seed: this.#seed,
      });
      if (request !== this.#request) return;
      this.#rows = [...kept, ...found];
      this.#isAtEnd = found.length < batch;
      this.#error = null;
    } catch (error) {
      if (request === this.#request) this.#error = error;
    } finally {
      if (request === this.#request) this.#isAsking = false;
    }
  }
}
