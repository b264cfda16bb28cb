/** @file What files' own tags, and the folders that they lie in, say over the library: values that can become tags. */
import { basename, dirname } from 'node:path';
import type { TagField, TrackId } from '../contract/index.ts';
import { longestTagName } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { tuples } from './statement.ts';
import { shownTrackSql } from './tag-tracks.ts';
import { cleanTagText, tagKey } from './tag-words.ts';

/** A value as most tracks spell it, and the tracks that have it. */
export type FieldTracks = { value: string; trackIds: TrackId[] };

type Cell = string | number | null;
/** Two columns, and how their cells become values. */
type Reading = { columns: string; values: (first: Cell, second: Cell) => string[] };

const text = (cell: Cell): string => (cell === null ? '' : String(cell));
const plain = (column: string): Reading => ({ columns: `${column}, NULL`, values: (first) => [text(first)] });
const jsonField = (name: string): string => `json_extract(t.tags, '$.${name}')`;
/** The reader puts several values into one text with commas between them. */
const several = (name: string): Reading => ({ columns: `${jsonField(name)}, NULL`, values: (first) => text(first).split(/[;,]/) });

const readings: Record<TagField, Reading> = {
  genre: { columns: 't.genre, t.labels', values: (genre, labels) => genresOf(text(genre), JSON.parse(text(labels)) as string[]) },
  artist: plain('t.artist'),
  albumArtist: plain('t.album_artist'),
  album: plain('t.album'),
  year: plain('t.year'),
  decade: { columns: 't.year, NULL', values: (year) => (year === null ? [] : [`${Math.floor(Number(year) / 10) * 10}s`]) },
  mood: several('mood'),
  grouping: several('grouping'),
  comment: plain(jsonField('comment')),
  composer: plain(jsonField('composer')),
  folder: { columns: 't.path, NULL', values: (path) => [basename(dirname(text(path)))] },
};

/** Tracks that one step reads. */
const tracksOfStep = 1000;

/** The next tracks by number; by no index, which would gather and sort all of them at every step. */
export function fieldSql(field: TagField): string {
  return `SELECT t.id, ${readings[field].columns} FROM tracks t NOT INDEXED WHERE t.id > ? AND ${shownTrackSql} ORDER BY t.id LIMIT ${tracksOfStep}`;
}

/**
 * The values of a field over tracks that can be shown, by the key of the tag that each would be; the most frequent first. Values that are too long
 * for a tag's name are left out. Some tracks are read in each step.
 */
export function* fieldTracks(connection: Connection, field: TagField): Generator<void, Map<string, FieldTracks>> {
  const { values } = readings[field];
  const sql = fieldSql(field);
  const found = new Map<string, { spellings: Map<string, number>; trackIds: Set<TrackId> }>();
  for (let after = 0; ; yield) {
    const read = tuples<[number], [TrackId, Cell, Cell]>(connection, sql).all(after);
    for (const [trackId, first, second] of read)
      for (const value of values(first, second).map(cleanTagText)) {
        if (value === '' || Array.from(value).length > longestTagName) continue;
        const key = tagKey({ kind: '', name: value });
        const entry = found.get(key) ?? { spellings: new Map<string, number>(), trackIds: new Set<TrackId>() };
        entry.spellings.set(value, (entry.spellings.get(value) ?? 0) + 1);
        entry.trackIds.add(trackId);
        found.set(key, entry);
      }
    after = read.at(-1)?.[0] ?? after;
    if (read.length < tracksOfStep) break;
  }
  const byCount = [...found].sort(([, a], [, b]) => b.trackIds.size - a.trackIds.size);
  return new Map(byCount.map(([key, { spellings, trackIds }]) => [key, { value: mostFrequent(spellings), trackIds: [...trackIds] }]));
}

/** Labels begin with the genres, one by one, which the genre's own column holds in one text. */
function genresOf(genre: string, labels: readonly string[]): string[] {
  for (let count = 1; count <= labels.length; count++) {
    const first = labels.slice(0, count);
    if (first.join(', ') === genre) return first;
  }
  return genre.split(', ');
}

function mostFrequent(spellings: ReadonlyMap<string, number>): string {
  const [first] = [...spellings].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return first?.[0] ?? '';
}
