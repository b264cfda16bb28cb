/** @file Orders of the library's tracks by one or two columns, kept until something changes. */
import type { EncoderId, TrackSortKey } from '../contract/index.ts';
import type { Connection } from './database.ts';
import type { Revisions } from './revisions.ts';
import { rows } from './statement.ts';

/** One column to sort by. */
export type TrackSort = { key: TrackSortKey; descending: boolean };

/** Tracks of the library in an order, as parallel columns: present and missing ones alike, none of removed folders. */
export type OrderedTracks = { ids: Int32Array; folderIds: Int32Array; missing: Uint8Array };

/** Where a track stands with an encoder's index, as SQL: `it` is the track's row of `index_tracks`, if any. */
export const stateSql = `CASE WHEN t.missing_since IS NOT NULL THEN 'missing'
  WHEN it.audio_hash IS NOT t.audio_hash THEN 'waiting' ELSE it.outcome END`;

/** Joins `it` for the encoder whose id is bound. */
export const stateJoinSql = `LEFT JOIN indexes i ON i.encoder_id = ? LEFT JOIN index_tracks it ON it.index_id = i.id AND it.track_id = t.id`;

/** States in the order in which a person follows a track. */
const stateRankSql = `CASE (${stateSql}) WHEN 'waiting' THEN 0 WHEN 'indexed' THEN 1 WHEN 'partial' THEN 2 WHEN 'failed' THEN 3 ELSE 4 END`;

const columnSql: Record<TrackSortKey, string> = {
  title: 't.title_key',
  artist: 't.artist_key',
  album: 't.album_key',
  genre: 't.genre_key',
  path: 't.path_key',
  year: 't.year',
  durationMs: 't.duration_ms',
  format: 't.format',
  addedAt: 't.added_at',
  state: stateRankSql,
};

/** Texts whose empty value is the highest key; it stays last in descending order too. */
const foldedKeys: readonly TrackSortKey[] = ['title', 'artist', 'album', 'genre', 'path'];

const keptOrders = 6;

type OrderRow = { id: number; folderId: number; isMissing: number };

/** Computes orders and keeps the last few. */
export class TrackOrders {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  readonly #kept = new Map<string, OrderedTracks>();

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** All tracks of the library by `sort`, then in the library's own order. Empty texts and unknown years come last either way. */
  get(sort: readonly TrackSort[], encoderId: EncoderId | null): OrderedTracks {
    const byState = sort.some(({ key }) => key === 'state');
    const made = `${this.#revisions.library} ${byState ? `${this.#revisions.index} ${encoderId}` : ''}`;
    const key = `${made} ${sort.map((one) => `${one.key}${one.descending ? '-' : '+'}`).join()}`;
    const order = this.#kept.get(key) ?? this.#compute(sort, byState ? encoderId : undefined);
    this.#kept.delete(key);
    this.#kept.set(key, order);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptOrders) break;
      this.#kept.delete(oldest);
    }
    return order;
  }

  #compute(sort: readonly TrackSort[], encoderId: EncoderId | null | undefined): OrderedTracks {
    const terms = [...sort.flatMap(orderTerms), 't.library_key', 't.id'];
    const join = encoderId === undefined ? '' : stateJoinSql;
    const sql = `SELECT t.id, t.folder_id AS folderId, t.missing_since IS NOT NULL AS isMissing FROM tracks t ${join}
      WHERE t.folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL) ORDER BY ${terms.join(', ')}`;
    const found = rows<(number | null)[], OrderRow>(this.#connection, sql).all(...(encoderId === undefined ? [] : [encoderId]));
    const ids = new Int32Array(found.length);
    const folderIds = new Int32Array(found.length);
    const missing = new Uint8Array(found.length);
    for (const [i, row] of found.entries()) {
      ids[i] = row.id;
      folderIds[i] = row.folderId;
      missing[i] = row.isMissing;
    }
    return { ids, folderIds, missing };
  }
}

function orderTerms({ key, descending }: TrackSort): string[] {
  const column = columnSql[key];
  const direction = descending ? 'DESC' : 'ASC';
  if (foldedKeys.includes(key)) return descending ? [`${column} = char(65535)`, `${column} DESC`] : [column];
  return key === 'year' ? [`${column} ${direction} NULLS LAST`] : [`${column} ${direction}`];
}
