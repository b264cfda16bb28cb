/** @file Making activation profiles of rows of an index. */
import { activationProfile, standardiseTogether } from '../../inspect/index.ts';
import type { ProfileOrder, RowsOfIndex, SeenProfile } from '../../service/index.ts';
import { ChunkFiles } from '../../store/activations/thread.ts';
import { readSampled } from './sampled-rows.ts';
import type { Told } from './told.ts';

/** One profile for each kind of music. */
export function profile({ dimensions, parts, isStandard }: ProfileOrder, told: Told): SeenProfile[] {
  const rows = parts.map((part) => rowsOf(part, dimensions));
  if (isStandard) standardiseTogether(rows, dimensions);
  return rows.map((part, at) => {
    told(at + 1);
    return { profile: activationProfile(part, dimensions), taken: part.length / dimensions };
  });
}

function rowsOf({ directory, rows }: RowsOfIndex, dimensions: number): Float32Array {
  const files = new ChunkFiles(directory, dimensions);
  try {
    return readSampled(files, rows, dimensions);
  } finally {
    files.close();
  }
}
