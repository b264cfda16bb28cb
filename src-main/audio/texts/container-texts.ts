/**
 * @file Texts that FFmpeg reads where TagLib has no eyes: Core Audio files, Matroska, AIFF's own name chunks, ID3 in RF64, and tempos with decimals
 * wherever they stand.
 */
import { metadataOf } from '../open-audio.ts';
import { genresOf } from './id3-genres.ts';
import type { Texts } from './id3-texts.ts';

/** FFmpeg's keys in small letters; earlier ones go first. */
const names: readonly (readonly [key: string, as: string])[] = [
  ['title', 'title'],
  ['artist', 'artist'],
  ['author', 'artist'],
  ['album', 'album'],
  ['album_artist', 'albumArtist'],
  ['album artist', 'albumArtist'],
  ['albumartist', 'albumArtist'],
  ['date', 'date'],
  ['year', 'date'],
  ['wm/year', 'date'],
  ['date_released', 'date'],
  ['date_recorded', 'date'],
  ['genre', 'genre'],
  ['track', 'trackNumber'],
  ['part_number', 'trackNumber'],
  ['disc', 'discNumber'],
  ['composer', 'composer'],
  ['tbpm', 'bpm'],
  ['bpm', 'bpm'],
  ['tempo', 'bpm'],
  ['wm/beatsperminute', 'bpm'],
  ['mood', 'mood'],
  ['grouping', 'grouping'],
];

/**
 * Reads what a file's container says.
 * @param path stored form (see `toStoredPath`)
 * @returns texts under TagLib's names; empty where FFmpeg cannot open the file
 */
export function containerTexts(path: string): Texts {
  const said = new Map(Object.entries(metadataOf(path)).map(([key, value]) => [key.toLowerCase(), value]));
  const texts: Texts = new Map();
  for (const [key, as] of names) {
    const value = said.get(key)?.trim() ?? '';
    const values = as === 'genre' ? genresOf(value) : [value].filter((text) => text !== '');
    if (values.length > 0 && !texts.has(as)) texts.set(as, values);
  }
  return texts;
}
