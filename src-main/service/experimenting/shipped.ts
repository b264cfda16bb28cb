/** @file The experiments of papers that come with Earmark, by their names. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Their names, by the alphabet. @param directory where they lie; null: none came along */
export function shippedExperiments(directory: string | null): string[] {
  if (directory === null) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();
}

/** The file that a word means: a path, or the name of one that comes with Earmark. */
export function experimentPath(directory: string | null, word: string): string {
  return directory !== null && shippedExperiments(directory).includes(word) ? join(directory, `${word}.json`) : word;
}
