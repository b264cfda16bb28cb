/** @file What the Listen view shows: the features chosen, the order, the search, the scale of the colours. Kept from one visit to the next. */
import { readFeatureList, writeFeatureList } from '../lib/feature-list.ts';
import { keptText } from './session.ts';
import type { Kept } from './session.ts';

/** One key of the order. */
export interface FeatureSort {
  readonly feature: number;
  readonly descending: boolean;
}

/** What is kept between visits. */
export type ListenMemory = {
  features: string;
  sort: { feature: number; descending: boolean }[];
  /** Which columns: the encoder's features, or the tags of the head that came with it. */
  shown: string;
  /** The choice among those tags, and its order. */
  tags: string;
  tagSort: { feature: number; descending: boolean }[];
  /** Each column 0 to its own largest value, or all on one scale. */
  scale: string;
  widths: Record<string, number>;
  auditionCount: number;
};

/** What holds {@link ListenMemory}; `ViewMemory` does. */
export interface ListenMemoryHolder {
  readonly current: ListenMemory;
  set(change: Partial<ListenMemory>): void;
}

/** The features that the thesis describes in its listening experiment (section 7.4): a first choice that shows something. */
const firstFeatures = '51, 61, 76, 80, 105, 130, 400';

/** The Listen view as it is when it was never seen. */
export const freshListenMemory: ListenMemory = {
  features: firstFeatures,
  sort: [{ feature: 51, descending: true }],
  shown: 'features',
  tags: 'all',
  tagSort: [{ feature: 0, descending: true }],
  scale: 'column',
  widths: {},
  auditionCount: 10,
};

/** What columns there can be: how many features the encoder has, and the tags of the head that came with it, if one did. */
export interface ListenColumns {
  readonly dimensions: number;
  readonly labels: readonly string[] | null;
  /** Features to look at first, where the encoder tells some. */
  readonly first?: readonly number[];
}

/** Choices of the Listen view. */
export class ListenChoice {
  readonly #memory: ListenMemoryHolder;
  readonly #columns: () => ListenColumns | null;
  readonly #kept: Kept | null;
  #search = $state('');
  #onlyTrack = $state.raw<{ id: number; title: string } | null>(null);

  /**
   * @param columns is read again whenever what it reads changes; it gives null while nothing is known
   * @param kept where the search survives a reload
   */
  constructor(memory: ListenMemoryHolder, columns: () => ListenColumns | null, kept: Kept | null = null) {
    this.#memory = memory;
    this.#columns = columns;
    this.#kept = kept;
    this.#search = keptText(kept);
  }

  /** Names of the columns where they are tags; null where they are features, which have numbers. */
  readonly labels: readonly string[] | null = $derived.by(() =>
    this.#memory.current.shown === 'tags' ? (this.#columns()?.labels ?? null) : null,
  );

