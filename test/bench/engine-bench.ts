/** @file The neighbour engine alone, in the bench's own process: what it builds, takes and answers, and its vectors in a file for other programs. */
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src-main/base/index.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { NeighbourEngine } from '../../src-main/service/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import type { Store } from '../../src-main/store/index.ts';
import type { SyntheticIndex } from './synthetic-index.ts';

/** Calls `work` with an engine on a data directory that nothing else uses meanwhile. */
export async function withEngine<T>(directory: string, work: (engine: NeighbourEngine, store: Store) => Promise<T>): Promise<T> {
  const store = openStore(directory);
  const events = { emit: () => undefined, subscribe: async function* () {} };
  const engine = new NeighbourEngine({ store, entries: sourceEntries, events: events as never });
  try {
    return await work(engine, store);
  } finally {
    await engine.close();
    store.close();
  }
}

/** Seconds that something takes, and the memory that the process grows by meanwhile. */
export async function building(work: () => Promise<unknown>): Promise<{ buildSeconds: number; memoryBytes: number }> {
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  await work();
  return { buildSeconds: (performance.now() - startedAt) / 1000, memoryBytes: process.memoryUsage().rss - before };
}

/** Bytes of what the engine keeps beside an index. */
export function keptBytes(store: Store, { indexId }: SyntheticIndex, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + statSync(join(store.paths.index(indexId), name)).size, 0);
}

/** A segment that is asked about. */
export type Asked = { row: number; trackId: number; segment: number; vector: Float32Array };

/** Random segments of a library, the same ones every time. */
export async function askedSegments(engine: NeighbourEngine, { encoderId, features }: SyntheticIndex, count: number): Promise<Asked[]> {
  const { trackIds } = await engine.trackSpace(encoderId);
  const random = seededRandom(8);
  const asked: Asked[] = [];
  for (let i = 0; i < count; i++) {
    const trackId = trackIds[random.below(trackIds.length)] as number;
    const matrix = engine.segmentVectors(encoderId, trackId);
    const segment = random.below(matrix.length / features);
    const vector = matrix.slice(segment * features, (segment + 1) * features);
    const { rows } = await engine.segmentTop(encoderId, vector, { count: 1, exact: true });
    asked.push({ row: rows[0] as number, trackId, segment, vector });
  }
  return asked;
}

/** Writes the segments' unit vectors in the index's order, or the tracks' in theirs, float32. */
export async function writeVectors(
  { engine, store, path }: { engine: NeighbourEngine; store: Store; path: string },
  { encoderId, indexId }: SyntheticIndex,
  of: 'segments' | 'tracks',
): Promise<void> {
  const space = await engine.trackSpace(encoderId);
  const runs = store.index.liveRuns(indexId, { after: 0, limit: space.trackIds.length }).sort((a, b) => a.firstRow - b.firstRow);
  const file = openSync(path, 'w');
  const write = (values: Float32Array): number => writeSync(file, new Uint8Array(values.slice().buffer));
  if (of === 'segments') for (const { trackId } of runs) write(engine.segmentVectors(encoderId, trackId));
  else for (const position of space.trackIds.keys()) write(space.vector(position));
  closeSync(file);
}

/** How long each of these takes, in ms, and what it gives. */
export async function timed<In, Out>(
  inputs: readonly In[],
  work: (input: In) => Promise<Out>,
): Promise<{ times: number[]; answers: Out[] }> {
  const [times, answers]: [number[], Out[]] = [[], []];
  for (const input of inputs) {
    const start = performance.now();
    answers.push(await work(input));
    times.push(performance.now() - start);
  }
  return { times, answers };
}
