import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeAudio } from '../../../../src-main/audio/index.ts';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { pretraining } from '../../../../src-main/contract/index.ts';
import type { TrainTrack } from '../../../../src-main/service/index.ts';
import { createBatchFeed } from '../../../../src-main/worker/feed/index.ts';
import type { BatchFeed, BatchFeedOptions } from '../../../../src-main/worker/feed/index.ts';
import { makeFolder } from '../../../support/decode-all.ts';
import { kinds, makeAudio } from '../../../support/make-audio.ts';
import type { KindName } from '../../../support/make-audio.ts';
import { writeWav } from '../../../support/wav.ts';
import { viewParts, wavesIn } from '../../../support/views.ts';

const sampleRate = 22_050;
const cropSamples = 10_000;
const folder = makeFolder();
const cache = folder.path('cache');
const chirp = (time: number, channel: number): number =>
  0.4 * Math.sin(2000 * time * (1 + time / 20)) + 0.2 * Math.sin(900 * time + channel);
// Noise at a low bit rate: what a decoder makes of it depends on the frames before, and in AAC on all of them.
const random = seededRandom(1);
const noisyChirp = (time: number, channel: number): number => chirp(time, channel) / 2 + 0.4 * (random.uniform() - 0.5);
const coded: KindName[] = ['mp3', 'flac', 'ogg', 'opus', 'm4a', 'wma'];

function trackOf(trackId: number, path: string): TrainTrack {
  const { audioHash, durationMs } = probeAudio(path);
  return { trackId, path, audioHash, durationMs };
}

beforeAll(() => {
  coded.forEach((kind, i) =>
    makeAudio(folder.path(`${kind}.${kinds[kind].extension}`), {
      kind,
      seconds: 11 + i / 3,
      channels: 1,
      bitRate: 32_000,
      sound: (time, channel) => noisyChirp(time + i, channel),
    }),
  );
  for (let i = 0; i < 4; i++) writeWav(folder.path(`${i}.wav`), { seconds: 3, seed: i + 1, sampleRate });
  makeAudio(folder.path('silent.wav'), { kind: 'wav', seconds: 3, sound: () => 0 });
  makeAudio(folder.path('half-silent.wav'), { kind: 'wav', seconds: 3, sound: (time) => (time < 1.4 ? 0 : chirp(time, 0)) });
});
afterAll(folder.remove);

let open: BatchFeed[] = [];
afterEach(async () => {
  await Promise.all(open.map((feed) => feed.close()));
  open = [];
  rmSync(cache, { recursive: true, force: true });
});

type Problem = { trackId: number; code: string; message: string };

function feedOf(tracks: TrainTrack[], options: Partial<BatchFeedOptions> = {}, problems: Problem[] = []): BatchFeed {
  const feed = createBatchFeed({
    tracks,
    sampleRate,
    cropSamples,
    parts: viewParts(cropSamples),
    batch: 2,
    seed: 3,
    augmentation: pretraining.augmentationSets.released,
    cacheDirectory: cache,
    cacheMegabytes: 100,
    threads: 1,
    report: { problem: (trackId, _, code, message) => void problems.push({ trackId, code, message }), preparing: () => undefined },
    ...options,
  });
  open.push(feed);
  return feed;
}

const wavs = (): TrainTrack[] => [0, 1, 2, 3].map((i) => trackOf(i + 1, folder.path(`${i}.wav`)));

/** Takes steps; enough of them look at every track. */
async function takeSteps(feed: BatchFeed, count: number): Promise<void> {
  await feed.prepare();
  for (let step = 0; step < count; step++) await feed.batch(step);
}

