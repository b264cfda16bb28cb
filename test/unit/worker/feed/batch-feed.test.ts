import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pretraining } from '../../../../src-main/contract/index.ts';
import type { TrainTrack } from '../../../../src-main/service/index.ts';
import { createBatchFeed } from '../../../../src-main/worker/feed/index.ts';
import type { BatchFeed, BatchFeedOptions } from '../../../../src-main/worker/feed/index.ts';
import { writeWav } from '../../../support/wav.ts';
import { viewParts, wavesIn } from '../../../support/views.ts';

const sampleRate = 8000;
const cropSamples = 4000;
const music = mkdtempSync(join(tmpdir(), 'earmark-feed-music-'));
let cache: string;
let open: BatchFeed[] = [];

beforeAll(() => {
  for (let i = 0; i < 6; i++) writeWav(join(music, `${i}.wav`), { seconds: 2 + i / 2, seed: i + 1, sampleRate });
  writeWav(join(music, 'short.wav'), { seconds: 0.2, seed: 9, sampleRate });
});
afterAll(() => rmSync(music, { recursive: true }));
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'earmark-feed-cache-'));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((feed) => feed.close()));
  rmSync(cache, { recursive: true, force: true });
});

const trackOf = (index: number, name = `${index}.wav`): TrainTrack => ({
  trackId: index + 1,
  path: join(music, name),
  audioHash: `hash-${name}`,
  durationMs: (2 + index / 2) * 1000,
});
const six = Array.from({ length: 6 }, (_, index) => trackOf(index));

type Problem = { trackId: number; code: string; message: string };

function feedOf(options: Partial<BatchFeedOptions> = {}, problems: Problem[] = []): BatchFeed {
  const feed = createBatchFeed({
    tracks: six,
    sampleRate,
    cropSamples,
    parts: viewParts(cropSamples),
    batch: 3,
    seed: 5,
    augmentation: pretraining.recipeDefaults.clmr.augmentation,
    cacheDirectory: cache,
    cacheMegabytes: 100,
    threads: 1,
    report: { problem: (trackId, _, code, message) => void problems.push({ trackId, code, message }), preparing: () => undefined },
    ...options,
  });
  open.push(feed);
  return feed;
}

async function wavesOf(feed: BatchFeed, steps: readonly number[]): Promise<Float32Array[]> {
  await feed.prepare();
  const waves: Float32Array[] = [];
  for (const step of steps) waves.push(wavesIn(await feed.batch(step)));
  return waves;
}

/** Takes steps; enough of them look at every track. */
async function takeSteps(feed: BatchFeed, count: number): Promise<number[][]> {
  await feed.prepare();
  const seen: number[][] = [];
  for (let step = 0; step < count; step++) seen.push([...(await feed.batch(step)).trackIds]);
  return seen;
}

