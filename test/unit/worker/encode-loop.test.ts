import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/base/index.ts';
import type { FeedEvent } from '../../../src-main/worker/crop-feed.ts';
import { encodeLoop } from '../../../src-main/worker/encode-loop.ts';
import type { Deliver, Encode } from '../../../src-main/worker/encode-loop.ts';

const end = { durationMs: 1, truncated: false, peaks: new Uint8Array(0) };

/** An encoder whose embedding is the crop's first sample and its double; it notes the batches that it is given. */
function firstSample(bestBatch: number): Encode & { batches: number[] } {
  const batches: number[] = [];
  return {
    cropSamples: 4,
    dimensions: 2,
    bestBatch,
    batches,
    encode: async (waves, batch) => {
      batches.push(batch);
      await new Promise((resolve) => setImmediate(resolve));
      return Float32Array.from({ length: batch * 2 }, (_, i) => (waves[Math.floor(i / 2) * 4] ?? 0) * (1 + (i % 2)));
    },
  };
}

async function* feedOf(...tracks: [trackId: number, crops: number, fails?: boolean][]): AsyncGenerator<FeedEvent> {
  for (const [trackId, crops, fails] of tracks) {
    // The view is reused, as a real feed does it.
    const samples = new Float32Array(4);
    for (let i = 0; i < crops; i++) {
      samples.fill(trackId * 100 + i);
      yield { type: 'crop', trackId, samples };
    }
    if (fails === true) yield { type: 'failed', trackId, error: new AppError('DECODE_FAILED', 'no') };
    else yield { type: 'finished', trackId, end };
  }
}

async function run(feed: AsyncIterable<FeedEvent>, encoder: Encode): Promise<{ log: string[]; segments: number }> {
  const log: string[] = [];
  const deliver: Deliver = {
    rows: (trackId, rows) =>
      log.push(...Array.from({ length: rows.length / 2 }, (_, i) => `${trackId}: ${rows[2 * i]} ${rows[2 * i + 1]}`)),
    finished: (trackId) => log.push(`finished ${trackId}`),
    failed: (trackId) => log.push(`failed ${trackId}`),
  };
  const { segments } = await encodeLoop(feed, { encoder, deliver, passed: async () => undefined });
  return { log, segments };
}

describe('encodeLoop', () => {
  it.each([1, 2, 3, 5, 8])('gives every track its own rows in order with batches of %i', async (batch) => {
    const { log, segments } = await run(feedOf([1, 3], [2, 0], [3, 4], [4, 1]), firstSample(batch));
    const rows = (id: number, count: number): string[] =>
      Array.from({ length: count }, (_, i) => `${id}: ${id * 100 + i} ${(id * 100 + i) * 2}`);
    expect(log).toEqual([...rows(1, 3), 'finished 1', 'finished 2', ...rows(3, 4), 'finished 3', ...rows(4, 1), 'finished 4']);
    expect(segments).toBe(8);
  });

  it.each([NaN, Infinity, 1e20])('fails a track with embeddings of %d, and no other', async (odd) => {
    const plain = firstSample(3);
    const encoder: Encode = {
      ...plain,
      encode: async (waves, batch) => (await plain.encode(waves, batch)).map((value) => (value === 201 ? odd : value)),
    };
    const { log } = await run(feedOf([1, 2], [2, 3], [3, 1], [2, 1]), encoder);
    expect(log.filter((line) => !line.startsWith('2: '))).toEqual([
      ...['1: 100 200', '1: 101 202', 'finished 1', 'failed 2', '3: 300 600', 'finished 3', 'finished 2'],
    ]);
    expect(log.at(-2)).toBe('2: 200 400');
  });

  it('fills batches across tracks', async () => {
    const encoder = firstSample(4);
    await run(feedOf([1, 3], [2, 3], [3, 3]), encoder);
    expect(encoder.batches).toEqual([4, 4, 1]);
  });

  it('tells of a track that failed after its rows', async () => {
    const { log } = await run(feedOf([1, 1, true], [2, 1]), firstSample(8));
    expect(log).toEqual(['1: 100 200', 'failed 1', '2: 200 400', 'finished 2']);
  });

  it('ends with the error of an encoder that fails', async () => {
    const encoder = { ...firstSample(2), encode: () => Promise.reject(new Error('device lost')) };
    await expect(run(feedOf([1, 9]), encoder)).rejects.toThrow('device lost');
  });

  it('rests while the gate is closed', async () => {
    let open: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (open = resolve));
    const encoder = firstSample(1);
    const deliver = { rows: () => undefined, finished: () => undefined, failed: () => undefined };
    const atTheGate = Promise.withResolvers<void>();
    const passed = (): Promise<void> => {
      atTheGate.resolve();
      return closed;
    };
    const running = encodeLoop(feedOf([1, 3]), { encoder, deliver, passed });
    await atTheGate.promise;
    expect(encoder.batches).toEqual([]);
    open();
    await running;
    expect(encoder.batches).toEqual([1, 1, 1]);
  });
});
