/** @file The tracks of the seeded library, drawn from a seed: plausible names, genres, years and lengths, the same on every run. */

const genres = ['orchestral', 'ambient', 'techno', 'jazz', 'rock', 'folk', 'hip hop', 'soundtrack', 'drum and bass', ''];
const firstWords = ['Northern', 'Silent', 'Battle', 'Knoll', 'Winter', 'Glass', 'Hollow', 'Red', 'Distant', 'Morning', 'Iron', 'Velvet'];
const secondWords = [
  ...['Epic', 'Fields', 'March', 'River', 'Machines', 'Lullaby'],
  ...['Signals', 'Harbour', 'Étude', 'Wanderer', 'Dance', 'Static'],
];
const artists = [
  ...['Aurora Keane', 'Timber & Wire', 'Mattias Örn', 'The Low Countries'],
  ...['Ines Valdés', 'Old Harbour Trio', 'Kite Assembly', 'Søren Falk'],
];

/** The folders that the tracks lie in, below the library's own. */
export const seedFolders = ['Music', 'Vinyl rips'] as const;

/** A track to be written. `recording`: number of the track whose sound it has; another's for a duplicate. */
export type PlannedTrack = {
  folder: (typeof seedFolders)[number];
  /** Names below the folder. */
  place: readonly string[];
  title: string;
  artist: string;
  album: string;
  year: number | null;
  genre: string;
  seconds: number;
  recording: number;
  hasCover: boolean;
  outcome: 'indexed' | 'partial' | 'failed';
};

/** Mixes two integers to a number in [0, 1): Prospector's 32-bit hash. */
export function noise(a: number, b: number): number {
  let x = (Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 0x85eb, 0x85ebca6b)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

function pick(list: readonly string[], at: number): string {
  return list[Math.floor(at * list.length)] ?? '';
}

/** Tracks that lie in the library more than once: each with the one whose recording it is. */
const copies = new Map([
  [1, 0],
  [2, 0],
  [13, 12],
  [31, 30],
]);

/**
 * The track with a number.
 * @param number from 0
 */
export function plannedTrack(number: number): PlannedTrack {
  const recording = copies.get(number) ?? number;
  const roll = (channel: number): number => noise(number, channel);
  const own = (channel: number): number => noise(recording, channel);
  const artist = own(2) < 0.04 ? '' : pick(artists, own(3));
  const title = `${pick(firstWords, own(4))} ${pick(secondWords, own(5))}${recording % 3 === 0 ? '' : ` ${1 + Math.floor(recording / 40)}`}`;
  const album = roll(6) < 0.08 ? '' : `${pick(secondWords, roll(7))} ${1 + Math.floor(roll(8) * 4)}`;
  return {
    folder: roll(1) < 0.8 ? 'Music' : 'Vinyl rips',
    place: [artist || 'Unknown', album || 'Singles', `${String(1 + number).padStart(3, '0')} ${title}.wav`],
    ...{ title, artist, album, recording },
    year: roll(10) < 0.12 ? null : 1962 + Math.floor(roll(11) * 63),
    genre: pick(genres, own(12)),
    seconds: 20 + Math.floor(own(13) ** 2 * 25),
    hasCover: number % 3 !== 2,
    outcome: number % 67 === 33 ? 'failed' : number % 41 === 17 ? 'partial' : 'indexed',
  };
}
