/** @file Finding factors of rows of an index. */
import { factorsOf } from '../../inspect/index.ts';
import type { FactorsOrder, SeenFactors } from '../../service/index.ts';
import { ChunkFiles } from '../../store/activations/thread.ts';
import { readSampled } from './sampled-rows.ts';
import type { Told } from './told.ts';

/** The factors of the rows that are whole. */
export function factors({ directory, dimensions, rows, count }: FactorsOrder, told: Told): SeenFactors {
  const files = new ChunkFiles(directory, dimensions);
  try {
    const values = readSampled(files, rows, dimensions);
    told(1);
    return { ...factorsOf(values, dimensions, count), taken: values.length / dimensions };
  } finally {
    files.close();
  }
}
