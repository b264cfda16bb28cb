/** @file Synthetic tracks, drawn from a seed: plausible names, genres, years and lengths, the same on every run. */
import type { FolderId, Track, TrackId, TrackSortKey } from '../../src-main/contract/index.ts';

const genres = ['orchestral', 'ambient', 'techno', 'jazz', 'rock', 'folk', 'hip hop', 'soundtrack', 'drum and bass', ''];
const firstWords = ['Northern', 'Silent', 'Battle', 'Knoll', 'Winter', 'Glass', 'Hollow', 'Red', 'Distant', 'Morning', 'Iron', 'Velvet'];
const secondWords = [
  'Epic',
  'Fields',
  'March',
  'River',
  'Machines',
  'Lullaby',
  'Signals',
  'Harbour',
  'Étude',
  'Wanderer',
  'Dance',
  'Static',
];
const artists = [
  'Aurora Keane',
  'Timber & Wire',
  'Mattias Örn',
  'The Low Countries',
  'Ines Valdés',
  'Old Harbour Trio',
  'Kite Assembly',
  'Søren Falk',
];
const formats = ['FLAC', 'MP3', 'Ogg Vorbis', 'Opus', 'AAC', 'ALAC', 'WAV', 'AIFF', 'WMA'];
const extensions = ['flac', 'mp3', 'ogg', 'opus', 'm4a', 'm4a', 'wav', 'aif', 'wma'];

/** Mixes two integers to a number in [0, 1): Prospector's 32-bit hash. */
export function noise(a: number, b: number): number {
  let x = (Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 0x85eb, 0x85ebca6b)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

/** Picks from a list by a number in [0, 1). */
function pick(list: readonly string[], at: number): string {
  return list[Math.floor(at * list.length)] ?? '';
}

/** The folders' paths that synthetic tracks lie in. */
export const fakeFolders = ['/home/ida/Music', '/media/archive/Vinyl rips'] as const;

/**
 * The track with a number.
 * @param index from 0; its id is one more
 * @param shortTracks 29.5 s each (11 segments), as in a large library of excerpts
 */
export function fakeTrack(index: number, shortTracks: boolean): Track {
  const roll = (channel: number): number => noise(index, channel);
  const folder = roll(1) < 0.8 ? 0 : 1;
  const artist = roll(2) < 0.04 ? '' : pick(artists, roll(3));
  const title = `${pick(firstWords, roll(4))} ${pick(secondWords, roll(5))}${index % 3 === 0 ? '' : ` ${1 + Math.floor(index / 40)}`}`;
  const album = roll(6) < 0.08 ? '' : `${pick(secondWords, roll(7))} ${1 + Math.floor(roll(8) * 4)}`;
  const format = Math.floor(roll(9) ** 1.6 * formats.length);
  const partial = index % 41 === 17;
  const failed = index % 67 === 33;
  return {
    id: (index + 1) as TrackId,
    folderId: (folder + 1) as FolderId,
    path: `${fakeFolders[folder] ?? ''}/${artist || 'Unknown'}/${album || 'Singles'}/${String(1 + (index % 14)).padStart(2, '0')} ${title}.${extensions[format] ?? 'mp3'}`,
    title,
    artist,
    album,
    year: roll(10) < 0.12 ? null : 1962 + Math.floor(roll(11) * 63),
    genre: pick(genres, roll(12)),
    durationMs: shortTracks ? 29_500 : 45_000 + Math.floor(roll(13) ** 2 * 560_000),
    format: formats[format] ?? 'MP3',
    sampleRate: roll(14) < 0.85 ? 44_100 : 48_000,
    channels: roll(15) < 0.95 ? 2 : 1,
    bitRate: format === 0 ? 912_000 : 128_000 + Math.floor(roll(16) * 4) * 64_000,
    addedAt: Date.UTC(2024, 0, 1) + Math.floor(roll(17) * 660) * 86_400_000,
    state: failed ? 'failed' : partial ? 'partial' : 'indexed',
    stateMessage: failed
      ? 'The decoder found no frame that it could read; the file may be damaged.'
      : partial
        ? 'The file ends after 1:12 of 3:40; the part that is there was indexed.'
        : '',
  };
}

function compareValues(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : a < b ? -1 : 1;
}

/** Sorts tracks by up to two keys, then by id; what a track does not have comes last either way. */
export function sortTracks(tracks: Track[], sort: readonly { key: TrackSortKey; descending: boolean }[]): Track[] {
  const keys = sort.length > 0 ? sort : (['artist', 'album', 'path'] as const).map((key) => ({ key, descending: false }));
  return tracks.toSorted((a, b) => {
    for (const { key, descending } of keys) {
      const order = compareValues(a[key], b[key]);
      const isMissing = a[key] === null || b[key] === null;
      if (order !== 0) return descending && !isMissing ? -order : order;
    }
    return a.id - b.id;
  });
}

/** Every word of the search occurs in the track, whatever its case and accents. */
export function trackMatches(track: Track, search: string): boolean {
  const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = plain([track.title, track.artist, track.album, track.genre, track.year, track.path].join('\n'));
  return words.every((word) => text.includes(word));
}
