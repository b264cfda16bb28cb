/** @file Questions about tracks: pages of the table, single tracks, what a scan needs to know. */
import type { EncoderId, FolderId, LibrarySummary, Track, TrackId, TrackPage, TrackQuery } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { rows, tuples, values } from './statement.ts';
import { inSteps } from './steps.ts';
import type { Pause } from './steps.ts';
import type { OrderedTracks, TrackOrders } from './track-order.ts';
import type { TagTracks } from './tag-tracks.ts';
import type { TrackSearch, TrackSet } from './track-search.ts';
import { stateJoinSql, stateSql } from './track-state.ts';
import { unknownTrack } from './track-writes.ts';

/** A file as the last scan left it. */
export type KnownFile = { id: TrackId; path: string; size: number; mtimeMs: number; inode: string | null; isMissing: boolean };

/** A track as a scan looks it up. */
export type KnownTrack = KnownFile & { folderId: FolderId; audioHash: string };

/** A track with all that tells its file from others with the same sound. */
export type Twin = KnownTrack & {
  title: string;
  artist: string;
  album: string;
  discNumber: number | null;
  trackNumber: number | null;
};

/** What is shown of a track beside its segments. */
export type TrackMeta = { id: TrackId; title: string; artist: string; durationMs: number; labels: string[] };

/** A track's file and what is in it. */
export type TrackMedia = { path: string; container: string; codec: string; audioHash: string };

/** A present track's file and how long it plays. */
export type AudioTrack = { trackId: TrackId; path: string; audioHash: string; durationMs: number };

type FileRow = Omit<KnownFile, 'isMissing'> & { isMissing: number };
type KnownRow = Omit<KnownTrack, 'isMissing'> & { isMissing: number };
type TwinRow = Omit<Twin, 'isMissing'> & { isMissing: number };

const knownColumns = 'id, path, size, mtime_ms AS mtimeMs, inode, missing_since IS NOT NULL AS isMissing';

const trackColumnsSql = `t.id, t.folder_id AS folderId, t.path, t.title, t.artist, t.album, t.year, t.genre, t.duration_ms AS durationMs,
  t.format, t.sample_rate AS sampleRate, t.channels, t.bit_rate AS bitRate, t.added_at AS addedAt, ${stateSql} AS state,
  CASE WHEN t.missing_since IS NOT NULL THEN 'Its file is no longer there; everything attached to it is kept.'
    WHEN it.audio_hash IS t.audio_hash THEN it.message ELSE '' END AS stateMessage`;

/** What a list shows of a track. */
export type TrackSummary = Pick<Track, 'id' | 'title' | 'artist' | 'album' | 'genre' | 'year' | 'durationMs'>;

/** A track with everything that its tags say. */
export type WholeTrack = TrackSummary &
  Pick<Track, 'path' | 'format' | 'sampleRate' | 'bitRate' | 'addedAt'> & { tags: Record<string, unknown> };

type WholeRow = [
  ...[id: TrackId, path: string, title: string, artist: string, album: string, genre: string, year: number | null],
  ...[durationMs: number, format: string, sampleRate: number, bitRate: number, addedAt: number, tags: string],
];

const wholeSql = `SELECT t.id, t.path, t.title, t.artist, t.album, t.genre, t.year, t.duration_ms, t.format, t.sample_rate, t.bit_rate, t.added_at, t.tags
  FROM json_each(?) j JOIN tracks t ON t.id = j.value ORDER BY j.key`;

/** Left to itself, SQLite walks over all tracks for the few that are missing. */
export const missingSql = 'SELECT id FROM tracks INDEXED BY tracks_missing WHERE missing_since IS NOT NULL';

/** Reads the tables of tracks. */
export class TrackReads {
  readonly #connection: Connection;
  readonly #orders: TrackOrders;
  readonly #search: TrackSearch;
  readonly #tagged: TagTracks;

