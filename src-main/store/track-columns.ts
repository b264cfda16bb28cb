/** @file What tracks are filtered and grouped by, as columns by track id, so that a hundred thousand are walked over without an object each. */
import { dirname } from 'node:path';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { tuples, values } from './statement.ts';
import { blankKey, fold } from './text-keys.ts';

/** Columns `[highest id + 1]` by track id. They belong to one state of the library: another state has other objects. */
export type TrackColumns = {
  /** 1: its file is there, in a folder of the library. */
  present: Uint8Array;
  folderIds: Int32Array;
  /** {@link unknownYear} where the file does not say. */
  years: Int32Array;
  durationsMs: Float64Array;
  /** The same number for the same artist, folded; {@link noGroup} for a blank one. */
  artists: Int32Array;
  /** The same number for the same album: its name with its artist's, or without one with the file's folder; {@link noGroup} for a blank one. */
  albums: Int32Array;
  /** The same number for the same genre as the table shows it, folded. */
  genres: Int32Array;
  /** The number in `genres` of a genre; undefined when no track has it. */
  genreNumber(genre: string): number | undefined;
};

/** Stands for a year that is not known. */
export const unknownYear = -(2 ** 31);

/** Stands for no artist, and for no album: tracks that share it do not belong together. */
export const noGroup = -1;

const columnsSql = `SELECT id, missing_since IS NULL, folder_id, year, duration_ms, artist_key, album_key, genre, album_artist,
  CASE album_artist WHEN '' THEN path ELSE '' END FROM tracks`;

type Row = [number, number, number, number | null, number, string, string, string, string, string];

/** Reads the columns and keeps them until the library changes. */
export class TrackColumnReader {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  #kept: { revision: number; columns: TrackColumns } | null = null;

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** The columns of the library as it is. */
  get(): TrackColumns {
    const revision = this.#revisions.library;
    if (this.#kept?.revision !== revision) this.#kept = { revision, columns: this.#read() };
    return this.#kept.columns;
  }

  #read(): TrackColumns {
    const size = (values<[], number | null>(this.#connection, 'SELECT max(id) FROM tracks').get() ?? 0) + 1;
    const isIn = new Set(values<[], number>(this.#connection, 'SELECT id FROM folders WHERE removed_at IS NULL').all());
    const [artists, albums, genres] = [new Groups(), new Groups(), new Groups()];
    const columns: TrackColumns = {
      present: new Uint8Array(size),
      folderIds: new Int32Array(size),
      years: new Int32Array(size).fill(unknownYear),
      durationsMs: new Float64Array(size),
      artists: new Int32Array(size).fill(noGroup),
      albums: new Int32Array(size).fill(noGroup),
      genres: new Int32Array(size).fill(noGroup),
      genreNumber: (genre) => genres.known(fold(genre.trim())),
    };
    const all = tuples<[], Row>(this.#connection, columnsSql).iterate();
    for (const [id, isThere, folderId, year, durationMs, artist, album, genre, albumArtist, path] of all) {
      columns.present[id] = isThere === 1 && isIn.has(folderId) ? 1 : 0;
      columns.folderIds[id] = folderId;
      if (year !== null) columns.years[id] = year;
      columns.durationsMs[id] = durationMs;
      if (artist !== blankKey) columns.artists[id] = artists.number(artist);
      if (album !== blankKey) columns.albums[id] = albums.number(`${album}\n${path === '' ? fold(albumArtist) : dirname(path)}`);
      columns.genres[id] = genres.number(fold(genre.trim()));
    }
    return columns;
  }
}

/** Numbers texts from 0 in the order in which they come. */
class Groups {
  readonly #numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, known);
    return known;
  }

  known(text: string): number | undefined {
    return this.#numbers.get(text);
  }
}
