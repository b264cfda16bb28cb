/** @file Everything above an activation of one neuron: how much that is, and how it sounds just above it. */
import type { Api } from '../client/index.ts';
import { floatsFromBase64 } from '../../src-main/contract/index.ts';
import type { EncoderId, SegmentRow } from '../../src-main/contract/index.ts';
import { debounce } from '../lib/debounce.ts';

/** What is used of the core. */
type NeuronApi = { tags: Pick<Api['tags'], 'aboveActivation'>; listen: Pick<Api['listen'], 'summary' | 'segments'> };

/** How much lies above an activation. */
export type AboveCount = { segments: number; tracks: number };

const countPauseMs = 100;

/** One neuron with a threshold. */
export class NeuronState {
  readonly #api: NeuronApi;
  readonly #report: (error: unknown) => void;
  readonly #encoderId: EncoderId;
  readonly #countLater = debounce(() => this.#count(), countPauseMs, 300);
  #minima = $state.raw<Float32Array | null>(null);
  #maxima = $state.raw<Float32Array | null>(null);
  #feature: number = $state(0);
  #atLeast = $state(0);
  #above = $state.raw<AboveCount | null>(null);
  #request = 0;

  /** @param feature that it begins with, also while nothing is known of its values */
  constructor(api: NeuronApi, encoderId: EncoderId, feature: number, report: (error: unknown) => void) {
    this.#api = api;
    this.#encoderId = encoderId;
    this.#feature = feature;
    this.#report = report;
  }

  get feature(): number {
    return this.#feature;
  }

  get atLeast(): number {
    return this.#atLeast;
  }

  /** Features that the encoder has; null until they are known. */
  get dimensions(): number | null {
    return this.#maxima?.length ?? null;
  }

  /** The feature's values, from the least to the largest; null until they are known, and for a feature that is not there. */
  readonly range: { least: number; most: number } | null = $derived.by(() => {
    const [least, most] = [this.#minima?.[this.#feature], this.#maxima?.[this.#feature]];
    return least === undefined || most === undefined ? null : { least, most };
  });

  /** How much lies above the threshold; null while it is being counted for the first time. */
  get above(): AboveCount | null {
    return this.#above;
  }

  /** Asks for the range of every feature; one that was chosen meanwhile stays. */
  async load(): Promise<void> {
    const summary = await this.#api.listen.summary({ encoderId: this.#encoderId });
    this.#minima = floatsFromBase64(summary.minima);
    this.#maxima = floatsFromBase64(summary.maxima);
    this.choose(this.#feature);
  }

  /** Takes another feature; the threshold begins high, at three quarters of its range. */
  choose(feature: number): void {
    this.#feature = feature;
    this.#above = null;
    this.#request++;
    const { range } = this;
    if (range !== null) this.setAtLeast(range.least + 0.75 * (range.most - range.least));
  }

  setAtLeast(atLeast: number): void {
    this.#atLeast = atLeast;
    this.#countLater();
  }

  /** The segments that lie just above the threshold, the lowest first: they tell whether it is low enough. */
  async justAbove(count: number): Promise<readonly SegmentRow[]> {
    const above = this.#above;
    if (above === null || above.segments === 0) return [];
    const limit = Math.min(count, above.segments);
    const { rows } = await this.#api.listen.segments({
      encoderId: this.#encoderId,
      features: [],
      sort: [{ feature: this.#feature, descending: true }],
      search: '',
      offset: above.segments - limit,
      limit,
    });
    return rows.toReversed();
  }

  #count(): void {
    const request = ++this.#request;
    this.#api.tags
      .aboveActivation({ encoderId: this.#encoderId, feature: this.#feature, atLeast: this.#atLeast })
      .then((above) => {
        if (request === this.#request) this.#above = above;
      })
      .catch(this.#report);
  }
}
