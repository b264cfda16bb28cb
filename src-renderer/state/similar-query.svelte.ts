/** @file What is asked of similar music: examples of what it should be like and unlike, what neurons count, and which tracks may answer. */
import { mostStrength, neuronWeightSchema, queryItemSchema, trackFilterSchema } from '../../src-main/contract/index.ts';
import type { EncoderId, NeuronWeight, QueryItem, SimilarQuery, TrackFilter } from '../../src-main/contract/index.ts';
import type { Kept } from './session.ts';

/** An example with its words. */
export type Example = {
  readonly item: QueryItem;
  readonly label: string;
  /** The artist of a track, the times of a passage. */
  readonly note: string;
};

/** The two rows of examples. */
export type Side = 'like' | 'unlike';

/** What is kept between visits; examples survive a reload alone, for a file of a query is forgotten when the core ends. */
export type SimilarMemory = {
  level: string;
  filter: unknown;
  perArtist: number | null;
  perAlbum: number | null;
  leaveOutDuplicates: boolean;
  order: string[];
  widths: Record<string, number>;
};

/** What holds {@link SimilarMemory}; `ViewMemory` does. */
export interface SimilarMemoryHolder {
  readonly current: SimilarMemory;
  set(change: Partial<SimilarMemory>): void;
}

/** What is used of the stack of steps that can be taken back. */
interface Undo {
  did(label: string, revert: () => void | Promise<void>): void;
}

/** A filter that lets everything pass. */
export const openFilter: TrackFilter = trackFilterSchema.parse({});

/** Similar as it is when it was never seen. */
export const freshSimilarMemory: SimilarMemory = {
  level: 'tracks',
  filter: openFilter,
  perArtist: null,
  perAlbum: null,
  leaveOutDuplicates: true,
  order: [],
  widths: {},
};

/** Most examples of one side. */
const mostExamples = 200;
/** Results that are asked for. */
const results = 100;
const mostWeight = 4;

/** What tells an example from the others. */
export function exampleKey(item: QueryItem): string {
  if (item.kind === 'track') return `track ${item.trackId}`;
  if (item.kind === 'passage') return `passage ${item.trackId} ${item.startMs} ${item.endMs}`;
  if (item.kind === 'concept') return `concept ${item.encoderId} ${item.concept}`;
  if (item.kind === 'neuron') return `neuron ${item.encoderId} ${item.feature}`;
  return item.kind === 'file' ? `file ${item.fileId}` : `tag ${item.tagId}`;
}

/** How much of a direction there is, as it stands behind its name: `×0.5`. */
export function strengthNote(strength: number): string {
  return `×${Number(strength.toFixed(2))}`;
}

/** The least strength that a step leaves. */
const leastStrength = 0.05;

/** The query of the page. */
export class SimilarQueryState {
  readonly #memory: SimilarMemoryHolder;
  readonly #undo: Undo;
  readonly #kept: Kept | null;
  #like = $state.raw<readonly Example[]>([]);
  #unlike = $state.raw<readonly Example[]>([]);
  #weights = $state.raw<readonly NeuronWeight[]>([]);
  #dragged = $state.raw<Example | null>(null);

  /** @param kept where the examples survive a reload */
  constructor(memory: SimilarMemoryHolder, undo: Undo, kept: Kept | null = null) {
    this.#memory = memory;
    this.#undo = undo;
    this.#kept = kept;
    const before = keptQuery(kept?.read());
    this.#like = before.like;
    this.#unlike = before.unlike;
    this.#weights = before.weights;
  }

