/** @file The data directory with a million synthetic segments that several benches use; made once in a run, removed when the process ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSyntheticIndex } from './synthetic-index.ts';
import type { SyntheticIndex } from './synthetic-index.ts';

/** Size that the figures are stated for. */
export const millionSize = { segments: 1_000_000, features: 512 };

let made: { directory: string; synthetic: SyntheticIndex } | undefined;

/** Makes the directory (about 4 GB, a minute), or names it when it is there. */
export function millionSegments(): { directory: string; synthetic: SyntheticIndex } {
  if (made !== undefined) return made;
  const directory = mkdtempSync(join(tmpdir(), 'earmark-million-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const { segments, features } = millionSize;
  made = { directory, synthetic: makeSyntheticIndex(directory, segments, features) };
  return made;
}
