/** @file Means over rows of an index, several spaces beside each other: what one of them has no finite numbers for is left out of all. */
import { standardRows } from '../../inspect/index.ts';
import type { MeansOfRows, SpaceMeans } from '../../service/index.ts';
import { ChunkFiles } from '../../store/activations/thread.ts';

/** Reads them: `[means, dimensions]`; numbers that are not finite stay. */
export function readMeans({ directory, dimensions, rows, counts }: MeansOfRows): Float32Array {
  const files = new ChunkFiles(directory, dimensions);
  try {
    const values = new Float32Array(counts.length * dimensions);
    let at = 0;
    for (const [place, count] of counts.entries()) {
      const own = values.subarray(place * dimensions, (place + 1) * dimensions);
      readMean(files, rows.subarray(at, at + count), own);
      at += count;
    }
    return values;
  } finally {
    files.close();
  }
}

function readMean(files: ChunkFiles, rows: Int32Array, mean: Float32Array): void {
  const row = new Float32Array(mean.length);
  const sums = new Float64Array(mean.length);
  for (const number of rows) {
    files.readRows(number, row);
    for (let i = 0; i < row.length; i++) sums[i] = (sums[i] as number) + (row[i] as number) / rows.length;
  }
  mean.set(sums);
}

/** Places at which every space has finite numbers. */
export function wholePlaces(all: readonly Float32Array[], dimensions: readonly number[]): Int32Array {
  const count = (all[0]?.length ?? 0) / (dimensions[0] ?? 1);
  const places = Array.from({ length: count }, (_, place) => place);
  const isWhole = (place: number): boolean =>
    all.every((values, at) => {
      const width = dimensions[at] as number;
      return values.subarray(place * width, (place + 1) * width).every(Number.isFinite);
    });
  return Int32Array.from(places.filter(isWhole));
}

/** Rows at some places. */
export function rowsAt(values: Float32Array, width: number, places: Int32Array): Float32Array {
  if (places.length * width === values.length) return values;
  const kept = new Float32Array(places.length * width);
  for (const [at, place] of places.entries()) kept.set(values.subarray(place * width, (place + 1) * width), at * width);
  return kept;
}

/** Neurons in units of their own are brought to one scale; all others stay as they are. */
export function scaled(values: Float32Array, { dimensions, isStandard }: SpaceMeans): Float32Array {
  return isStandard ? standardRows({ values, count: values.length / dimensions, width: dimensions }).values : values;
}
