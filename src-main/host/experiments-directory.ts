/** @file Where the experiments of papers lie that come with Earmark. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder `resources/experiments`. */
export function experimentsDirectory(from = import.meta.url): string {
  return fileURLToPath(new URL('../../resources/experiments', from));
}

/** Their names, by the alphabet. */
export function shippedExperiments(): string[] {
  return readdirSync(experimentsDirectory())
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();
}

/** The file that a word means: a path, or the name of one that comes with Earmark. */
export function experimentPath(word: string): string {
  return shippedExperiments().includes(word) ? join(experimentsDirectory(), `${word}.json`) : word;
}
