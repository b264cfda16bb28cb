/** @file Questions to an index: pages of segments in any order, a feature over a track, embeddings. */
import { AppError } from '../../base/index.ts';
import type { EncoderId, SegmentColumn, SegmentQuery, TrackId, TrackSortKey } from '../../contract/index.ts';
import type { Connection } from '../connection.ts';
import { RecentlyUsed } from '../recently-used.ts';
import type { Revisions } from '../revisions.ts';
import { tuples } from '../statement.ts';
import { inOneStep } from '../steps.ts';
import { highestId, tracksOfStep } from '../track-ranks.ts';
import type { Ranks } from '../track-ranks.ts';
import type { TrackReads } from '../track-reads.ts';
import type { OrderedTracks } from '../track-order.ts';
import type { ChunkFiles } from './chunk-files.ts';
import type { ActivationIndexInfo } from './index-table.ts';
import { derivedValue, unknownLast } from './derived-column.ts';
import type { DerivedColumn } from './derived-column.ts';
import { OrderCache } from './order-cache.ts';
import type { ColumnSource, SortKey } from './order-cache.ts';
import { narrow, placeAt, positionOfRow, tracksIn, viewInOrder } from './segment-view.ts';
import type { SegmentPlace, SegmentScope, SegmentView } from './segment-view.ts';

/** One key of an order: a feature, what the row is, or one of the question's extra columns. */
export type SegmentSort = { descending: boolean } & ({ feature: number } | { column: SegmentColumn } | { extra: number });

/** A question for a page of segments. */
export type SegmentPageQuery = Pick<SegmentQuery, 'features' | 'search' | 'offset' | 'limit'> & {
  sort: readonly SegmentSort[];
  trackId?: TrackId | undefined;
  scope?: SegmentScope | undefined;
  /** Of each track the first of the order alone, so many at most. */
  perTrack?: number | undefined;
  /** Columns besides the features. */
  extras?: readonly DerivedColumn[] | undefined;
};

/** Which segments and in which order: a question without its page. */
export type SegmentOrderQuery = Pick<SegmentPageQuery, 'sort' | 'search' | 'trackId' | 'scope' | 'extras'>;

/** A page of segments; `values` are `[rows, features]` and `extras` `[rows, extras]`, the very numbers that the order is made of. */
export type SegmentResult = {
  total: number;
  /** Tracks that they are of. */
  tracks: number;
  rows: SegmentPlace[];
  values: Float32Array<ArrayBuffer>;
  extras: Float32Array<ArrayBuffer>;
};

/** Segments as parallel columns, in the library's order, each track's together and from its first on: track, and number in the track. */
export type SegmentColumns = { trackIds: Int32Array; segments: Int32Array };

/** Track, first row and number of segments of the tracks whose numbers lie in a range, with the audio that was indexed. */
export const visibleSql = `SELECT it.track_id, it.first_row, it.segments FROM index_tracks it CROSS JOIN tracks t INDEXED BY tracks_in_short
  ON t.id = it.track_id AND t.audio_hash = it.audio_hash WHERE it.index_id = ? AND it.track_id > ? AND it.track_id <= ? AND it.segments > 0`;

/** What tracks are ranked by where segments are sorted by a column of theirs. Labels begin with the genre. */
const rankedBy = { track: 'title', labels: 'genre' } as const;

function isRanked(column: SegmentColumn): column is keyof typeof rankedBy {
  return column in rankedBy;
}

/** What a reader needs of the store. */
export type ReaderParts = {
  connection: Connection;
  revisions: Revisions;
  tracks: TrackReads & {
    libraryOrdering(): Generator<void, OrderedTracks>;
    ranking(key: Exclude<TrackSortKey, 'state'>): Generator<void, Ranks>;
  };
  files: ChunkFiles;
  index: ActivationIndexInfo;
};

/** Reads one index as it was last committed; a new reader is made after each commit. */
export class IndexReader {
  /** The index that is read. */
  readonly index: ActivationIndexInfo;
  readonly #parts: ReaderParts;
  readonly #orders: OrderCache;
  readonly #whole = new RecentlyUsed<number, SegmentView>(1);
  readonly #narrowed = new RecentlyUsed<string, SegmentView>(4);
  #madeAt = -1;

  /** @param orders may be handed on from the reader before, so that its memory is used again */
  constructor(parts: ReaderParts, orders: OrderCache = new OrderCache()) {
    this.#parts = parts;
    this.index = parts.index;
    this.#orders = orders;
    orders.clear();
  }

  /** The encoder whose index this is. */
  get encoderId(): EncoderId {
    return this.index.encoderId;
  }

