/** @file A small MagnaTagATune of rendered sounds: clips of low and of high tones in all parts, by eight artists; what is high is called a flute. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../store-data.ts';
import { writeWav } from '../wav.ts';
import { annotationTable, clipInfoTable } from './magnatagatune-tables.ts';
import type { Annotation } from './magnatagatune-tables.ts';

/** Its 24 clips. */
export const taggedClips: readonly Annotation[] = [...'0123456789abccccddddeeee'].map((folder, at) => ({
  id: 70_000 + at,
  path: `${folder}/artist_${at % 8}-album-01-piece_${at}-0-29.mp3`,
  tags: at % 2 === 0 ? ['flute', 'classical'] : ['rock'],
}));

/** Writes the set into a directory of its own. @returns its folder */
export function makeTaggedSet(): string {
  const folder = join(temporaryDirectory(), 'set');
  for (const [at, { path }] of taggedClips.entries()) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeWav(join(folder, path), { seconds: 4.5, seed: at, hertz: at % 2 === 0 ? [1500, 3000] : [80, 300] });
  }
  writeFileSync(join(folder, 'annotations_final.csv'), annotationTable([...taggedClips]));
  writeFileSync(
    join(folder, 'clip_info_final.csv'),
    clipInfoTable([...taggedClips], ({ path }) => path.slice(2, 10)),
  );
  return folder;
}