describe('a feed of batches', () => {
  it('changes nothing about the sound for Myna, and draws from seed and step which patches are looked at', async () => {
    const { augmentation } = pretraining.recipeDefaults.myna;
    const kept = { name: 'first-square', content: { kind: 'patches', of: 48, kept: 5 }, shape: [5] } as const;
    const remembered = { name: 'remembered', content: { kind: 'remembered' }, shape: [1] } as const;
    const parts = [...viewParts(cropSamples), kept, remembered];
    const plain = [{ name: 'first', content: { kind: 'crop' }, shape: [cropSamples] }] as const;
    const [whole, late, crops] = [feedOf({ augmentation, parts }), feedOf({ augmentation, parts }), feedOf({ parts: plain })];
    for (const feed of [whole, late, crops]) await feed.prepare();
    const steps = [await whole.batch(0), await whole.batch(1), await whole.batch(2)];
    const again = await late.batch(2);
    expect(again.parts).toEqual(steps[2]?.parts);
    expect(steps[2]?.parts['first']).toEqual((await crops.batch(2)).parts['first']);
    expect(steps[2]?.parts['second']).not.toEqual(steps[2]?.parts['first']);
    expect(new Set(steps.map((step) => String(step.parts['first-square']))).size).toBe(3);
    expect([...(again.parts['remembered'] ?? [])]).toEqual([0, 0, 0]);
    for (const view of [0, 1] as const) expect((await whole.view(2, 3, view)).applied).toEqual([]);
  });

  it('tells what there is, and gives two views of as many tracks as the batch', async () => {
    const feed = feedOf();
    expect(await feed.prepare()).toEqual({ tracks: 6, tooShort: 0, stepsPerEpoch: 2 });
    const { parts, trackIds } = await feed.batch(0);
    const waves = wavesIn({ parts });
    expect(waves).toHaveLength(2 * 3 * cropSamples);
    expect(waves.every(Number.isFinite)).toBe(true);
    expect(new Set(trackIds).size).toBe(3);
    const other = await feed.batch(1);
    expect(new Set([...trackIds, ...other.trackIds]).size).toBe(6);
  });

  it('gives the same whatever the threads, the cache, the order of the library and where it begins', async () => {
    const [reference = new Float32Array(0), third = new Float32Array(0)] = await wavesOf(feedOf(), [0, 2]);
    expect((await wavesOf(feedOf({ threads: 3, ahead: 0 }), [0]))[0]).toEqual(reference);
    expect((await wavesOf(feedOf({ cacheMegabytes: 0, cacheDirectory: join(cache, 'none') }), [0]))[0]).toEqual(reference);
    const shuffled = six.toReversed().map((track, index) => ({ ...track, trackId: 100 + index }));
    expect((await wavesOf(feedOf({ tracks: shuffled }), [0]))[0]).toEqual(reference);
    expect((await wavesOf(feedOf(), [2]))[0]).toEqual(third);
    expect((await wavesOf(feedOf({ seed: 6 }), [0]))[0]).not.toEqual(reference);
  });

  it('takes crops of the track itself where nothing is augmented', async () => {
    const { augmentation } = pretraining.recipeDefaults.clmr;
    const feed = feedOf({ augmentation: { ...augmentation, views: 'asymmetric' } });
    await feed.prepare();
    const { wave, startMs, applied } = await feed.view(1, 0, 1);
    expect(applied).toEqual([]);
    expect(startMs).toBeLessThanOrEqual(2000 - 500);
    const whole = await feed.view(1, 0, 1);
    expect(whole.wave).toEqual(wave);
    expect(Math.max(...wave)).toBeGreaterThan(0.01);
  });

  it('makes a damaged file of the cache again', async () => {
    // Two steps take all six tracks: whichever file is damaged is asked for.
    const reference = await wavesOf(feedOf(), [0, 1]);
    const folder = join(cache, `pcm-${sampleRate}`);
    const [file = ''] = readdirSync(folder);
    const path = join(folder, file);
    const { size } = statSync(path);
    truncateSync(path, Math.floor(size / 2));
    expect(await wavesOf(feedOf(), [0, 1])).toEqual(reference);
    expect(statSync(path).size).toBe(size);
  });

  it('goes on when the cache is deleted under it', async () => {
    const [, reference] = await wavesOf(feedOf(), [0, 1]);
    const feed = feedOf({ ahead: 0 });
    await feed.prepare();
    for (const { trackId } of six) await feed.view(trackId, 0, 0);
    rmSync(cache, { recursive: true });
    expect(wavesIn(await feed.batch(1))).toEqual(reference);
  });

  it('keeps within the cache, oldest files first', async () => {
    await takeSteps(feedOf(), 2);
    const folder = join(cache, `pcm-${sampleRate}`);
    const total = (): number => readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(readdirSync(folder)).toHaveLength(6);
    const limit = total() / 1e6 / 2;
    await takeSteps(feedOf({ tracks: six.slice(0, 3), cacheMegabytes: limit, batch: 2 }), 6);
    expect(total()).toBeLessThanOrEqual(limit * 1e6);
    expect(readdirSync(folder).length).toBeLessThan(6);
  });

  it('leaves out what is too short or no audio, with the reason, when it comes to it', async () => {
    const problems: Problem[] = [];
    const known = { ...trackOf(8, 'short.wav'), audioHash: 'known', durationMs: 200 };
    const feed = feedOf({ tracks: [...six, trackOf(6, 'short.wav'), trackOf(7, 'gone.wav'), known] }, problems);
    expect(await feed.prepare()).toEqual({ tracks: 8, tooShort: 1, stepsPerEpoch: 2 });
    expect(problems.map(({ trackId, code }) => [trackId, code])).toEqual([[9, 'TOO_SHORT']]);
    for (let step = 0; step < 8; step++) {
      const { trackIds } = await feed.batch(step);
      expect(new Set(trackIds).size).toBe(3);
      expect(Math.max(...trackIds)).toBeLessThanOrEqual(6);
    }
    expect(problems.map(({ trackId, code }) => [trackId, code]).toSorted()).toEqual([
      [7, 'TOO_SHORT'],
      [8, 'FILE_GONE'],
      [9, 'TOO_SHORT'],
    ]);
  });

  it('begins when the tracks of the first batch are there, and decodes others ahead of the steps that take them', async () => {
    const many = Array.from({ length: 150 }, (_, index) => {
      writeWav(join(music, `small ${index}.wav`), { seconds: 0.6, seed: index + 20, sampleRate });
      return { ...trackOf(index, `small ${index}.wav`), durationMs: 600 };
    });
    const told: number[][] = [];
    const report = { problem: () => undefined, preparing: (done: number, total: number) => void told.push([done, total]) };
    const feed = feedOf({ tracks: many, batch: 4, ahead: 1, report });
    expect(await feed.prepare()).toMatchObject({ tracks: 150, stepsPerEpoch: 37 });
    const waves = wavesIn(await feed.batch(0));
    const decoded = (): number => readdirSync(join(cache, `pcm-${sampleRate}`)).length;
    // The whole library is far more than what is looked ahead.
    expect(decoded()).toBeLessThan(120);
    expect(told.at(0)).toEqual([0, 4]);
    expect(told.at(-1)).toEqual([4, 4]);
    await feed.close();
    // The same step from a feed that begins elsewhere, and knows other tracks already.
    const other = feedOf({ tracks: many.toReversed(), batch: 4, threads: 3 });
    await other.prepare(9);
    await other.batch(9);
    expect(wavesIn(await other.batch(0))).toEqual(waves);
  });

  it('puts the same tracks in the places of useless ones, wherever it begins and whatever it knows already', async () => {
    const tracks = [...six, ...[6, 7, 8, 9].map((index) => trackOf(index, index % 2 === 0 ? 'short.wav' : 'gone.wav'))].map(
      (track, index) => ({ ...track, audioHash: `hash ${index}` }),
    );
    const reference = feedOf({ tracks, ahead: 2 });
    await reference.prepare();
    const waves: Float32Array[] = [];
    for (let step = 0; step < 9; step++) waves.push(wavesIn(await reference.batch(step)));
    for (const [threads, first] of [
      [1, 7],
      [3, 4],
    ] as const) {
      const feed = feedOf({ tracks, threads, ahead: 0, cacheDirectory: join(cache, `${first}`) });
      await feed.prepare(first);
      for (const step of [first, first + 1, 1]) expect(wavesIn(await feed.batch(step))).toEqual(waves[step]);
    }
  });

  it('says how few tracks are of use when that is seen in the middle', async () => {
    const tracks = [...six.slice(0, 2), trackOf(6, 'short.wav'), trackOf(7, 'gone.wav')];
    const feed = feedOf({ tracks });
    await feed.prepare();
    await expect(feed.batch(0)).rejects.toThrow('2 tracks can be learnt from, and the batch wants 3 at a time.');
  });

  it('refuses a batch that is larger than the music', async () => {
    await expect(feedOf({ batch: 7 }).prepare()).rejects.toThrow('6 tracks can be learnt from, and the batch wants 7 at a time.');
  });
});
