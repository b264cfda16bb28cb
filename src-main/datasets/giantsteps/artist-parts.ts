/** @file Which tracks of the GiantSteps MTG key data set are learnt from and which validate: by artist, as JukeMIR parts them (Castellon, Donahue and Liang 2021). */
import { hashPlace } from '../part-hash.ts';

const ratios = { train: 100, validation: 16 };

/**
 * A function that tells the part of a track by its artists.
 * @param all of every track in the metadata, as they are written there: names with commas between
 */
export function artistParts(all: readonly string[]): (artists: string) => 'train' | 'validation' {
  const tracks = all.map(namesIn);
  const validating = new Set<string>();
  for (const name of tracks.flat())
    if (hashPlace(name.toLowerCase(), ratios.train + ratios.validation) >= ratios.train) validating.add(name);
  // Who works with somebody who validates does so too; twice, for those who work with them.
  for (let round = 0; round < 2; round++)
    for (const names of tracks) if (names.some((name) => validating.has(name))) for (const name of names) validating.add(name);
  return (artists) => (validating.has(namesIn(artists)[0] ?? '') ? 'validation' : 'train');
}

const namesIn = (artists: string): string[] =>
  artists
    .trim()
    .split(',')
    .map((name) => name.trim());
