/** @file Crops of held-out tracks, one after the other, and labels that come with a batch. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { decodeMono } from '../../../../src-main/audio/index.ts';
import { pretraining } from '../../../../src-main/contract/index.ts';
import type { TrainTrack } from '../../../../src-main/service/index.ts';
import { createBatchFeed } from '../../../../src-main/worker/feed/index.ts';
import type { BatchFeed } from '../../../../src-main/worker/feed/index.ts';
import { writeWav } from '../../../support/wav.ts';

const [sampleRate, cropSamples] = [8000, 4000];

function feedOf(cacheMegabytes: number, problems: string[] = []): { feed: BatchFeed; tracks: TrainTrack[] } {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-consecutive-'));
  const tracks = [0, 1, 2].map((at) => ({ trackId: at + 1, path: join(folder, `${at}.wav`), audioHash: `hash ${at}`, durationMs: 3000 }));
  for (const [at, { path }] of tracks.entries()) writeWav(path, { seconds: 3, seed: at + 1, sampleRate });
  const parts = [
    { name: 'crop', content: { kind: 'crop' }, shape: [cropSamples] },
    { name: 'labels', content: { kind: 'labels' }, shape: [2] },
  ] as const;
  const feed = createBatchFeed({
    ...{
      tracks: tracks.slice(0, 2),
      heldOut: tracks.slice(2),
      sampleRate,
      cropSamples,
      parts,
      batch: 2,
      seed: 5,
      cacheMegabytes,
      threads: 1,
    },
    labels: new Map(tracks.map(({ trackId }) => [trackId, Float32Array.of(trackId / 10, 1)])),
    augmentation: pretraining.recipeDefaults.clmr.augmentation,
    cacheDirectory: join(folder, 'cache'),
    report: { problem: (_, path) => void problems.push(path), preparing: () => undefined },
  });
  onTestFinished(async () => {
    await feed.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { feed, tracks };
}

it.each([0, 100])('crops lie one after the other around the middle of a track, with %s MB of cache', async (cacheMegabytes) => {
  const { feed, tracks } = feedOf(cacheMegabytes);
  await feed.prepare();
  const held = tracks[2] as TrainTrack;
  feed.expect([held]);
  const whole = Float32Array.from([...decodeMono(held.path, { sampleRate })].flatMap((block) => [...block]));
  const near = (crops: Float32Array[] | null, from: number): void => {
    for (const [at, crop] of (crops ?? []).entries()) {
      const start = from + at * cropSamples;
      const largest = Math.max(...crop.map((value, place) => Math.abs(value - (whole[start + place] ?? NaN))));
      expect(largest, `crop ${at}`).toBeLessThan(1e-4);
    }
  };
  // Of the three seconds all but a quarter at the end are sure.
  const three = await feed.consecutive(held, 3);
  expect(three).toHaveLength(3);
  near(three, 5000);
  const all = await feed.consecutive(held, 100);
  expect(all).toHaveLength(5);
  near(all, 1000);
});

it('labels of a batch are those of its tracks, in their places', async () => {
  const { feed } = feedOf(100);
  await feed.prepare();
  const { parts, trackIds } = await feed.batch(0);
  expect(Array.from(parts['labels'] ?? [])).toEqual([...trackIds].flatMap((trackId) => [Math.fround(trackId / 10), 1]));
});

it('a track that cannot be heard gives no crops, and is told of once', async () => {
  const problems: string[] = [];
  const { feed, tracks } = feedOf(100, problems);
  await feed.prepare();
  const gone = { ...(tracks[2] as TrainTrack), path: '/gone.wav', trackId: 9, audioHash: 'gone' };
  expect(await feed.consecutive(gone, 3)).toBeNull();
  expect(await feed.consecutive(gone, 3)).toBeNull();
  expect(problems).toEqual(['/gone.wav']);
  expect([...feed.unusable]).toEqual([9]);
});
