/** @file Two spaces beside each other over what both have heard: neighbours that both find, layers that are alike, neurons that do the same. */
import { AppError, evenly } from '../../base/index.ts';
import { featureName } from '../../contract/index.ts';
import type {
  AloneNeuron,
  EncoderId,
  EncodersBeside,
  EncodersWish,
  NeighbourLists,
  NeighboursWish,
  SharedNeighbours,
  TrackId,
} from '../../contract/index.ts';
import { leastAligned, sharedCounts } from '../../inspect/index.ts';
import type { BestPartner, NearestList } from '../../inspect/index.ts';
import { metrics } from '../../learn/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { baseOf } from '../encoders/spaces.ts';
import type { Tools } from '../tools.ts';
import { commonSegments, commonTracks, differInTime, trackItems } from './common-segments.ts';
import type { Common, RowsOfItems } from './common-segments.ts';
import { inspectedSpace } from './inspected.ts';
import type { Inspected } from './inspected.ts';
import type { FigureOrder, NearestOrder, SeenLayers, SeenMatch, SeenNearest, SpaceMeans } from './inspect-messages.ts';
import type { Follow, KeptAnswers } from './kept-answers.ts';
import { heardSegments, placesOf } from './top-segments.ts';

/** Tracks among which neighbours are looked for, segments of each, and tracks that are asked about. */
const [mostTracks, perTrack, mostQueries] = [4_000, 8, 500];
/** Segments over which neurons are matched, at least and at most, and products of all of them. */
const [leastMatched, mostMatched, mostProducts] = [512, 4_096, 2e9];
/** Segments over which layers are held against each other, numbers of all of them, and layers of an encoder at most. */
const [mostAligned, mostNumbers, mostLayers] = [1_536, 2 ** 25, 12];
/** Neurons that stand most alone, and segments of each that are told. */
const [mostAlone, mostHeard] = [8, 3];
/** Each of the three parts tells hundredths. */
const [hundredths, parts] = [100, 3];

/** Compares two spaces. */
export class EncodersSideBySide {
  readonly #tools: Tools;
  readonly #answers: KeptAnswers;

  constructor(tools: Tools, answers: KeptAnswers) {
    this.#tools = tools;
    this.#answers = answers;
  }

