/** @file Making activation profiles of rows of an index. */
import { activationProfile, standardiseTogether } from '../../inspect/index.ts';
import type { ProfileOrder, SeenProfile } from '../../service/index.ts';
import { ChunkFiles } from '../../store/activations/thread.ts';
import { readSampled } from './sampled-rows.ts';
import type { Told } from './told.ts';

/** One profile for each kind of music. */
export function profile({ directory, dimensions, parts, isStandard }: ProfileOrder, told: Told): SeenProfile[] {
  const files = new ChunkFiles(directory, dimensions);
  try {
    const rows = parts.map((part) => readSampled(files, part, dimensions));
    if (isStandard) standardiseTogether(rows, dimensions);
    return rows.map((part, at) => {
      told(at + 1);
      return { profile: activationProfile(part, dimensions), taken: part.length / dimensions };
    });
  } finally {
    files.close();
  }
}