  /** Which tracks may answer. A kept filter that is none any more lets everything pass. */
  readonly filter: TrackFilter = $derived.by(() => trackFilterSchema.safeParse(this.#memory.current.filter).data ?? openFilter);

  get like(): readonly Example[] {
    return this.#like;
  }

  get unlike(): readonly Example[] {
    return this.#unlike;
  }

  /** Neurons that count otherwise than 1. */
  get weights(): readonly NeuronWeight[] {
    return this.#weights;
  }

  get level(): SimilarQuery['level'] {
    return this.#memory.current.level === 'passages' ? 'passages' : 'tracks';
  }

  get perArtist(): number | null {
    return countOrNull(this.#memory.current.perArtist);
  }

  get perAlbum(): number | null {
    return countOrNull(this.#memory.current.perAlbum);
  }

  get leavesOutDuplicates(): boolean {
    return this.#memory.current.leaveOutDuplicates;
  }

  /** True when there is neither an example nor a changed neuron. */
  get isEmpty(): boolean {
    return this.#like.length + this.#unlike.length === 0;
  }

  /** How many rules of the filter are set. */
  get filterCount(): number {
    const { tagIds, withoutTagIds, genres, year, durationMs, folderId } = this.filter;
    const ranges = [year, durationMs].filter(({ least, most }) => least !== undefined || most !== undefined).length;
    const caps = [this.perArtist, this.perAlbum].filter((cap) => cap !== null).length;
    return tagIds.length + withoutTagIds.length + genres.length + ranges + caps + (folderId === undefined ? 0 : 1);
  }

  /** How much a neuron counts: 0 to 4, 1 as it is. */
  weight(feature: number): number {
    return this.#weights.find((one) => one.feature === feature)?.weight ?? 1;
  }

  /** The example that is being dragged from one side to the other. */
  get dragged(): Example | null {
    return this.#dragged;
  }

  /** An example is being dragged; null when it was let go. */
  drag(example: Example | null): void {
    this.#dragged = example;
  }

  /** Adds examples to a side; one that stands on the other side moves. */
  add(side: Side, examples: readonly Example[]): void {
    const keys = examples.map(({ item }) => exampleKey(item));
    const without = (list: readonly Example[]): Example[] => list.filter(({ item }) => !keys.includes(exampleKey(item)));
    const unique = examples.filter(({ item }, i) => examples.findIndex((one) => exampleKey(one.item) === exampleKey(item)) === i);
    const [like, unlike] = [without(this.#like), without(this.#unlike)];
    this.#change({
      like: side === 'like' ? [...like, ...unique].slice(-mostExamples) : like,
      unlike: side === 'unlike' ? [...unlike, ...unique].slice(-mostExamples) : unlike,
    });
  }

  /** Asks for what is like these alone. */
  only(examples: readonly Example[]): void {
    const before = { like: this.#like, unlike: this.#unlike, weights: this.#weights };
    this.#change({ like: examples.slice(0, mostExamples), unlike: [], weights: [] });
    if (before.like.length + before.unlike.length > 0) this.#undo.did('Query begun anew', () => this.#change(before));
  }

  remove(example: Example): void {
    const key = exampleKey(example.item);
    const without = (list: readonly Example[]): Example[] => list.filter(({ item }) => exampleKey(item) !== key);
    this.#change({ like: without(this.#like), unlike: without(this.#unlike) });
  }

  /** Changes how much of a concept or neuron there is; other examples have no strength. */
  setStrength({ item, label }: Example, wanted: number): void {
    if (item.kind !== 'concept' && item.kind !== 'neuron') return;
    const strength = Number(Math.max(leastStrength, Math.min(mostStrength, wanted)).toFixed(2));
    const changed: Example = { item: { ...item, strength }, label, note: strengthNote(strength) };
    const put = (list: readonly Example[]): Example[] => list.map((one) => (exampleKey(one.item) === exampleKey(item) ? changed : one));
    this.#change({ like: put(this.#like), unlike: put(this.#unlike) });
  }

  /** Puts an example on the other side. */
  move(example: Example): void {
    const key = exampleKey(example.item);
    this.add(this.#like.some(({ item }) => exampleKey(item) === key) ? 'unlike' : 'like', [example]);
  }

  /** Empties both sides. */
  clear(): void {
    this.only([]);
  }

  setLevel(level: SimilarQuery['level']): void {
    this.#memory.set({ level });
  }

  /** Changes rules of the filter. */
  setFilter(change: Partial<TrackFilter>): void {
    this.#memory.set({ filter: { ...this.filter, ...change } });
  }

  setCaps(change: { perArtist?: number | null; perAlbum?: number | null }): void {
    this.#memory.set(change);
  }

  setLeavesOutDuplicates(leaveOutDuplicates: boolean): void {
    this.#memory.set({ leaveOutDuplicates });
  }

  /** Lets everything pass. */
  resetFilter(): void {
    this.#memory.set({ filter: openFilter, perArtist: null, perAlbum: null });
  }

  setWeight(feature: number, weight: number): void {
    const others = this.#weights.filter((one) => one.feature !== feature);
    const within = Math.max(0, Math.min(mostWeight, weight));
    this.#change({ weights: within === 1 ? others : [...others, { feature, weight: within }] });
  }

  /** Lets every neuron count as it is. */
  resetWeights(): void {
    this.#change({ weights: [] });
  }

  /** The query as the core takes it; null without an example. */
  forEncoder(encoderId: EncoderId): SimilarQuery | null {
    if (this.#like.length === 0) return null;
    return {
      encoderId,
      like: this.#like.map(({ item }) => item),
      unlike: this.#unlike.map(({ item }) => item),
      level: this.level,
      weights: [...this.#weights],
      filter: this.filter,
      perArtist: this.perArtist,
      perAlbum: this.perAlbum,
      leaveOutDuplicates: this.leavesOutDuplicates,
      exact: false,
      limit: results,
    };
  }

  #change({ like = this.#like, unlike = this.#unlike, weights = this.#weights }: Partial<KeptQuery>): void {
    this.#like = like;
    this.#unlike = unlike;
    this.#weights = weights;
    this.#kept?.write({ like, unlike, weights });
  }
}

/** What survives a reload. */
type KeptQuery = { like: readonly Example[]; unlike: readonly Example[]; weights: readonly NeuronWeight[] };

/** A query as it was kept; what is no example and no weight is left out. */
function keptQuery(kept: unknown): KeptQuery {
  const listed = (name: keyof KeptQuery): readonly unknown[] => {
    const list: unknown = typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>)[name] : undefined;
    return Array.isArray(list) ? list.slice(0, mostExamples) : [];
  };
  const weights = listed('weights').flatMap((one) => neuronWeightSchema.safeParse(one).data ?? []);
  return { like: listed('like').flatMap(keptExample), unlike: listed('unlike').flatMap(keptExample), weights };
}

function keptExample(kept: unknown): Example[] {
  if (typeof kept !== 'object' || kept === null || !('item' in kept) || !('label' in kept) || !('note' in kept)) return [];
  const item = queryItemSchema.safeParse(kept.item).data;
  const { label, note } = kept;
  return item === undefined || typeof label !== 'string' || typeof note !== 'string' ? [] : [{ item, label, note }];
}

function countOrNull(kept: unknown): number | null {
  return typeof kept === 'number' && Number.isInteger(kept) && kept >= 1 && kept <= 1000 ? kept : null;
}
