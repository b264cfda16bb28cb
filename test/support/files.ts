/** @file The checkout's own files, for the tests that look at all of them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the checkout. */
export const top = fileURLToPath(new URL('../..', import.meta.url));

const foreign = new Set(['.git', 'node_modules', 'out', 'dist', 'shared', 'coverage', '.cache', '.venv', '__pycache__', 'test-results']);

/**
 * Paths from the top of the checkout, with `/`, sorted; what is built, installed or fetched is left out.
 * @param folder where to begin, from the top
 */
export function listFiles(folder = ''): string[] {
  return readdirSync(join(top, folder), { withFileTypes: true })
    .filter((entry) => !foreign.has(entry.name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? listFiles(path) : entry.isFile() ? [path] : [];
    })
    .sort();
}