  constructor(connection: Connection, { orders, search, tagged }: { orders: TrackOrders; search: TrackSearch; tagged: TagTracks }) {
    this.#connection = connection;
    this.#orders = orders;
    this.#search = search;
    this.#tagged = tagged;
  }

  /**
   * A page of the table; a track's state is that with the given encoder's index (`waiting` without one). A search that names no order gives first
   * what is called so: titles that begin with it.
   */
  query(query: TrackQuery, encoderId: EncoderId | null): TrackPage {
    const order = this.#orders.get(query.sort, encoderId);
    const tagged = query.tagId === undefined ? null : this.#tagged.set(query.tagId);
    const first = query.sort.length === 0 ? this.#search.titled(query.search) : null;
    const page = pageOf(order, { ...query, found: this.#search.find(query.search), first, tagged });
    return { total: page.total, rows: this.#byIds(page.ids, encoderId) };
  }

  /** Makes the order and the search that {@link query} reads, in steps; `pause` is waited for between two. */
  async prepare({ sort, search }: Pick<TrackQuery, 'sort' | 'search'>, encoderId: EncoderId | null, pause: Pause): Promise<void> {
    await inSteps(this.#orders.making(sort, encoderId), pause);
    await inSteps(this.#search.finding(search), pause);
  }

  /** One track. @throws AppError `NOT_FOUND` */
  get(trackId: TrackId, encoderId: EncoderId | null): Track {
    const [track] = this.#byIds([trackId], encoderId);
    if (track === undefined) throw unknownTrack(trackId);
    return track;
  }

  /** Tracks in the order of `trackIds`; unknown ones are left out. */
  list(trackIds: readonly TrackId[], encoderId: EncoderId | null): Track[] {
    return this.#byIds(trackIds, encoderId);
  }

  /** The path of a track's file. @throws AppError `NOT_FOUND` */
  path(trackId: TrackId): string {
    const path = values<[number], string>(this.#connection, 'SELECT path FROM tracks WHERE id = ?').get(trackId);
    if (path === undefined) throw unknownTrack(trackId);
    return path;
  }

  /** What a player needs of a track; null when it is unknown, its file is gone, or its folder was taken out of the library. */
  media(trackId: TrackId): TrackMedia | null {
    const sql = `SELECT path, container, codec, audio_hash AS audioHash FROM tracks WHERE id = ? AND missing_since IS NULL
      AND folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL)`;
    return rows<[number], TrackMedia>(this.#connection, sql).get(trackId) ?? null;
  }

  /** Tracks by number, present and in the library: of one folder, or those named, or all. */
  audio({ folderId, trackIds }: { folderId?: FolderId; trackIds?: readonly TrackId[] } = {}): AudioTrack[] {
    const wanted = trackIds === undefined ? '' : 'AND id IN (SELECT value FROM json_each(?))';
    const sql = `SELECT id AS trackId, path, audio_hash AS audioHash, duration_ms AS durationMs FROM tracks WHERE missing_since IS NULL
      AND folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL AND id = coalesce(?, id)) ${wanted} ORDER BY id`;
    const statement = rows<(number | string | null)[], AudioTrack>(this.#connection, sql);
    return trackIds === undefined ? statement.all(folderId ?? null) : statement.all(folderId ?? null, JSON.stringify(trackIds));
  }

  /** Counts over the library: missing tracks are not among `tracks`, nor is their time in `audioMs`. */
  summary(): LibrarySummary {
    const isOwn = '+folder_id NOT IN (SELECT id FROM folders WHERE is_demo = 1)';
    const sql = `SELECT (SELECT count(*) FROM folders WHERE removed_at IS NULL) AS folders, count(*) - count(missing_since) AS tracks,
      count(missing_since) AS missing, (SELECT count(DISTINCT path) FROM problems) AS problems,
      coalesce(sum(duration_ms) FILTER (WHERE missing_since IS NULL), 0) AS audioMs,
      count(*) FILTER (WHERE missing_since IS NULL AND ${isOwn}) AS ownTracks,
      coalesce(sum(duration_ms) FILTER (WHERE missing_since IS NULL AND ${isOwn}), 0) AS ownAudioMs,
      (SELECT added_at FROM tracks INDEXED BY tracks_by_added_at WHERE folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL)
        ORDER BY added_at LIMIT 1) AS firstAddedAt
      FROM tracks INDEXED BY tracks_in_short WHERE +folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL)`;
    const summary = rows<[], LibrarySummary>(this.#connection, sql).get();
    if (summary === undefined)
      return { folders: 0, tracks: 0, missing: 0, problems: 0, audioMs: 0, ownTracks: 0, ownAudioMs: 0, firstAddedAt: null };
    return summary.ownTracks > 0 ? summary : { ...summary, ownTracks: summary.tracks, ownAudioMs: summary.audioMs };
  }

  /** Tracks that a search matches; null when it is blank. */
  matching(search: string): TrackSet | null {
    return this.#search.find(search);
  }

  /** Tracks that a search matches where the names of tags that they carry are searched too, in steps; null when it is blank. */
  matchingOrTagged(search: string): Generator<void, TrackSet | null> {
    return this.#search.findingTagged(search, (word) => this.#tagged.named(word));
  }

  /** What is shown beside segments, in the order of `trackIds`; unknown ones are left out. */
  meta(trackIds: readonly TrackId[]): TrackMeta[] {
    const sql = `SELECT t.id, t.title, t.artist, t.duration_ms AS durationMs, t.labels FROM json_each(?) j JOIN tracks t ON t.id = j.value
      ORDER BY j.key`;
    const found = rows<[string], Omit<TrackMeta, 'labels'> & { labels: string }>(this.#connection, sql).all(JSON.stringify(trackIds));
    return found.map((row) => ({ ...row, labels: JSON.parse(row.labels) as string[] }));
  }

  /** What a list shows of tracks; unknown ones are left out. */
  summaries(trackIds: readonly TrackId[]): TrackSummary[] {
    const sql = `SELECT t.id, t.title, t.artist, t.album, t.genre, t.year, t.duration_ms AS durationMs
      FROM json_each(?) j JOIN tracks t ON t.id = j.value`;
    return rows<[string], TrackSummary>(this.#connection, sql).all(JSON.stringify(trackIds));
  }

  /** Tracks with everything that their tags say, in the order of `trackIds`; unknown ones are left out. */
  whole(trackIds: readonly TrackId[]): WholeTrack[] {
    const found = tuples<[string], WholeRow>(this.#connection, wholeSql).all(JSON.stringify(trackIds));
    // A hundred thousand rows are read so for a list's file: as arrays they take half the time that they take as objects.
    return found.map(([id, path, title, artist, album, genre, year, durationMs, format, sampleRate, bitRate, addedAt, tags]) => {
      const about = { id, path, title, artist, album, genre, year, durationMs, format, sampleRate, bitRate, addedAt };
      return { ...about, tags: JSON.parse(tags) as Record<string, unknown> };
    });
  }

  /** Tracks whose file is gone. */
  missing(): ReadonlySet<TrackId> {
    return new Set(values<[], TrackId>(this.#connection, missingSql).all());
  }

  /** Everything else that the tags of a track say. @throws AppError `NOT_FOUND` */
  tags(trackId: TrackId): Record<string, unknown> {
    const tags = values<[number], string>(this.#connection, 'SELECT tags FROM tracks WHERE id = ?').get(trackId);
    if (tags === undefined) throw unknownTrack(trackId);
    return JSON.parse(tags) as Record<string, unknown>;
  }

  /** The files that earlier scans found below a folder. */
  files(folderId: FolderId): KnownFile[] {
    const found = rows<[number], FileRow>(this.#connection, `SELECT ${knownColumns} FROM tracks WHERE folder_id = ?`).all(folderId);
    return found.map((row) => ({ ...row, isMissing: row.isMissing === 1 }));
  }

  /** The track at a path; null when there is none. */
  findByPath(path: string): KnownTrack | null {
    return this.#known('path = ?', path)[0] ?? null;
  }

  /** Tracks with this audio, oldest first; with `missingOnly` those whose file is gone, as a moved file's is. */
  findByHash(audioHash: string, options: { missingOnly?: boolean } = {}): KnownTrack[] {
    return this.#known(options.missingOnly === true ? 'audio_hash = ? AND missing_since IS NOT NULL' : 'audio_hash = ?', audioHash);
  }

  /** Tracks with this audio, oldest first, up to the number `newest`, with what tells them apart. */
  twins(audioHash: string, newest: TrackId): Twin[] {
    const sql = `SELECT ${knownColumns}, folder_id AS folderId, audio_hash AS audioHash, title, artist, album, disc_number AS discNumber,
      track_number AS trackNumber FROM tracks WHERE audio_hash = ? AND id <= ? ORDER BY id`;
    const found = rows<[string, number], TwinRow>(this.#connection, sql).all(audioHash, newest);
    return found.map((row) => ({ ...row, isMissing: row.isMissing === 1 }));
  }

  /** The hash of a track's sound. @throws AppError `NOT_FOUND` */
  hash(trackId: TrackId): string {
    const hash = values<[number], string>(this.#connection, 'SELECT audio_hash FROM tracks WHERE id = ?').get(trackId);
    if (hash === undefined) throw unknownTrack(trackId);
    return hash;
  }

  /** The number of the track that was added last; 0 without tracks. */
  newestId(): TrackId {
    return (values<[], number | null>(this.#connection, 'SELECT max(id) FROM tracks').get() ?? 0) as TrackId;
  }

  #known(where: string, value: string): KnownTrack[] {
    const sql = `SELECT ${knownColumns}, folder_id AS folderId, audio_hash AS audioHash FROM tracks WHERE ${where} ORDER BY id`;
    return rows<[string], KnownRow>(this.#connection, sql)
      .all(value)
      .map((row) => ({ ...row, isMissing: row.isMissing === 1 }));
  }

  #byIds(trackIds: readonly number[], encoderId: EncoderId | null): Track[] {
    const sql = `SELECT ${trackColumnsSql} FROM json_each(?) j JOIN tracks t ON t.id = j.value ${stateJoinSql} ORDER BY j.key`;
    return rows<[string, number | null], Track>(this.#connection, sql).all(JSON.stringify(trackIds), encoderId);
  }
}

type PageQuery = Pick<TrackQuery, 'offset' | 'limit' | 'folderId' | 'includeMissing'> & {
  /** These come before the others; null for no such rank. */
  first: ReadonlySet<number> | null;
  found: TrackSet | null;
  tagged: TrackSet | null;
};

/** The ids of a page and the number of tracks that match, by one walk over the order. */
function pageOf(order: OrderedTracks, query: PageQuery): { total: number; ids: number[] } {
  const { first, offset, limit } = query;
  const passes = first === null || first.size === 0 ? [null] : [true, false];
  const ids: number[] = [];
  let total = 0;
  for (const isFirst of passes)
    for (let i = 0; i < order.ids.length; i++) {
      const id = order.ids[i] as number;
      if ((isFirst !== null && first?.has(id) !== isFirst) || !isAsked(order, i, query)) continue;
      if (total >= offset && ids.length < limit) ids.push(id);
      total++;
    }
  return { total, ids };
}

/** Whether a track of an order belongs to what was asked. */
function isAsked({ ids, missing, folderIds }: OrderedTracks, i: number, { found, tagged, folderId, includeMissing }: PageQuery): boolean {
  if (includeMissing !== true && missing[i] === 1) return false;
  if (folderId !== undefined && folderIds[i] !== folderId) return false;
  const id = ids[i] ?? 0;
  return (found === null || found.has(id)) && (tagged === null || tagged.has(id));
}
