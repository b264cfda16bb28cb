/**
 * @file Training pairs a second from the whole feed with every track in the cache, and how long a device would wait for them that keeps the process
 * busy between two steps, as training on the processor does. Tracks are generated.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pretraining } from '../../src-main/contract/index.ts';
import type { TrainTrack } from '../../src-main/service/index.ts';
import { createBatchFeed } from '../../src-main/worker/feed/index.ts';
import type { BatchFeed } from '../../src-main/worker/feed/index.ts';
import { writeWav } from '../support/wav.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { viewParts } from '../support/views.ts';

const sampleRate = 22_050;
const cropSamples = 59_049;
const batch = 48;
const trackCount = 60;
const trackSeconds = 30;
const steps = 6;
/** Clips a second that training takes, far above what processors reach; a step of the bench is as long. */
const deviceClipsPerSecond = 60;

/** Runs the bench; takes about forty seconds. */
export async function feedBench(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-bench-'));
  try {
    const tracks = makeTracks(folder);
    const rows: BenchRow[] = [];
    const everyTrack = async (feed: BatchFeed): Promise<unknown> => Promise.all(tracks.map(({ trackId }) => feed.view(trackId, 0, 0)));
    const first = await timed(() => withFeed(folder, tracks, 2, everyTrack));
    rows.push({
      what: 'tracks decoded into the cache, a view of each',
      value: (trackCount * trackSeconds) / first.seconds,
      unit: 's of audio per s',
    });
    const again = await timed(() => withFeed(folder, tracks, 2, everyTrack));
    rows.push({ what: 'tracks found in the cache, a view of each', value: trackCount / again.seconds, unit: 'tracks/s' });
    rows.push(await withFeed(folder, tracks, 0, pairsPerSecond));
    rows.push(await withFeed(folder, tracks, 2, idleShare));
    return { name: 'feed', rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeTracks(folder: string): TrainTrack[] {
  mkdirSync(join(folder, 'music'));
  return Array.from({ length: trackCount }, (_, index) => {
    const path = join(folder, 'music', `${index}.wav`);
    writeWav(path, { seconds: trackSeconds, seed: index + 1, sampleRate });
    return { trackId: index + 1, path, audioHash: `hash-${index}`, durationMs: trackSeconds * 1000 };
  });
}

async function withFeed<T>(folder: string, tracks: TrainTrack[], ahead: number, run: (feed: BatchFeed) => Promise<T>): Promise<T> {
  const feed = createBatchFeed({
    tracks,
    sampleRate,
    cropSamples,
    parts: viewParts(cropSamples),
    batch,
    seed: 1,
    augmentation: pretraining.augmentationSets.released,
    cacheDirectory: join(folder, 'cache'),
    cacheMegabytes: 1000,
    threads: 1,
    ahead,
    report: {
      problem: (_, path, __, message) => {
        throw new Error(`${path}: ${message}`);
      },
      preparing: () => undefined,
    },
  });
  try {
    return await run(feed);
  } finally {
    await feed.close();
  }
}

async function timed(run: () => Promise<unknown>): Promise<{ seconds: number }> {
  const startedAt = performance.now();
  await run();
  return { seconds: (performance.now() - startedAt) / 1000 };
}

async function pairsPerSecond(feed: BatchFeed): Promise<BenchRow> {
  await feed.prepare();
  await feed.batch(0);
  const { seconds } = await timed(async () => {
    for (let step = 1; step <= steps; step++) await feed.batch(step);
  });
  return { what: `pairs, batch ${batch}, one thread, cache hit`, value: (steps * batch) / seconds, unit: 'pairs/s' };
}

async function idleShare(feed: BatchFeed): Promise<BenchRow> {
  await feed.prepare();
  await feed.batch(0);
  const stepMs = (2000 * batch) / deviceClipsPerSecond;
  let waitedMs = 0;
  for (let step = 1; step <= steps; step++) {
    // As ONNX Runtime does: asked for a step, it keeps the thread until the step is done.
    await new Promise((resolve) => setImmediate(resolve));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stepMs);
    waitedMs += (await feed.batch(step)).waitedMs;
  }
  const value = (100 * waitedMs) / (waitedMs + steps * stepMs);
  return { what: `device idle at ${deviceClipsPerSecond} clips/s, thread blocked during steps`, value, unit: '%' };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await feedBench(), null, 1));
