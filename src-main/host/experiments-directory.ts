/** @file Where the experiments of papers lie that come with Earmark. */
import { fileURLToPath } from 'node:url';

/** The folder `resources/experiments`. */
export function experimentsDirectory(from = import.meta.url): string {
  return fileURLToPath(new URL('../../resources/experiments', from));
}
