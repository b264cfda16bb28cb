/** @file The neurons that are heard first: chosen once enough was listened to, and from then on replaced by nobody but who looks at them. */
import type { Api } from '../client/index.ts';
import type { ClearestNeurons, EncoderId } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type ClearestApi = Pick<Api['listen'], 'clearest'>;

/** How far an encoder has listened. */
export type Heard = {
  encoderId: EncoderId;
  /** Tracks in its index. */
  tracks: number;
  /** Whether more come by themselves. */
  isGoingOn: boolean;
};

/** How many are shown. */
export const shownNeurons = 3;
/** While more tracks come, so many are waited for before the first look. */
const enoughTracks = 8;
/** And this many times as many as at the last look, before the next one. */
const worthLooking = 1.5;

/** Neurons of one encoder. */
export class FirstNeuronsState {
  readonly #api: ClearestApi;
  #heard = $state.raw<Heard | null>(null);
  #found = $state.raw<ClearestNeurons | null>(null);
  #error = $state.raw<unknown>(null);
  #isAsking = $state(false);
  /** Tracks that had been heard at the last look. */
  #lookedAt = $state(0);
  #request = 0;

  constructor(api: ClearestApi) {
    this.#api = api;
  }

  /** What was found at the last look; null before the first. */
  get found(): ClearestNeurons | null {
    return this.#found;
  }

  /** Why they could not be looked for; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** How many tracks have been heard since those that are shown were chosen, where that is enough to look again; else null. */
  get outgrownBy(): number | null {
    const heard = this.#heard;
    if (heard === null || this.#isAsking || (this.#found?.neurons.length ?? 0) === 0) return null;
    const isWorth = heard.isGoingOn ? heard.tracks >= this.#lookedAt * worthLooking : heard.tracks > this.#lookedAt;
    return isWorth ? heard.tracks - this.#lookedAt : null;
  }

  /**
   * Hears how far an encoder is. Neurons that are shown stay, unless tracks left for good, since those that they play may be among them; where none are shown,
   * they are looked for as soon as that is worth it.
   */
  follow(heard: Heard): void {
    const { tracks, isGoingOn } = heard;
    if (heard.encoderId !== this.#heard?.encoderId || (!isGoingOn && tracks < this.#lookedAt)) this.#begin();
    this.#heard = heard;
    if ((this.#found?.neurons.length ?? 0) > 0 || tracks === 0 || tracks === this.#lookedAt) return;
    if (!isGoingOn || tracks >= Math.max(enoughTracks, this.#lookedAt * worthLooking)) void this.look();
  }

  /** Looks for neurons among all tracks that have been heard by now. */
  async look(): Promise<void> {
    const heard = this.#heard;
    if (heard === null) return;
    const request = ++this.#request;
    this.#isAsking = true;
    this.#lookedAt = heard.tracks;
    try {
      const found = await this.#api.clearest({ encoderId: heard.encoderId, count: shownNeurons });
      if (request !== this.#request) return;
      this.#found = found;
      this.#error = null;
    } catch (error) {
      if (request === this.#request) this.#error = error;
    } finally {
      if (request === this.#request) this.#isAsking = false;
    }
    // What came meanwhile is looked at where nothing was found.
    if (request === this.#request && this.#heard !== null && this.#error === null) this.follow(this.#heard);
  }

  #begin(): void {
    this.#request++;
    this.#found = null;
    this.#error = null;
    this.#isAsking = false;
    this.#lookedAt = 0;
  }
}