  /** A page of segments. Ties, and segments when there is no sort, come in the library's order. @throws AppError `BAD_INPUT` */
  query(query: SegmentPageQuery): SegmentResult {
    for (const feature of query.features) this.#checkFeature(feature);
    const view = this.#view(query);
    const positions = this.#orders.page(this.#source(view), this.#sortKeys(query), query);
    const places = Array.from(positions, (position) => placeAt(view, position));
    const total = this.#orders.total(view, query.perTrack);
    return { total, tracks: tracksIn(view), rows: places, ...this.#values(places, query) };
  }

  /** The offset of a row in the order of a query, whatever page was asked for; null when it is not among its segments. */
  offsetOf(row: number, query: SegmentOrderQuery): number | null {
    const view = this.#view(query);
    const position = positionOfRow(view, row);
    if (position < 0) return null;
    if (query.sort.length === 0) return position;
    return this.#orders.offsetOf(this.#source(view), this.#sortKeys(query), position);
  }

  /** Segments on which a feature is at least so large. @throws AppError `BAD_INPUT` */
  above(feature: number, atLeast: number): SegmentColumns {
    this.#checkFeature(feature);
    const view = this.#view({ search: '' });
    const values = this.#orders.values(this.#source(view), feature);
    let count = 0;
    for (let position = 0; position < view.total; position++) if ((values[position] as number) >= atLeast) count++;
    const found = { trackIds: new Int32Array(count), segments: new Int32Array(count) };
    let at = 0;
    for (const [run, trackId] of view.trackIds.entries()) {
      const start = view.starts[run] as number;
      for (let position = start; position < (view.starts[run + 1] as number); position++) {
        if (!((values[position] as number) >= atLeast)) continue;
        found.trackIds[at] = trackId;
        found.segments[at++] = position - start;
      }
    }
    return found;
  }

  /** One feature over a track's segments; empty for a track that is not in view. */
  profile(trackId: TrackId, feature: number): Float32Array {
    this.#checkFeature(feature);
    const view = this.#view({ search: '', trackId });
    const values = new Float32Array(view.total);
    if (values.length > 0) this.#parts.files.readColumn(feature, view.firstRows[0] as number, values);
    return values;
  }

  /** A track's embeddings, float32 `[segments, dimensions]`; empty for a track that is not in view. */
  embeddings(trackId: TrackId): Float32Array {
    const view = this.#view({ search: '', trackId });
    const embeddings = new Float32Array(view.total * this.index.dimensions);
    if (embeddings.length > 0) this.#parts.files.readRows(view.firstRows[0] as number, embeddings);
    return embeddings;
  }

  /** Embeddings of single rows, float32 `[rows, dimensions]`. */
  embeddingsAt(rows: ArrayLike<number>): Float32Array {
    const { dimensions } = this.index;
    const embeddings = new Float32Array(rows.length * dimensions);
    for (let i = 0; i < rows.length; i++)
      this.#parts.files.readRows(rows[i] as number, embeddings.subarray(i * dimensions, (i + 1) * dimensions));
    return embeddings;
  }

  /** Segments in view of the tracks that `tracks` marks with 1, by track id. */
  countSegments(tracks: Uint8Array): number {
    const { trackIds, starts } = this.#view({ search: '' });
    let count = 0;
    for (let run = 0; run < trackIds.length; run++)
      if (tracks[trackIds[run] as number] === 1) count += (starts[run + 1] as number) - (starts[run] as number);
    return count;
  }

  #source(view: SegmentView): ColumnSource {
    return { files: this.#parts.files, view, rowCount: this.index.committedRows };
  }

  #sortKeys({ sort, extras = [] }: Pick<SegmentOrderQuery, 'sort' | 'extras'>): SortKey[] {
    return sort.map(({ descending, ...key }): SortKey => {
      if ('column' in key) return { column: this.#rowColumn(key.column, descending), descending };
      if ('feature' in key) {
        this.#checkFeature(key.feature);
        return { column: key.feature, descending };
      }
      const extra = extras[key.extra];
      if (extra === undefined)
        throw new AppError('BAD_INPUT', `The order names extra column ${key.extra}, and ${extras.length} were given. Name one of those.`);
      if (extra.kind === 'weighted') for (const { feature } of extra.weights) this.#checkFeature(feature);
      return { column: unknownLast(extra, descending), descending };
    });
  }

  /** What a row is as a column: where its track stands by its title or its genre (none comes last either way), or its place in the track. */
  #rowColumn(column: SegmentColumn, descending: boolean): DerivedColumn {
    if (column === 'segment' || column === 'time') return { kind: 'each', key: 'segment', ofTrack: () => (segment) => segment };
    const ranks = inOneStep(this.#parts.tracks.ranking(rankedBy[column]));
    const blank = ranks.hasBlank ? ranks.count - 1 : -1;
    const ofTrack = (trackId: number): number => (ranks.byId[trackId] === blank ? NaN : (ranks.byId[trackId] ?? NaN));
    return unknownLast({ kind: 'each', key: column, ofTrack }, descending);
  }

  #values(
    places: readonly SegmentPlace[],
    { features, extras = [] }: Pick<SegmentPageQuery, 'features' | 'extras'>,
  ): Pick<SegmentResult, 'values' | 'extras'> {
    const found = { values: new Float32Array(places.length * features.length), extras: new Float32Array(places.length * extras.length) };
    if (features.length === 0 && extras.length === 0) return found;
    const row = new Float32Array(this.index.dimensions);
    let [at, extraAt] = [0, 0];
    for (const place of places) {
      this.#parts.files.readRows(place.row, row);
      for (const feature of features) found.values[at++] = row[feature] as number;
      for (const extra of extras) found.extras[extraAt++] = derivedValue(extra, place, row);
    }
    return found;
  }

