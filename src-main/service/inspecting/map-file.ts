/** @file Maps that were drawn, in files that may be deleted: one a wish, so that a map opens at once. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeWhole } from '../../base/index.ts';
import { bytesFromBase64, keptMapSchema } from '../../contract/index.ts';
import type { KeptMap, MapWish } from '../../contract/index.ts';
import type { DataPaths } from '../../store/index.ts';

type Paths = Pick<DataPaths, 'cached'>;

function pathOf(paths: Paths, { encoderId, method, level, tracks, perTrack }: MapWish): string {
  return paths.cached('maps', `${encoderId}-${method}-${level}-${tracks ?? 'all'}-${perTrack ?? 'all'}.json`);
}

/** The map of a wish; null where there is none, or none that can be read. */
export async function readMap(paths: Paths, wish: MapWish): Promise<KeptMap | null> {
  try {
    return keptMapSchema.parse(JSON.parse(await readFile(pathOf(paths, wish), 'utf8')));
  } catch {
    // What cannot be read is drawn again.
    return null;
  }
}

/** Keeps a map. @throws AppError of the file system */
export async function writeMap(paths: Paths, wish: MapWish, map: KeptMap): Promise<void> {
  const path = pathOf(paths, wish);
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, JSON.stringify(map), 'keep the map');
}

/** The whole numbers of an array that is kept. */
export function integersOf(text: string): Int32Array {
  return new Int32Array(bytesFromBase64(text).buffer);
}
