/** @file Orders of the library's tracks by one or two columns, kept until something changes. */
import { defined } from '../base/index.ts';
import type { EncoderId, TrackSortKey } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { RecentlyUsed } from './recently-used.ts';
import type { Revisions } from './revisions.ts';
import { values } from './statement.ts';
import { inOneStep } from './steps.ts';
import { columnRanks, stateRanks, walkSql } from './track-ranks.ts';
import type { Ranks } from './track-ranks.ts';

/** One column to sort by. */
export type TrackSort = { key: TrackSortKey; descending: boolean };

/** Tracks of the library in an order, as parallel columns: present and missing ones alike, none of removed folders. */
export type OrderedTracks = { ids: Int32Array; folderIds: Int32Array; missing: Uint8Array };

/** What each column is sorted by; blank values are null or the last possible text. */
const columnSql: Record<Exclude<TrackSortKey, 'state'>, string> = {
  title: 'title_key',
  artist: 'artist_key',
  album: 'album_key',
  genre: 'genre_key',
  path: 'path_key',
  year: 'year',
  durationMs: 'duration_ms',
  format: 'format',
  addedAt: 'added_at',
};

/** One number a track: folder, id and whether it is missing, so that a hundred thousand are read without an object each. */
export const librarySelect = '(folder_id << 33) + (id << 1) + (missing_since IS NOT NULL)';
const idStep = 2;
const folderStep = 2 ** 33;

/** Columns that have an index to be read in order. */
export const sortedColumns: readonly string[] = Object.values(columnSql);

/** Ranks that are kept: those of every column, and of some encoders' states. */
const keptRanks = sortedColumns.length + 3;

/** Computes orders and keeps the last few. */
export class TrackOrders {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  readonly #orders = new RecentlyUsed<string, OrderedTracks>(6);
  readonly #ranks = new RecentlyUsed<string, Ranks>(keptRanks);
  /** Every track of the table in the library's own order, whether its folder is in the library or not. */
  readonly #packed = new RecentlyUsed<number, Float64Array>(1);

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** All tracks of the library by `sort`, then in the library's own order. Empty texts and unknown years come last either way. */
  get(sort: readonly TrackSort[], encoderId: EncoderId | null): OrderedTracks {
    return inOneStep(this.making(sort, encoderId));
  }

  /** As {@link get}, in steps. */
  *making(sort: readonly TrackSort[], encoderId: EncoderId | null): Generator<void, OrderedTracks> {
    const key = `${this.#made(sort, encoderId)} ${sort.map((one) => `${one.key}${one.descending ? '-' : '+'}`).join()}`;
    return yield* this.#orders.making(key, () => (sort.length === 0 ? this.#libraryOrder() : this.#sorted(sort, encoderId)));
  }

  *#sorted(sort: readonly TrackSort[], encoderId: EncoderId | null): Generator<void, OrderedTracks> {
    let order = yield* this.making([], null);
    for (const one of sort.toReversed()) {
      order = reorder(order, yield* this.ranking(one.key, encoderId), one.descending);
      yield;
    }
    return order;
  }

  #made(sort: readonly { key: TrackSortKey }[], encoderId: EncoderId | null): string {
    const byState = sort.some(({ key }) => key === 'state');
    return byState ? `${this.#revisions.library} ${this.#revisions.index} ${encoderId}` : `${this.#revisions.library}`;
  }

  *#libraryOrder(): Generator<void, OrderedTracks> {
    const isIn = new Set(values<[], number>(this.#connection, 'SELECT id FROM folders WHERE removed_at IS NULL').all());
    const packed = yield* this.#packed.making(this.#revisions.tracks, () => this.#reading());
    const tracks = packed.filter((track) => isIn.has(Math.floor(track / folderStep)));
    const order = { ids: new Int32Array(tracks.length), folderIds: new Int32Array(tracks.length), missing: new Uint8Array(tracks.length) };
    for (let i = 0; i < tracks.length; i++) {
      const track = tracks[i] as number;
      order.folderIds[i] = track / folderStep;
      order.ids[i] = (track % folderStep) / idStep;
      order.missing[i] = track % idStep;
    }
    return order;
  }

  *#reading(): Generator<void, Float64Array> {
    const walk = (which: 'first' | 'within' | 'after'): string => walkSql('library_key', librarySelect, which);
    const keyOf = values<[number], string>(this.#connection, 'SELECT library_key FROM tracks WHERE id = ?');
    const idOf = (track: number): number => Math.floor((track % folderStep) / idStep);
    const all: number[] = [];
    for (let found = values<[], number>(this.#connection, walk('first')).all(); found.length > 0;) {
      for (const track of found) all.push(track);
      yield;
      const last = idOf(all.at(-1) as number);
      const key = keyOf.get(last) as string;
      // Some names differ in nothing that orders them: what is left of those comes first.
      found = values<[string, number], number>(this.#connection, walk('within')).all(key, last);
      if (found.length === 0) found = values<[string], number>(this.#connection, walk('after')).all(key);
    }
    return Float64Array.from(all);
  }

  /** Ranks by a column, in steps. */
  *ranking(key: TrackSortKey, encoderId: EncoderId | null): Generator<void, Ranks> {
    const { tracks, index } = this.#revisions;
    const made = key === 'state' ? `${tracks} ${index} ${encoderId}` : `${tracks}`;
    return yield* this.#ranks.making(`${made} ${key}`, () =>
      key === 'state' ? stateRanks(this.#connection, encoderId) : columnRanks(this.#connection, columnSql[key]),
    );
  }
}

/** Sorts tracks by ranks, keeping the order of equals (counting sort). */
function reorder({ ids, folderIds, missing }: OrderedTracks, ranks: Ranks, descending: boolean): OrderedTracks {
  const lastValue = ranks.count - (ranks.hasBlank ? 2 : 1);
  const size = ids.length;
  const places = new Int32Array(size);
  const next = new Int32Array(ranks.count + 1);
  for (let i = 0; i < size; i++) {
    const rank = defined(ranks.byId[ids[i] as number], 'the rank of a track');
    const place = descending && rank <= lastValue ? lastValue - rank : rank;
    places[i] = place;
    next[place + 1] = (next[place + 1] as number) + 1;
  }
  for (let rank = 0; rank < ranks.count; rank++) next[rank + 1] = (next[rank + 1] as number) + (next[rank] as number);
  const sorted = { ids: new Int32Array(size), folderIds: new Int32Array(size), missing: new Uint8Array(size) };
  for (let i = 0; i < size; i++) {
    const place = places[i] as number;
    const at = next[place] as number;
    next[place] = at + 1;
    sorted.ids[at] = ids[i] as number;
    sorted.folderIds[at] = folderIds[i] as number;
    sorted.missing[at] = missing[i] as number;
  }
  return sorted;
}
