/** @file Orders of the library's tracks by one or two columns, kept until something changes. */
import { defined } from '../base/index.ts';
import type { EncoderId, TrackSortKey } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { RecentlyUsed } from './recently-used.ts';
import type { Revisions } from './revisions.ts';
import { values } from './statement.ts';
import { blankKey } from './text-keys.ts';
import { stateJoinSql, stateRankSql } from './track-state.ts';

/** One column to sort by. */
export type TrackSort = { key: TrackSortKey; descending: boolean };

/** Tracks of the library in an order, as parallel columns: present and missing ones alike, none of removed folders. */
export type OrderedTracks = { ids: Int32Array; folderIds: Int32Array; missing: Uint8Array };

/** A column's dense ranks by track id; tracks without a value (empty, unknown) have the last rank when `hasBlank`. */
type Ranks = { byId: Int32Array; count: number; hasBlank: boolean };

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
const librarySql = `SELECT (folder_id << 33) + (id << 1) + (missing_since IS NOT NULL) FROM tracks ORDER BY library_key`;
const idStep = 2;
const folderStep = 2 ** 33;

/** Ids in a column's order, and how many tracks share each of its values: both are walks over the column's index. */
export function rankSql(column: string): [string, string] {
  return [`SELECT id FROM tracks ORDER BY ${column}`, `SELECT count(*) FROM tracks GROUP BY ${column} ORDER BY ${column}`];
}

/** Columns that have an index to be read in order. */
export const sortedColumns: readonly string[] = Object.values(columnSql);

/** One number a track: its id and the rank of its state. */
export const stateOrderSql = `SELECT t.id * 8 + (${stateRankSql}) FROM tracks t INDEXED BY tracks_in_short ${stateJoinSql}`;
const stateStep = 8;

/** Computes orders and keeps the last few. */
export class TrackOrders {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  readonly #orders = new RecentlyUsed<string, OrderedTracks>(6);
  readonly #ranks = new RecentlyUsed<string, Ranks>(6);

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** All tracks of the library by `sort`, then in the library's own order. Empty texts and unknown years come last either way. */
  get(sort: readonly TrackSort[], encoderId: EncoderId | null): OrderedTracks {
    const key = `${this.#made(sort, encoderId)} ${sort.map((one) => `${one.key}${one.descending ? '-' : '+'}`).join()}`;
    return this.#orders.get(key, () => {
      if (sort.length === 0) return this.#libraryOrder();
      let order = this.get([], null);
      for (const one of sort.toReversed()) order = reorder(order, this.#ranksOf(one.key, encoderId), one.descending);
      return order;
    });
  }

  #made(sort: readonly TrackSort[], encoderId: EncoderId | null): string {
    const byState = sort.some(({ key }) => key === 'state');
    return byState ? `${this.#revisions.library} ${this.#revisions.index} ${encoderId}` : `${this.#revisions.library}`;
  }

  #libraryOrder(): OrderedTracks {
    const isIn = new Set(values<[], number>(this.#connection, 'SELECT id FROM folders WHERE removed_at IS NULL').all());
    const packed = values<[], number>(this.#connection, librarySql).all();
    const kept = packed.filter((track) => isIn.has(Math.floor(track / folderStep)));
    return {
      ids: Int32Array.from(kept, (track) => (track % folderStep) / idStep),
      folderIds: Int32Array.from(kept, (track) => track / folderStep),
      missing: Uint8Array.from(kept, (track) => track % idStep),
    };
  }

  #ranksOf(key: TrackSortKey, encoderId: EncoderId | null): Ranks {
    const made = this.#made([{ key, descending: false }], encoderId);
    return this.#ranks.get(`${made} ${key}`, () => {
      if (key === 'state') return this.#stateRanks(encoderId);
      return this.#columnRanks(columnSql[key]);
    });
  }

  /** Reads an index twice, numbers alone: the tracks in its order, and how many share each value. Unknown values lead an index and rank last. */
  #columnRanks(column: string): Ranks {
    const [ids, sizes] = rankSql(column).map((sql) => values<[], number>(this.#connection, sql).all()) as [number[], number[]];
    const unknown = values<[], number>(this.#connection, `SELECT count(*) FROM tracks WHERE ${column} IS NULL`).get() ?? 0;
    const greatest = values<[], string | number | null>(this.#connection, `SELECT max(${column}) FROM tracks`).get();
    const byId = this.#byId();
    const shift = unknown > 0 ? sizes.length - 1 : 0;
    let at = 0;
    for (const [group, size] of sizes.entries())
      for (const end = at + size; at < end; at++) byId[ids[at] as number] = (group + shift) % sizes.length;
    return { byId, count: sizes.length, hasBlank: unknown > 0 || greatest === blankKey };
  }

  #stateRanks(encoderId: EncoderId | null): Ranks {
    const byId = this.#byId();
    const packed = values<[number | null], number>(this.#connection, stateOrderSql).all(encoderId);
    for (const track of packed) byId[Math.floor(track / stateStep)] = track % stateStep;
    return { byId, count: 5, hasBlank: false };
  }

  #byId(): Int32Array {
    return new Int32Array((values<[], number | null>(this.#connection, 'SELECT max(id) FROM tracks').get() ?? 0) + 1);
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
