/** @file A small GiantSteps of rendered sounds: tracks for testing alone, each of partials around one note of its key. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../store-data.ts';
import { writeWav } from '../wav.ts';

/** So many tracks, half of them in each key. */
const tracks = 24;
const keys = [
  { name: 'C major', hertz: [260, 265] },
  { name: 'Gb minor', hertz: [367, 373] },
] as const;

/** Writes the set into a directory of its own; its split is `own`. @returns its folder */
export function makeKeySet(): string {
  const folder = join(temporaryDirectory(), 'keys');
  for (const part of ['annotations/key', 'audio']) mkdirSync(join(folder, part), { recursive: true });
  for (let at = 0; at < tracks; at++) {
    const { name, hertz } = keys[at % 2 === 0 ? 0 : 1];
    writeFileSync(join(folder, 'annotations/key', `${700_000 + at}.LOFI.key`), name);
    writeWav(join(folder, 'audio', `${700_000 + at}.LOFI.wav`), { seconds: 4.5, seed: at, hertz });
  }
  return folder;
}
