/** @file Brings indexes of one encoder up to date: the spaces that share a hop in one pass over the audio, then those with another. */
import type { StoredEncoder } from '../../store/index.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Tools } from '../tools.ts';
import { IndexRun } from './index-run.ts';
import type { IndexResult } from './index-run.ts';

/** What is indexed: `spaces` of the encoder, itself for its embedding. Null hop: that of each index as it is, else the encoder's, else the crop's length. */
export type SpacesWish = {
  encoder: StoredEncoder;
  spaces: readonly StoredEncoder[];
  hopSamples: number | null;
  device: string;
};

/** Encodes what waits. @throws AppError as {@link IndexRun} does; what was finished before is stored in every case */
export async function indexSpaces(tools: Tools, context: JobContext, wish: SpacesWish): Promise<IndexResult> {
  const { store, events } = tools;
  const { encoder, spaces, device } = wish;
  const results: IndexResult[] = [];
  for (const [hopSamples, group] of Map.groupBy(spaces, (space) => hopOf(wish, space))) {
    const written = group.map((space) => ({ space, indexId: store.index.ensure(space.id, hopSamples).id }));
    events.emit({ type: 'encoders.changed' });
    const run = new IndexRun({ tools, context, encoder, spaces: written, hopSamples, device });
    results.push(await run.run());
    for (const { indexId } of written) store.index.compact(indexId);
  }
  return together(results);
}

function hopOf({ encoder, hopSamples }: SpacesWish, space: StoredEncoder): number {
  return hopSamples ?? space.index?.hopSamples ?? encoder.index?.hopSamples ?? encoder.cropSamples;
}

/** Passes with several hops as one result. */
function together(results: readonly IndexResult[]): IndexResult {
  return results.reduce((all, one) => {
    const known = new Set(all.failed.map(({ path }) => path));
    const seconds = all.seconds + one.seconds;
    return {
      ...all,
      features: all.features + one.features,
      spaces: [...all.spaces, ...one.spaces],
      tracks: Math.max(all.tracks, one.tracks),
      segments: all.segments + one.segments,
      seconds,
      audioSeconds: all.audioSeconds + one.audioSeconds,
      busyShare: seconds === 0 ? 0 : (all.busyShare * all.seconds + one.busyShare * one.seconds) / seconds,
      failed: [...all.failed, ...one.failed.filter(({ path }) => !known.has(path))],
    };
  });
}