  /** Features as columns, left to right. Those that another encoder had and this one has not are left out. */
  readonly features: readonly number[] = $derived.by(() => this.#read(this.text));

  /** At most two keys, of chosen features. */
  readonly sort: readonly FeatureSort[] = $derived.by(() => {
    const kept = this.#sortKept.filter((key) => this.features.includes(key.feature));
    const [first] = this.features;
    return kept.length === 0 && this.#isFirst && first !== undefined ? [{ feature: first, descending: true }] : kept;
  });

  /** The choice as text. */
  get text(): string {
    return this.labels === null ? this.#featuresKept : this.#memory.current.tags;
  }

  /** What a column is called: a tag's name, or a feature's number. */
  nameOf(feature: number): string {
    return this.labels?.[feature] ?? String(feature);
  }

  /** What a column is, in a sentence: `neuron 51`, `tag “guitar”`. */
  phraseOf(feature: number): string {
    return this.labels === null ? `neuron ${feature}` : `tag “${this.nameOf(feature)}”`;
  }

  /** Shows the encoder's features, or the tags of its head. */
  show(columns: 'features' | 'tags'): void {
    this.#memory.set({ shown: columns });
  }

  get search(): string {
    return this.#search;
  }

  /** Only this track's segments are shown; null for all. */
  get onlyTrack(): { id: number; title: string } | null {
    return this.#onlyTrack;
  }

  /** Whether all columns share one scale of colour. */
  get isOneScale(): boolean {
    return this.#memory.current.scale === 'all';
  }

  get widths(): Readonly<Record<string, number>> {
    return this.#memory.current.widths;
  }

  /** How many segments an audition plays. */
  get auditionCount(): number {
    return this.#memory.current.auditionCount;
  }

  /** Takes the choice as typed; gives what is wrong with it, or null. */
  type(text: string): string | null {
    const dimensions = this.#dimensions ?? 0;
    const reading = readFeatureList(text, dimensions);
    if (reading.problem !== undefined) return reading.problem;
    this.choose(reading.features);
    return null;
  }

  /** Chooses features; the order goes on with those keys that are still there, else with the first feature. */
  choose(features: readonly number[]): void {
    const kept = this.sort.filter((key) => features.includes(key.feature));
    const first = features[0];
    const sort = kept.length > 0 || first === undefined ? kept : [{ feature: first, descending: true }];
    const text = writeFeatureList(features, this.#dimensions ?? 0);
    this.#memory.set(this.labels === null ? { features: text, sort: [...sort] } : { tags: text, tagSort: [...sort] });
  }

  /** Takes a feature out of the choice. */
  drop(feature: number): void {
    this.choose(this.features.filter((each) => each !== feature));
  }

  /** Adds a feature to the choice. */
  add(feature: number): void {
    if (!this.features.includes(feature)) this.choose([...this.features, feature]);
  }

  sortBy(sort: readonly FeatureSort[]): void {
    const kept = sort.slice(0, 2).map((key) => ({ ...key }));
    this.#memory.set(this.labels === null ? { sort: kept } : { tagSort: kept });
  }

  /** Sorts by the chosen feature to the right (or left) of the present one, descending; gives it, or null at the ends. */
  sortByNeighbour(step: 1 | -1): number | null {
    const at = this.features.indexOf(this.sort[0]?.feature ?? -1);
    const feature = at < 0 ? this.features[0] : this.features[at + step];
    if (feature === undefined) return null;
    this.sortBy([{ feature, descending: true }]);
    return feature;
  }

  setSearch(search: string): void {
    this.#search = search;
    this.#kept?.write(search);
  }

  /** Shows only one track's segments; null shows all. */
  showOnly(track: { id: number; title: string } | null): void {
    this.#onlyTrack = track;
  }

  setOneScale(isOneScale: boolean): void {
    this.#memory.set({ scale: isOneScale ? 'all' : 'column' });
  }

  setWidth(id: string, widthPx: number): void {
    this.#memory.set({ widths: { ...this.widths, [id]: widthPx } });
  }

  setAuditionCount(count: number): void {
    this.#memory.set({ auditionCount: count });
  }

  /** As they were chosen; where nothing was yet, the first that the encoder tells. */
  get #featuresKept(): string {
    const { first = [], dimensions = 0 } = this.#columns() ?? {};
    return this.#isFirst ? writeFeatureList(first, dimensions) : this.#memory.current.features;
  }

  /** Whether nothing was chosen yet, and the encoder tells what to look at first. */
  get #isFirst(): boolean {
    return this.labels === null && this.isUntouched && (this.#columns()?.first ?? []).length > 0;
  }

  /** Whether nobody has chosen features yet. */
  get isUntouched(): boolean {
    return this.#memory.current.features === firstFeatures;
  }

  get #dimensions(): number | null {
    return this.labels?.length ?? this.#columns()?.dimensions ?? null;
  }

  get #sortKept(): ListenMemory['sort'] {
    return this.labels === null ? this.#memory.current.sort : this.#memory.current.tagSort;
  }

  #read(text: string): readonly number[] {
    const dimensions = this.#dimensions;
    if (dimensions === null) return [];
    const whole = readFeatureList(text, dimensions);
    if (whole.problem === undefined) return whole.features;
    const known = text.split(',').flatMap((part) => readFeatureList(part, dimensions).features ?? []);
    return known.filter((feature, at) => known.indexOf(feature) === at);
  }
}
