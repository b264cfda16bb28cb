/** @file The live part of an index as columns: which tracks are in it, and which rows each has. */

/** One run of rows a track; ascending by track. `audio` tells which audio the rows were made from, as 32 bits. */
export type Runs = { trackIds: Int32Array; firstRows: Uint32Array; segments: Uint32Array; audio: Uint32Array };

/** Runs with the place of each one's first segment in memory, where they lie one behind the other; `total` is behind the last. */
export type PlacedRuns = Runs & { starts: Uint32Array; total: number };

/** Lays runs out one behind the other. Where they start, in memory and in the files, is shared with threads, which are told of it at every question. */
export function placeRuns(runs: Runs): PlacedRuns {
  const starts = sharedNumbers(runs.segments.length);
  const firstRows = sharedNumbers(runs.segments.length);
  firstRows.set(runs.firstRows);
  let total = 0;
  for (const [i, segments] of runs.segments.entries()) {
    starts[i] = total;
    total += segments;
  }
  return { ...runs, firstRows, starts, total };
}

/** Numbers that threads see without a copy. */
export function sharedNumbers(count: number): Uint32Array<SharedArrayBuffer> {
  return new Uint32Array(new SharedArrayBuffer(count * Uint32Array.BYTES_PER_ELEMENT));
}

/** The same as float32. */
export function sharedFloats(count: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(count * Float32Array.BYTES_PER_ELEMENT));
}

/** The runs with these numbers, in that order. */
export function pickRuns(runs: Runs, picked: ArrayLike<number>): Runs {
  const of = <Column extends Int32Array | Uint32Array>(column: Column): Column => {
    const part = column.slice(0, picked.length) as Column;
    for (let i = 0; i < picked.length; i++) part[i] = column[picked[i] as number] as number;
    return part;
  };
  return { trackIds: of(runs.trackIds), firstRows: of(runs.firstRows), segments: of(runs.segments), audio: of(runs.audio) };
}

/** True when two tables say the same. */
export function sameRuns(a: Runs, b: Runs): boolean {
  const same = (x: Int32Array | Uint32Array, y: Int32Array | Uint32Array): boolean =>
    x.length === y.length && x.every((value, i) => value === y[i]);
  return same(a.trackIds, b.trackIds) && same(a.firstRows, b.firstRows) && same(a.segments, b.segments) && same(a.audio, b.audio);
}

/** The number of the run that a place in memory belongs to. */
export function runAtPlace(starts: Uint32Array, place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The number of a track's run; -1 when it has none. */
export function runOfTrack(trackIds: Int32Array, trackId: number): number {
  let low = 0;
  let high = trackIds.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = trackIds[middle] as number;
    if (found === trackId) return middle;
    if (found < trackId) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