  /** Makes what a question reads, in steps. */
  *preparing(query: SegmentOrderQuery): Generator<void, void> {
    const view = yield* this.#viewing(query);
    for (const key of query.sort) if ('column' in key && isRanked(key.column)) yield* this.#parts.tracks.ranking(rankedBy[key.column]);
    yield* this.#orders.preparing(this.#source(view), this.#sortKeys(query));
  }

  #view(query: Pick<SegmentOrderQuery, 'search' | 'trackId' | 'scope'>): SegmentView {
    return inOneStep(this.#viewing(query));
  }

  /** The segments that a question is about; the last few views are kept until the library changes. */
  *#viewing({ search, trackId, scope }: Pick<SegmentOrderQuery, 'search' | 'trackId' | 'scope'>): Generator<void, SegmentView> {
    const made = this.#parts.revisions.library;
    if (this.#madeAt !== made) {
      this.#whole.clear();
      this.#narrowed.clear();
      this.#orders.clear();
      this.#madeAt = made;
    }
    const whole = yield* this.#whole.making(made, () => this.#visible());
    if (search.trim() === '' && trackId === undefined && scope === undefined) return whole;
    const found = search.trim() === '' ? '' : `${this.#parts.revisions.tags} ${search}`;
    const key = [made, trackId ?? '', found, scope?.key ?? ''].join('\n');
    return yield* this.#narrowed.making(key, () => this.#narrow(whole, { search, trackId, scope }));
  }

  *#narrow(
    whole: SegmentView,
    { search, trackId, scope }: Pick<SegmentOrderQuery, 'search' | 'trackId' | 'scope'>,
  ): Generator<void, SegmentView> {
    const found = yield* this.#parts.tracks.matchingOrTagged(search);
    if (found === null && trackId === undefined && scope === undefined) return whole;
    const has = (id: number): boolean =>
      (trackId === undefined || id === trackId) && (found === null || found.has(id)) && (scope === undefined || scope.has(id));
    return narrow(whole, scope?.spans === undefined ? { has } : { has, spans: scope.spans });
  }

  /** Where the segments of every track lie that is there with the audio that was indexed, some thousand tracks at a step. */
  *#visible(): Generator<void, SegmentView> {
    const { connection, tracks } = this.#parts;
    const size = highestId(connection) + 1;
    const runs = { firstRows: new Uint32Array(size), segments: new Uint32Array(size) };
    const read = tuples<[number, number, number], [number, number, number]>(connection, visibleSql);
    for (let first = 0; first < size; first += tracksOfStep) {
      for (const [trackId, firstRow, segments] of read.all(this.index.id, first, first + tracksOfStep)) {
        runs.firstRows[trackId] = firstRow;
        runs.segments[trackId] = segments;
      }
      yield;
    }
    const { ids, missing } = yield* tracks.libraryOrdering();
    return viewInOrder(
      ids.filter((_, i) => missing[i] === 0),
      runs,
    );
  }

  #checkFeature(feature: number): void {
    if (feature < this.index.dimensions) return;
    throw new AppError(
      'BAD_INPUT',
      `The encoder has neurons 0 to ${this.index.dimensions - 1}; there is no neuron ${feature}. Choose one of those.`,
      { details: { feature, dimensions: this.index.dimensions } },
    );
  }
}
