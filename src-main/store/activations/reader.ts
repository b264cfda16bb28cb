/** @file Questions to an index: pages of segments in any order, a feature over a track, embeddings. */
import { AppError } from '../../base/index.ts';
import type { EncoderId, SegmentQuery, TrackId } from '../../contract/index.ts';
import type { Connection } from '../connection.ts';
import { RecentlyUsed } from '../recently-used.ts';
import type { Revisions } from '../revisions.ts';
import { tuples } from '../statement.ts';
import { inOneStep } from '../steps.ts';
import { highestId, tracksOfStep } from '../track-ranks.ts';
import type { TrackReads } from '../track-reads.ts';
import type { OrderedTracks } from '../track-order.ts';
import type { ChunkFiles } from './chunk-files.ts';
import type { ActivationIndexInfo } from './index-table.ts';
import { OrderCache } from './order-cache.ts';
import type { ColumnSource } from './order-cache.ts';
import { narrow, placeAt, positionOfRow, viewInOrder } from './segment-view.ts';
import type { SegmentPlace, SegmentView } from './segment-view.ts';

/** A question for a page of segments. */
export type SegmentPageQuery = Pick<SegmentQuery, 'features' | 'sort' | 'search' | 'offset' | 'limit'> & { trackId?: TrackId | undefined };

/** A page of segments; `values` are `[rows, features]`, the very numbers that the order is made of. */
export type SegmentResult = { total: number; rows: SegmentPlace[]; values: Float32Array<ArrayBuffer> };

/** Segments as parallel columns, in the library's order, each track's together and from its first on: track, and number in the track. */
export type SegmentColumns = { trackIds: Int32Array; segments: Int32Array };

/** Track, first row and number of segments of the tracks whose numbers lie in a range, with the audio that was indexed. */
export const visibleSql = `SELECT it.track_id, it.first_row, it.segments FROM index_tracks it CROSS JOIN tracks t INDEXED BY tracks_in_short
  ON t.id = it.track_id AND t.audio_hash = it.audio_hash WHERE it.index_id = ? AND it.track_id > ? AND it.track_id <= ? AND it.segments > 0`;

/** What a reader needs of the store. */
export type ReaderParts = {
  connection: Connection;
  revisions: Revisions;
  tracks: TrackReads & { libraryOrdering(): Generator<void, OrderedTracks> };
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
    const view = this.#view(query.search, query.trackId);
    const places = Array.from(this.#positions(view, query), (position) => placeAt(view, position));
    return { total: view.total, rows: places, values: this.#values(places, query.features) };
  }

  /** The offset of a row in the order of a query, whatever page was asked for; null when it is not among its segments. */
  offsetOf(row: number, query: Pick<SegmentPageQuery, 'sort' | 'search' | 'trackId'>): number | null {
    const view = this.#view(query.search, query.trackId);
    const position = positionOfRow(view, row);
    if (position < 0) return null;
    if (query.sort.length === 0) return position;
    this.#checkSort(query.sort);
    return this.#orders.offsetOf(this.#source(view), query.sort, position);
  }

  /** Segments on which a feature is at least so large. @throws AppError `BAD_INPUT` */
  above(feature: number, atLeast: number): SegmentColumns {
    this.#checkFeature(feature);
    const view = this.#view('', undefined);
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
    const view = this.#view('', trackId);
    const values = new Float32Array(view.total);
    if (values.length > 0) this.#parts.files.readColumn(feature, view.firstRows[0] as number, values);
    return values;
  }

  /** A track's embeddings, float32 `[segments, dimensions]`; empty for a track that is not in view. */
  embeddings(trackId: TrackId): Float32Array {
    const view = this.#view('', trackId);
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
    const { trackIds, starts } = this.#view('', undefined);
    let count = 0;
    for (let run = 0; run < trackIds.length; run++)
      if (tracks[trackIds[run] as number] === 1) count += (starts[run + 1] as number) - (starts[run] as number);
    return count;
  }

  #positions(view: SegmentView, { sort, offset, limit }: SegmentPageQuery): Uint32Array {
    if (sort.length > 0) {
      this.#checkSort(sort);
      return this.#orders.page(this.#source(view), sort, { offset, limit });
    }
    const size = Math.max(0, Math.min(limit, view.total - offset));
    return Uint32Array.from({ length: size }, (_, i) => offset + i);
  }

  #source(view: SegmentView): ColumnSource {
    return { files: this.#parts.files, view, rowCount: this.index.committedRows };
  }

  #checkSort(sort: SegmentPageQuery['sort']): void {
    for (const { feature } of sort) this.#checkFeature(feature);
  }

  #values(places: readonly SegmentPlace[], features: readonly number[]): Float32Array<ArrayBuffer> {
    const values = new Float32Array(places.length * features.length);
    if (features.length === 0) return values;
    const row = new Float32Array(this.index.dimensions);
    let at = 0;
    for (const place of places) {
      this.#parts.files.readRows(place.row, row);
      for (const feature of features) values[at++] = row[feature] as number;
    }
    return values;
  }

  /** Makes the view that a question reads, in steps. */
  preparing(search: string, trackId?: TrackId): Generator<void, SegmentView> {
    return this.#viewing(search, trackId);
  }

  #view(search: string, trackId: TrackId | undefined): SegmentView {
    return inOneStep(this.#viewing(search, trackId));
  }

  /** The segments that a question is about; the last few views are kept until the library changes. */
  *#viewing(search: string, trackId: TrackId | undefined): Generator<void, SegmentView> {
    const made = this.#parts.revisions.library;
    if (this.#madeAt !== made) {
      this.#whole.clear();
      this.#narrowed.clear();
      this.#orders.clear();
      this.#madeAt = made;
    }
    const whole = yield* this.#whole.making(made, () => this.#visible());
    if (search === '' && trackId === undefined) return whole;
    return yield* this.#narrowed.making(`${made} ${trackId ?? ''} ${search}`, () => this.#narrow(whole, search, trackId));
  }

  *#narrow(whole: SegmentView, search: string, trackId: TrackId | undefined): Generator<void, SegmentView> {
    const found = yield* this.#parts.tracks.matchingInSteps(search);
    if (found === null && trackId === undefined) return whole;
    const has = (id: number): boolean => (trackId === undefined || id === trackId) && (found === null || found.has(id));
    return narrow(whole, { has, size: found?.size ?? 1 });
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