  /** @throws AppError NOT_FOUND without one of the spaces or an index of it; BAD_INPUT where they are the same, or have heard too little together; CANCELLED */
  async encoders({ encoderId, otherId, k }: EncodersWish, follow: Follow = {}): Promise<EncodersBeside> {
    const common = await this.#common(encoderId, otherId);
    const [first, second] = common.spaces as [Inspected, Inspected];
    const { names } = namesOf(first.encoder, second.encoder);
    const { total, items } = commonSegments(common, matchedSegments(first, second));
    if ((items[0]?.counts.length ?? 0) < leastAligned)
      throw new AppError(
        'BAD_INPUT',
        `${names[0]} and ${names[1]} have heard fewer than ${leastAligned} segments together. Index more music with both.`,
      );
    const spaces = common.spaces.map((space, at) => this.#means(space, items[at]));
    const match = await this.#ask<SeenMatch>({ kind: 'match', spaces }, { common, part: 0, follow });
    const layers = await this.#layers(common, follow);
    const neighbours = await this.#shared(common, k, follow);
    const { pairs, best, dead, taken } = match;
    const alone = [await this.#alone(first, best[0], { common, follow }), await this.#alone(second, best[1], { common, follow })];
    return {
      ...{ encoderId, otherId, names, tracks: common.tracks.length, segments: total, isCovered: differInTime(common) },
      ...{ neighbours, layers, neurons: { pairs, best, alone: alone as [AloneNeuron[], AloneNeuron[]], dead, taken } },
    };
  }

  /** One track's nearest in both. @throws AppError as above; BAD_INPUT for a track that is not among those that are compared */
  async neighbours({ encoderId, otherId, trackId, k }: NeighboursWish, follow: Follow = {}): Promise<NeighbourLists> {
    const common = await this.#common(encoderId, otherId);
    const { order, trackIds } = this.#nearest(common, k);
    const place = trackIds.indexOf(trackId);
    if (place < 0)
      throw new AppError('BAD_INPUT', 'This track is not among those that both have heard and that are compared. Choose another one.', {
        details: { trackId },
      });
    const found = await this.#ask<SeenNearest>({ ...order, queries: Int32Array.of(place) }, { common, part: parts - 1, follow });
    const titles = titlesOf(this.#tools.store, trackIds);
    const [first, second] = found.lists.map((list) => (found.queries.length === 0 ? [] : [...list.places])) as [number[], number[]];
    const rowsOf = (own: readonly number[], list: NearestList, other: readonly number[]): NeighbourLists['lists'][0] =>
      own.map((at, rank) => ({ ...titles(at), cosine: list.cosines[rank] ?? 0, place: other.includes(at) ? other.indexOf(at) + 1 : null }));
    return { query: titles(place), lists: [rowsOf(first, found.lists[0], second), rowsOf(second, found.lists[1], first)] };
  }

  async #common(encoderId: EncoderId, otherId: EncoderId): Promise<Common> {
    const { store } = this.#tools;
    const first = await inspectedSpace(store, encoderId);
    if (encoderId === otherId)
      throw new AppError('BAD_INPUT', `${first.encoder.name} cannot be held against itself. Choose another encoder, layer or checkpoint.`);
    const second = await inspectedSpace(store, otherId);
    const common = commonTracks([first, second]);
    if (common.tracks.length > 0) return common;
    const { names } = namesOf(first.encoder, second.encoder);
    throw new AppError('BAD_INPUT', `${names[0]} and ${names[1]} have not heard any track together. Index the same music with both.`);
  }

  /** What the neurons that stand most alone hear most. */
  async #alone(
    space: Inspected,
    best: readonly BestPartner[],
    { common, follow }: { common: Common; follow: Follow },
  ): Promise<AloneNeuron[]> {
    const { store } = this.#tools;
    const { encoder, index, tracks } = space;
    const { firstRows, counts } = tracks;
    const shown = best.slice(0, mostAlone);
    const order = {
      ...({
        kind: 'tops',
        directory: store.paths.index(index.id),
        dimensions: index.dimensions,
        firstRows,
        counts,
        most: mostHeard,
      } as const),
      features: Int32Array.from(shown, ({ number }) => number),
    };
    const tops = await this.#ask<Int32Array[]>(order, { common, part: parts, follow });
    return shown.map((neuron, at) => ({
      ...neuron,
      label: featureName(encoder.architecture, neuron.number),
      segments: heardSegments(store, space, placesOf(tops[at] ?? new Int32Array(0), tracks), neuron.number),
    }));
  }

  async #layers(common: Common, follow: Follow): Promise<EncodersBeside['layers']> {
    const [rows, columns] = (await Promise.all(common.spaces.map(({ encoder }) => this.#indexedSpaces(encoder, common)))) as [
      Inspected[],
      Inspected[],
    ];
    const all = commonTracks([...rows, ...columns]);
    const widest = all.spaces.reduce((sum, { index }) => sum + index.dimensions, 0);
    const { items } = commonSegments(all, Math.min(mostAligned, Math.floor(mostNumbers / widest)));
    const order = { kind: 'layers', spaces: all.spaces.map((space, at) => this.#means(space, items[at])), rows: rows.length } as const;
    const { values, taken } = await this.#ask<SeenLayers>(order, { common, part: 1, follow });
    const named = (spaces: readonly Inspected[]): EncodersBeside['layers']['rows'] =>
      spaces.map(({ encoder: { id, name } }) => ({ encoderId: id, name }));
    return { rows: named(rows), columns: named(columns), values, taken };
  }

  /** The spaces of a space's encoder that have heard most of what both have, itself always among them. */
  async #indexedSpaces(chosen: StoredEncoder, common: Common): Promise<Inspected[]> {
    const { store } = this.#tools;
    const base = baseOf(store, chosen);
    const others = [base, ...store.encoders.spacesOf(base.id)].filter(
      ({ id }) => id !== chosen.id && (store.index.current(id)?.committedRows ?? 0) > 0,
    );
    const ids = [chosen, ...others.slice(0, mostLayers - 1)].map(({ id }) => id).sort((a, b) => a - b);
    const heard = (await Promise.all(ids.map((id) => inspectedSpace(store, id).catch(() => null)))).filter((space) => space !== null);
    return heard.filter((space) => 2 * commonTracks([...common.spaces, space]).tracks.length > common.tracks.length);
  }

  async #shared(common: Common, wanted: number, follow: Follow): Promise<SharedNeighbours | null> {
    const { order, trackIds } = this.#nearest(common, wanted);
    if (trackIds.length < 3) return null;
    const { queries, lists, k, among } = await this.#ask<SeenNearest>(order, { common, part: 2, follow });
    if (k === 0 || queries.length === 0) return null;
    const shared = sharedCounts(lists[0].places, lists[1].places, k);
    const mean = (weights: Float64Array): number => {
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return weights.reduce((total, weight, at) => total + weight * (shared[at] as number), 0) / (sum * k);
    };
    const figure = metrics.bootstrap(mean, { groups: queries });
    const titles = titlesOf(this.#tools.store, trackIds);
    return {
      ...{ k, tracks: among, ...figure, chance: k / (among - 1) },
      queries: Array.from(queries, (place, at) => ({ ...titles(place), shared: shared[at] as number })),
    };
  }

  #nearest(common: Common, k: number): { order: { kind: 'nearest' } & NearestOrder; trackIds: TrackId[] } {
    const { chosen, items } = trackItems(common, mostTracks, perTrack);
    const spaces = common.spaces.map((space, at) => this.#means(space, items[at]));
    const queries = Int32Array.from(evenly(chosen.length, mostQueries));
    return { order: { kind: 'nearest', spaces, queries, k }, trackIds: chosen.map(({ trackId }) => trackId) };
  }

  #means({ encoder, index }: Inspected, items: RowsOfItems | undefined): SpaceMeans {
    const nothing = { rows: new Int32Array(0), counts: new Int32Array(0) };
    const directory = this.#tools.store.paths.index(index.id);
    return { directory, dimensions: index.dimensions, isStandard: encoder.source === 'built-in', ...(items ?? nothing) };
  }

  #ask<Result>(order: FigureOrder, { common, part, follow }: { common: Common; part: number; follow: Follow }): Promise<Result> {
    const [first] = common.spaces as [Inspected];
    const rows = common.spaces.map(({ index }) => index.committedRows);
    const asking = {
      encoderId: first.encoder.id,
      about: 'encoders',
      rows,
      done: part * hundredths,
      total: parts * hundredths,
      follow,
    } as const;
    return this.#answers.ask<Result>(order, asking);
  }
}

/** As many as can be multiplied in a second or two. */
function matchedSegments(first: Inspected, second: Inspected): number {
  const products = first.index.dimensions * second.index.dimensions;
  return Math.max(leastMatched, Math.min(mostMatched, Math.floor(mostProducts / products)));
}

/** Names of two spaces; two of one name are told apart by their numbers. */
function namesOf(first: StoredEncoder, second: StoredEncoder): { names: [string, string] } {
  const isSame = first.name === second.name;
  return { names: isSame ? [`${first.name} (${first.id})`, `${second.name} (${second.id})`] : [first.name, second.name] };
}

type TrackName = NeighbourLists['query'];

/** Of tracks by place, what they are called. */
function titlesOf({ tracks }: Pick<Store, 'tracks'>, trackIds: readonly TrackId[]): (place: number) => TrackName {
  const known = new Map(tracks.meta([...trackIds]).map(({ id, title, artist, durationMs }) => [id, { title, artist, durationMs }]));
  return (place) => {
    const trackId = trackIds[place] as TrackId;
    return { trackId, ...(known.get(trackId) ?? { title: '', artist: '', durationMs: 0 }) };
  };
}