describe('a feed of odd tracks', () => {
  it.each(coded)('gives the same views of %s files from the cache and from the file', async (kind) => {
    const tracks = [trackOf(1, folder.path(`${kind}.${kinds[kind].extension}`))];
    const plain = { ...pretraining.augmentationSets.released, views: 'asymmetric' as const };
    const kept = feedOf(tracks, { batch: 1, augmentation: plain });
    const direct = feedOf(tracks, { batch: 1, augmentation: plain, cacheMegabytes: 0, cacheDirectory: folder.path('none') });
    await kept.prepare();
    await direct.prepare();
    for (let epoch = 0; epoch < 8; epoch++) {
      const [one, other] = [await kept.view(1, epoch, 1), await direct.view(1, epoch, 1)];
      expect(other.startMs).toBe(one.startMs);
      const differing = one.wave.filter((value, i) => value !== other.wave[i]).length;
      expect(differing).toBe(0);
      expect(one.wave.some((value) => Math.abs(value) > 0.1)).toBe(true);
    }
    expect(existsSync(folder.path('none'))).toBe(false);
  });

  it('leaves silent tracks out, and refuses to learn from silence alone', async () => {
    const problems: Problem[] = [];
    const silent = trackOf(9, folder.path('silent.wav'));
    await takeSteps(feedOf([...wavs(), silent], {}, problems), 6);
    expect(problems).toMatchObject([{ trackId: 9, code: 'BAD_INPUT' }]);
    expect(problems[0]?.message).toContain('silent from beginning to end');
    await expect(takeSteps(feedOf([silent], { batch: 1 }), 1)).rejects.toThrow('None of 1 track can be learnt from.');
  });

  it('looks for sound where a part of a track is silent', async () => {
    const feed = feedOf([trackOf(1, folder.path('half-silent.wav'))], { batch: 1 });
    await feed.prepare();
    let heard = 0;
    for (let epoch = 0; epoch < 30; epoch++) if ((await feed.view(1, epoch, 0)).wave.some((value) => value !== 0)) heard++;
    // About 0.4 of all crops are silent; eight in a row seldom are.
    expect(heard).toBeGreaterThanOrEqual(29);
  });

  it('goes on without a cache that cannot be written, and says so once', async () => {
    const problems: Problem[] = [];
    writeFileSync(folder.path('in-the-way'), '');
    const broken = feedOf(wavs(), { cacheDirectory: folder.path('in-the-way') }, problems);
    await broken.prepare();
    const waves = wavesIn(await broken.batch(0));
    expect(problems.map(({ trackId }) => trackId)).toEqual([0]);
    expect(problems[0]?.message).toContain('The run goes on');
    const sound = feedOf(wavs());
    await sound.prepare();
    expect(waves).toEqual(wavesIn(await sound.batch(0)));
  });

  it('puts another track in the place of one that vanishes while the run goes on, and says so once', async () => {
    const problems: Problem[] = [];
    const extra = folder.path('vanishing.wav');
    writeWav(extra, { seconds: 3, seed: 8, sampleRate });
    const feed = feedOf([...wavs(), trackOf(5, extra)], { cacheMegabytes: 0, ahead: 0 }, problems);
    await feed.prepare();
    rmSync(extra);
    const seen: number[][] = [];
    for (let step = 0; step < 10; step++) seen.push([...(await feed.batch(step)).trackIds]);
    expect(seen.every((ids) => new Set(ids).size === 2)).toBe(true);
    expect(seen.flat()).not.toContain(5);
    expect(problems.map(({ trackId, code }) => [trackId, code])).toEqual([[5, 'FILE_GONE']]);
  });

  it('fails with the file’s own reason when no track is left to take the place', async () => {
    const extra = folder.path('vanishing.wav');
    writeWav(extra, { seconds: 3, seed: 8, sampleRate });
    const feed = feedOf([trackOf(1, folder.path('0.wav')), trackOf(2, extra)], { cacheMegabytes: 0 });
    await feed.prepare();
    rmSync(extra);
    await expect(feed.batch(0)).rejects.toMatchObject({ code: 'FILE_GONE' });
  });

  it('deletes decoded audio that a lowered limit leaves no room for', async () => {
    await takeSteps(feedOf(wavs()), 2);
    const rate = join(cache, `pcm-${sampleRate}`);
    const one = statSync(join(rate, readdirSync(rate)[0] ?? '')).size;
    const feed = feedOf(wavs(), { cacheMegabytes: (2.5 * one) / 1e6 });
    await takeSteps(feed, 2);
    expect(readdirSync(rate)).toHaveLength(2);
  });

  it('ends when it is closed while it decodes and makes a batch', async () => {
    const feed = feedOf(wavs());
    await feed.prepare();
    await feed.view(1, 0, 0);
    const batch = feed.batch(0);
    await Promise.all([expect(batch).rejects.toMatchObject({ code: 'CANCELLED' }), feed.close()]);
    expect(readdirSync(join(cache, `pcm-${sampleRate}`)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
