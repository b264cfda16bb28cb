/**
 * @file What the Listen view shows: the features chosen, columns beside them, the order, the search, the filter, the scale of the colours. Kept from one
 * visit to the next; neurons and order for each encoder, whose numbers mean nothing to another.
 */
import { readFeatureList, writeFeatureList } from '../lib/feature-list.ts';
import { columnOf, columnPhrases, extrasOf, sortedColumn, sortOf, weightedExtra, weightedId } from '../lib/listen-columns.ts';
import type { ColumnTags, ListenExtra, ListenSort, WeightedColumn } from '../lib/listen-columns.ts';
import { ListenFilter } from './listen-filter.svelte.ts';
import { keptText } from './session.ts';
import type { Kept } from './session.ts';

/** What was chosen for one encoder; what is absent was not chosen yet. */
export type ChosenColumns = {
  features?: string;
  sort?: ListenSort[];
  /** Among the tags of the head that came with it. */
  tags?: string;
  tagSort?: ListenSort[];
};

/** What is kept between visits. */
export type ListenMemory = {
  /** As they were chosen before choices were kept by encoder. */
  features: string;
  sort: ListenSort[];
  /** By the encoder's number. */
  chosen: Record<string, ChosenColumns>;
  /** Which columns: the encoder's features, or the tags of the head that came with it. */
  shown: string;
  /** Tags beside the features, by the ids of their columns. */
  tagColumns: string[];
  /** Each column 0 to its own largest value, or all on one scale. */
  scale: string;
  widths: Record<string, number>;
  auditionCount: number;
  /** At most so many rows of a track; 0 for all. */
  perTrack: number;
  /** Whether the row under the pointer plays. */
  hoverPlays: boolean;
};

/** What holds {@link ListenMemory}; `ViewMemory` does. */
export interface ListenMemoryHolder {
  readonly current: ListenMemory;
  set(change: Partial<ListenMemory>): void;
}

/** The features that the thesis describes in its listening experiment (section 7.4): a first choice that shows something. */
const firstFeatures = '51, 61, 76, 80, 105, 130, 400';
/** Encoders whose choices are kept; those with the smallest numbers go first. */
const mostChosen = 24;

/** The Listen view as it is when it was never seen. */
export const freshListenMemory: ListenMemory = {
  features: firstFeatures,
  sort: [{ feature: 51, descending: true }],
  chosen: {},
  shown: 'features',
  tagColumns: [],
  scale: 'column',
  widths: {},
  auditionCount: 10,
  perTrack: 0,
  hoverPlays: false,
};

/** What columns there can be: how many features the encoder has, and the tags of the head that came with it, if one did. */
export interface ListenColumns {
  readonly encoderId: number;
  readonly dimensions: number;
  readonly labels: readonly string[] | null;
  /** Features to look at first, where the encoder tells some. */
  readonly first?: readonly number[];
}

/** Choices of the Listen view. */
export class ListenChoice {
  /** Which tracks and passages are shown. */
  readonly filter = new ListenFilter();
  readonly #memory: ListenMemoryHolder;
  readonly #columns: () => ListenColumns | null;
  readonly #ownTags: () => ColumnTags['own'];
  readonly #kept: Kept | null;
  #search = $state('');
  #weighted = $state.raw<(WeightedColumn & { encoderId: number }) | null>(null);

  /**
   * @param columns is read again whenever what it reads changes; it gives null while nothing is known
   * @param options `kept`: where the search survives a reload; `ownTags`: the person's tags, read again as `columns` is
   */
  constructor(
    memory: ListenMemoryHolder,
    columns: () => ListenColumns | null,
    { kept = null, ownTags = () => [] }: { kept?: Kept | null; ownTags?: () => ColumnTags['own'] } = {},
  ) {
    this.#memory = memory;
    this.#columns = columns;
    this.#kept = kept;
    this.#ownTags = ownTags;
    this.#search = keptText(kept);
  }

