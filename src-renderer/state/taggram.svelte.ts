/** @file Tags over the time of the track that plays. */
import { floatsFromBase64, SegmentTimes } from '../../src-main/contract/index.ts';
import type { AppEvent, EncoderId, HeadId, Taggram, TrackId } from '../../src-main/contract/index.ts';
import type { Api } from '../client/index.ts';

/** What is used of the core. */
type TaggramApi = { heads: Pick<Api['heads'], 'taggram'> };

/** Which one is meant; `headId` null: the head that speaks first. */
export type TaggramWish = { encoderId: EncoderId; trackId: TrackId; headId: HeadId | null };

/** One that was loaded. `values`: `[segments, labels]`. */
export type ShownTaggram = Omit<Taggram, 'probabilities'> & { values: Float32Array; times: SegmentTimes };

/** The taggram of one track. */
export class TaggramState {
  readonly #api: TaggramApi;
  #wish = $state.raw<TaggramWish | null>(null);
  #shown = $state.raw<ShownTaggram | null>(null);
  #error = $state.raw<unknown>(null);
  #isLooking = $state(false);
  #isOutdated = $state(false);
  #request = 0;
  /** Loading takes a moment and tells nothing meanwhile. */
  readonly progress = null;

  constructor(api: TaggramApi) {
    this.#api = api;
  }

  /** Null until one is loaded; while another of the same encoder is loaded the one before stays. */
  get shown(): ShownTaggram | null {
    return this.#shown;
  }

  /** Why it could not be loaded; null when it could. */
  get error(): unknown {
    return this.#error;
  }

  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** Whether heads or segments are not what they were. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  /** Loads one, unless it is there. */
  async show(wish: TaggramWish): Promise<void> {
    const isSame = JSON.stringify(wish) === JSON.stringify(this.#wish);
    if (isSame && this.#error === null && (this.#shown !== null || this.#isLooking)) return;
    if (wish.encoderId !== this.#wish?.encoderId) this.#shown = null;
    this.#wish = wish;
    await this.again();
  }

  /** Loads what was wished last once more. */
  async again(): Promise<void> {
    const [wish, request] = [this.#wish, ++this.#request];
    if (wish === null) return;
    this.#isLooking = true;
    this.#isOutdated = false;
    this.#error = null;
    try {
      const { probabilities, ...taggram } = await this.#api.heads.taggram(wish);
      if (request !== this.#request) return;
      const values = floatsFromBase64(probabilities);
      this.#shown = { ...taggram, values, times: new SegmentTimes(taggram, values.length / taggram.labels.length) };
    } catch (error) {
      if (request !== this.#request) return;
      this.#error = error;
      this.#shown = null;
    } finally {
      if (request === this.#request) this.#isLooking = false;
    }
  }

  /** Waits no more. */
  stop(): void {
    this.#request++;
    this.#isLooking = false;
  }

  /** An event of the core. */
  hear(event: AppEvent): void {
    const encoderId = this.#wish?.encoderId;
    if ((event.type === 'heads.changed' || event.type === 'index.changed') && event.encoderId === encoderId) this.#isOutdated = true;
    if (event.type === 'tags.changed') this.#isOutdated = true;
  }
}
