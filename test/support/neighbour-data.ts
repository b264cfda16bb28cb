/** @file Libraries of made-up embeddings for tests of neighbours, and the plainest way to the same answers. */
import { onTestFinished } from 'vitest';
import { seededRandom } from '../../src-main/base/index.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import type { EncoderId, TrackId } from '../../src-main/contract/index.ts';
import { NeighbourEngine } from '../../src-main/service/index.ts';
import type { IndexId, Store } from '../../src-main/store/index.ts';
import { smallEncoder, trackFile } from './store-data.ts';

/** A library with one encoder. */
export type VectorLibrary = { store: Store; encoderId: EncoderId; dimensions: number };

/** An encoder with an empty index. */
export function vectorLibrary(store: Store, dimensions: number): VectorLibrary {
  const encoderId = store.encoders.add(smallEncoder(dimensions)).id;
  store.index.ensure(encoderId, 100);
  return { store, encoderId, dimensions };
}

/** Random rows about a random centre, far from zero: float32 `[rows, dimensions]`. */
export function cluster(seed: number, rows: number, dimensions: number): Float32Array {
  const random = seededRandom(seed);
  const centre = Float32Array.from({ length: dimensions }, () => 3 + random.normal());
  return Float32Array.from({ length: rows * dimensions }, (_, at) => (centre[at % dimensions] as number) + 0.7 * random.normal());
}

/** Adds tracks with these rows, or replaces their audio and rows; returns their numbers. */
export function addTracks({ store, encoderId }: VectorLibrary, tracks: Record<string, Float32Array>): TrackId[] {
  const writer = store.index.writer(store.index.current(encoderId)?.id as IndexId);
  const ids = Object.entries(tracks).map(([name, rows]) => {
    const audioHash = `${name} ${rows.length} ${rows[0]}`;
    const { id } = store.tracks.upsert(trackFile(store, name, { audioHash }));
    writer.begin(id, audioHash);
    writer.append(rows);
    writer.finish();
    return id;
  });
  writer.close();
  return ids;
}

/** Random tracks of 1 to `longest` segments. */
export function randomTracks(
  seed: number,
  count: number,
  { dimensions, longest = 40 }: { dimensions: number; longest?: number },
): Record<string, Float32Array> {
  const random = seededRandom(seed);
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${seed}-${i}`, cluster(seed * 1000 + i, 1 + random.below(longest), dimensions)]),
  );
}

/** An engine over real threads that is closed after the test. */
export function engineOf(store: Store, limits?: ConstructorParameters<typeof NeighbourEngine>[1]): NeighbourEngine {
  const events = { emit: () => undefined, subscribe: async function* () {} };
  const engine = new NeighbourEngine({ store, entries: sourceEntries, events: events as never }, limits);
  onTestFinished(() => engine.close());
  return engine;
}

/** A segment as the plain search sees it. */
export type PlainSegment = { trackId: number; segment: number; vector: Float64Array };

/** Every segment that can be shown, centred and of length 1, in float64. */
export function plainSegments({ store, encoderId, dimensions }: VectorLibrary): PlainSegment[] {
  const { total, rows } = store.index.query(encoderId, { features: [], sort: [], search: '', offset: 0, limit: 1e6 });
  const matrix = new Map([...new Set(rows.map(({ trackId }) => trackId))].map((id) => [id, store.index.embeddings(encoderId, id)]));
  const raw = rows.map(({ trackId, segment }) => {
    const all = matrix.get(trackId) ?? new Float32Array(0);
    return { trackId, segment, vector: Float64Array.from(all.subarray(segment * dimensions, (segment + 1) * dimensions)) };
  });
  const mean = new Float64Array(dimensions);
  for (const { vector } of raw) for (const [i, value] of vector.entries()) mean[i] = (mean[i] as number) + value / total;
  return raw.map((one) => ({ ...one, vector: unit(one.vector.map((value, i) => value - (mean[i] as number))) }));
}

/** Every track's mean, centred by the mean of those and of length 1, in float64. */
export function plainTracks(library: VectorLibrary): { trackId: number; vector: Float64Array }[] {
  const { store, encoderId, dimensions } = library;
  const ids = [...new Set(plainSegments(library).map(({ trackId }) => trackId))].sort((a, b) => a - b);
  const means = ids.map((id) => {
    const rows = store.index.embeddings(encoderId, id as TrackId);
    const count = rows.length / dimensions;
    return Float64Array.from({ length: dimensions }, (_, i) => {
      let sum = 0;
      for (let row = 0; row < count; row++) sum += rows[row * dimensions + i] as number;
      return sum / count;
    });
  });
  const mean = Float64Array.from({ length: dimensions }, (_, i) => means.reduce((sum, one) => sum + (one[i] as number), 0) / means.length);
  return ids.map((trackId, i) => ({ trackId, vector: unit((means[i] as Float64Array).map((value, k) => value - (mean[k] as number))) }));
}

/** The cosine in which feature i counts `weights[i]` times. */
export function plainCosine(a: ArrayLike<number>, b: ArrayLike<number>, weights: ArrayLike<number> | null = null): number {
  let [dot, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const weight = weights?.[i] ?? 1;
    dot += weight * (a[i] as number) * (b[i] as number);
    squareA += weight * (a[i] as number) ** 2;
    squareB += weight * (b[i] as number) ** 2;
  }
  return squareA > 0 && squareB > 0 ? dot / Math.sqrt(squareA * squareB) : 0;
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
