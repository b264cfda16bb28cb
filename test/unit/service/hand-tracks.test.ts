/** @file Tracks whose embeddings are known go through the process's feed and loop, however short or long they are. */
import { describe, expect, it } from 'vitest';
import { handing } from '../../../src-main/service/indexing/hand-tracks.ts';
import type { IndexReply } from '../../../src-main/service/index.ts';
import { TrackList } from '../../../src-main/worker/crop-feed.ts';
import { encodeLoop } from '../../../src-main/worker/encode-loop.ts';
import { knownFeed } from '../../../src-main/worker/known-feed.ts';

const [length, dimensions, bestBatch] = [3, 2, 256];

/** Runs tracks of so many segments through what the index process does, and gives how many rows came back of each; how many were on their way at most. */
async function run(segments: readonly number[], failing = -1): Promise<{ rows: number[]; hasEnded: boolean; most: number }> {
  const list = new TrackList();
  const rows = segments.map(() => 0);
  let [hasEnded, ahead, most] = [false, 0, 0];
  const hand = handing(
    {
      tracks: segments.map((_, trackId) => ({ trackId, path: `/${trackId}` })),
      known: (trackId) => ({
        ...{
          rows: new Float32Array((segments[trackId] ?? 0) * length).fill(trackId === failing ? NaN : 1),
          segments: segments[trackId] ?? 0,
        },
        ...{ durationMs: 1, truncated: false, reason: '' },
      }),
    },
    (request) => {
      if (request.type === 'end') list.close();
      if (request.type !== 'tracks') return;
      list.add(request.tracks);
      ahead += request.tracks.length;
      most = Math.max(most, ahead);
    },
  );
  const reply = (message: IndexReply): void => {
    if (message.type === 'finished' || message.type === 'failed') ahead--;
    hand(message);
  };
  hand();
  reply({ type: 'opened', device: 'cpu', deviceReason: '', cropSamples: length, dimensions, batch: bestBatch });
  const done = encodeLoop(
    knownFeed(list, length, () => undefined),
    {
      encoder: {
        cropSamples: length,
        dimensions,
        bestBatch,
        encode: async (waves, batch) =>
          new Float32Array(batch * dimensions).map((_, at) => waves[Math.floor(at / dimensions) * length] ?? 0),
      },
      deliver: {
        rows: (trackId, own) => {
          rows[trackId] = (rows[trackId] ?? 0) + own.length / dimensions;
          reply({ type: 'rows', trackId, rows: own });
        },
        finished: (trackId, end) => reply({ type: 'finished', trackId, ...end, reason: '' }),
        failed: (trackId, error) => reply({ type: 'failed', trackId, error: error.toData() }),
      },
      passed: () => Promise.resolve(),
    },
  ).then(() => (hasEnded = true));
  // Nothing waits for anything but another's turn: what has not ended after so many waits for ever.
  for (let turn = 0; turn < 20_000 && !hasEnded; turn++) await new Promise((resolve) => setImmediate(resolve));
  if (hasEnded) await done;
  return { rows, hasEnded, most };
}

describe('handing known tracks over', () => {
  it.each([
    ['many short ones', Array.from({ length: 700 }, () => 1)],
    ['some of a few segments', Array.from({ length: 100 }, (_, at) => 1 + (at % 7))],
    ['long ones among short ones', [3_000, 1, 2, 1_500, 5, 1, 1, 4_000, 255, 256, 257]],
    ['one', [1]],
    ['none', []],
  ])('gives every segment of %s back, and ends', async (_, segments) => {
    const { rows, hasEnded } = await run(segments);
    expect(hasEnded).toBe(true);
    expect(rows).toEqual(segments);
  });

  it('goes on behind a track that gives no usable numbers', async () => {
    const segments = Array.from({ length: 40 }, () => 100);
    const { rows, hasEnded } = await run(segments, 5);
    expect([hasEnded, rows[5], rows[6], rows[39]]).toEqual([true, 0, 100, 100]);
  });

  it('does not have all of a large library in memory at once', async () => {
    const { most } = await run(Array.from({ length: 2_000 }, () => 60));
    expect(most).toBeLessThan(60);
  });
});