  /** Names of the columns where they are tags; null where they are features, which have numbers. */
  readonly labels: readonly string[] | null = $derived.by(() =>
    this.#memory.current.shown === 'tags' ? (this.#columns()?.labels ?? null) : null,
  );

  /** Features as columns, left to right. Those that another encoder had and this one has not are left out. */
  readonly features: readonly number[] = $derived.by(() => this.#read(this.text));

  /** Columns beside the features, left to right. */
  readonly extras: readonly ListenExtra[] = $derived.by(() => {
    if (this.labels !== null) return [];
    const known = this.#columns();
    const tags = extrasOf(this.#memory.current.tagColumns, { own: this.#ownTags(), labels: known?.labels ?? null });
    const weighted = this.#weighted;
    return weighted !== null && weighted.encoderId === known?.encoderId ? [...tags, weightedExtra(weighted)] : tags;
  });

  /** At most two keys, of what is shown. */
  readonly sort: readonly ListenSort[] = $derived.by(() => {
    const ids = this.#sortable;
    const kept = this.#sortKept.filter((key) => 'column' in key || ids.includes(sortedColumn(key)));
    const [first] = this.features;
    return kept.length === 0 && this.#isFirst && first !== undefined ? [{ feature: first, descending: true }] : kept;
  });

  /** The neuron that the table is sorted by first; null where it is something else. */
  get sortedFeature(): number | null {
    const [first] = this.sort;
    return first !== undefined && 'feature' in first ? first.feature : null;
  }

  /** The choice as text. */
  get text(): string {
    return this.labels === null ? this.#featuresKept : (this.#chosen.tags ?? 'all');
  }

  /** What a column is called: a tag's name, or a feature's number. */
  nameOf(feature: number): string {
    return this.labels?.[feature] ?? String(feature);
  }

  /** What a column is, in a sentence: `neuron 51`, `tag “guitar”`. */
  phraseOf(feature: number): string {
    return this.labels === null ? `neuron ${feature}` : `tag “${this.nameOf(feature)}”`;
  }

  /** What a key of the order is about, in a sentence. */
  phraseOfSort(key: ListenSort): string {
    if ('feature' in key) return this.phraseOf(key.feature);
    if ('column' in key) return columnPhrases[key.column];
    return this.extras.find(({ id }) => id === key.extra)?.phrase ?? '';
  }

  /** Shows the encoder's features, or the tags of its head. */
  show(columns: 'features' | 'tags'): void {
    this.#memory.set({ shown: columns });
  }

  get search(): string {
    return this.#search;
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

  /** At most so many rows of a track; null for all. */
  get perTrack(): number | null {
    const { perTrack } = this.#memory.current;
    return Number.isInteger(perTrack) && perTrack >= 1 ? perTrack : null;
  }

  /** Whether the row under the pointer plays. */
  get hoverPlays(): boolean {
    return this.#memory.current.hoverPlays;
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
    const kept = this.sort.filter((key) => !('feature' in key) || features.includes(key.feature));
    const first = features[0];
    const sort: ListenSort[] = kept.length > 0 || first === undefined ? kept : [{ feature: first, descending: true }];
    const text = writeFeatureList(features, this.#dimensions ?? 0);
    this.#keep(this.labels === null ? { features: text, sort } : { tags: text, tagSort: sort });
  }

  /** Takes a feature out of the choice. */
  drop(feature: number): void {
    this.choose(this.features.filter((each) => each !== feature));
  }

  /** Adds a feature to the choice. */
  add(feature: number): void {
    if (!this.features.includes(feature)) this.choose([...this.features, feature]);
  }

  /** Puts tags beside the features, by the ids of their columns, in place of those that were there; ids of tags of other encoders stay. */
  chooseTags(ids: readonly string[]): void {
    const shown = this.extras.map(({ id }) => id);
    const others = this.#memory.current.tagColumns.filter((id) => !shown.includes(id) && !ids.includes(id));
    this.#memory.set({ tagColumns: [...ids.filter((id) => id !== weightedId), ...others] });
  }

  /** Takes a column beside the features out. */
  dropExtra(id: string): void {
    if (id === weightedId) this.#weighted = null;
    else this.#memory.set({ tagColumns: this.#memory.current.tagColumns.filter((one) => one !== id) });
  }

  /** Shows several neurons together as one column, and sorts by it. */
  showWeighted(column: WeightedColumn): void {
    const encoderId = this.#columns()?.encoderId;
    if (encoderId === undefined) return;
    this.show('features');
    this.#weighted = { ...column, encoderId };
    this.sortBy([{ extra: weightedId, descending: true }]);
  }

  sortBy(sort: readonly ListenSort[]): void {
    const kept = sort.slice(0, 2).map((key) => ({ ...key }));
    this.#keep(this.labels === null ? { sort: kept } : { tagSort: kept });
  }

  /** Sorts by the column to the right (or left) of the present one, descending; gives it, or null at the ends. */
  sortByNeighbour(step: 1 | -1): ListenSort | null {
    const ids = this.#sortable;
    const [present] = this.sort;
    const at = present === undefined ? -1 : ids.indexOf(sortedColumn(present));
    const id = at < 0 ? ids[0] : ids[at + step];
    const key = id === undefined ? null : sortOf(id, true);
    if (key !== null) this.sortBy([key]);
    return key;
  }

  setSearch(search: string): void {
    this.#search = search;
    this.#kept?.write(search);
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

  /** @param count null for all rows of a track */
  setPerTrack(count: number | null): void {
    this.#memory.set({ perTrack: count ?? 0 });
  }

  setHoverPlays(hoverPlays: boolean): void {
    this.#memory.set({ hoverPlays });
  }

  /** Columns that arrows go through, left to right. */
  get #sortable(): string[] {
    return [...this.features.map(columnOf), ...this.extras.map(({ id }) => id)];
  }

  /** As they were chosen; where nothing was yet, the first that the encoder tells. */
  get #featuresKept(): string {
    const { first = [], dimensions = 0 } = this.#columns() ?? {};
    return this.#isFirst ? writeFeatureList(first, dimensions) : (this.#chosen.features ?? firstFeatures);
  }

  /** Whether nothing was chosen yet, and the encoder tells what to look at first. */
  get #isFirst(): boolean {
    return this.labels === null && this.isUntouched && (this.#columns()?.first ?? []).length > 0;
  }

  /** Whether nobody has chosen features of this encoder yet. */
  get isUntouched(): boolean {
    return this.#chosen.features === undefined;
  }

  get #dimensions(): number | null {
    return this.labels?.length ?? this.#columns()?.dimensions ?? null;
  }

  get #sortKept(): readonly ListenSort[] {
    if (this.labels !== null) return this.#chosen.tagSort ?? [{ feature: 0, descending: true }];
    return this.#chosen.sort ?? (this.isUntouched ? freshListenMemory.sort : []);
  }

  /** What was chosen for this encoder. A choice from before they were kept apart is everyone's until the first one is made. */
  get #chosen(): ChosenColumns {
    const { chosen, features, sort } = this.#memory.current;
    const own = chosen[String(this.#columns()?.encoderId)];
    if (own !== undefined) return own;
    return Object.keys(chosen).length === 0 && features !== firstFeatures ? { features, sort } : {};
  }

  #keep(change: ChosenColumns): void {
    const known = this.#columns();
    if (known === null) return;
    const key = String(known.encoderId);
    const entries = Object.entries({ ...this.#memory.current.chosen, [key]: { ...this.#chosen, ...change } });
    const others = entries.filter(([each]) => each !== key).slice(-(mostChosen - 1));
    this.#memory.set({ chosen: Object.fromEntries([...others, ...entries.filter(([each]) => each === key)]) });
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
