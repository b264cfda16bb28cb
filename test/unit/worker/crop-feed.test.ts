import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { CropCutter, cropFeed, TrackList } from '../../../src-main/worker/crop-feed.ts';
import type { DecodeTrack, FeedEvent, TrackEnd } from '../../../src-main/worker/crop-feed.ts';

/** Samples that say where in the stream they are. */
function ramp(length: number, from = 0): Float32Array {
  return Float32Array.from({ length }, (_, i) => from + i);
}

/** All crops of a stream that is cut into blocks at random. */
function cutAtRandom(length: number, crop: number, hop: number, seed: number): number[][] {
  const random = seededRandom(seed);
  const cutter = new CropCutter(crop, hop);
  const crops: number[][] = [];
  for (let at = 0; at < length;) {
    const block = Math.min(random.below(50), length - at);
    for (const samples of cutter.push(ramp(block, at))) crops.push([...samples]);
    at += block;
  }
  return crops;
}

const end: TrackEnd = { durationMs: 1000, truncated: false, peaks: new Uint8Array(1) };

describe('CropCutter', () => {
  it.each([
    [100, 10, 10],
    [105, 10, 10],
    [100, 10, 4],
    [100, 10, 1],
    [100, 10, 25],
    [9, 10, 10],
    [10, 10, 10],
  ])('cuts %i samples into crops of %i every %i, however the blocks fall', (length, crop, hop) => {
    const expected: number[][] = [];
    for (let start = 0; start + crop <= length; start += hop) expected.push([...ramp(crop, start)]);
    for (let seed = 1; seed <= 20; seed++) expect(cutAtRandom(length, crop, hop, seed)).toEqual(expected);
  });
});

describe('cropFeed', () => {
  async function collect(list: TrackList, decode: DecodeTrack, ahead = 2): Promise<FeedEvent[]> {
    const events: FeedEvent[] = [];
    const options = { decode, cropSamples: 10, hopSamples: 10, ahead, signal: new AbortController().signal };
    for await (const event of cropFeed(list, options))
      events.push(event.type === 'crop' ? { ...event, samples: event.samples.slice() } : event);
    return events;
  }

  it('delivers tracks in order although a later one is decoded sooner', async () => {
    const list = new TrackList();
    list.add([1, 2, 3].map((trackId) => ({ trackId, path: `${trackId}` })));
    list.close();
    const second = Promise.withResolvers<void>();
    const decode: DecodeTrack = async function* ({ trackId }) {
      if (trackId === 1) await second.promise;
      yield ramp(25);
      if (trackId === 2) second.resolve();
      return end;
    };
    const events = await collect(list, decode);
    expect(events.map((event) => `${event.type} ${event.trackId}`)).toEqual(
      [1, 2, 3].flatMap((id) => [`crop ${id}`, `crop ${id}`, `finished ${id}`]),
    );
  });

  it('goes on after a track that fails in the middle', async () => {
    const list = new TrackList();
    list.add([
      { trackId: 1, path: 'bad.mp3' },
      { trackId: 2, path: 'good.mp3' },
    ]);
    list.close();
    const decode: DecodeTrack = async function* ({ trackId }) {
      yield ramp(10);
      if (trackId === 1) throw new Error('broken frame');
      return end;
    };
    const events = await collect(list, decode);
    expect(events.map((event) => `${event.type} ${event.trackId}`)).toEqual(['crop 1', 'failed 1', 'crop 2', 'finished 2']);
    expect(events[1]).toMatchObject({ error: { message: 'Could not decode bad.mp3: broken frame' } });
  });

  it('waits for tracks that are added later', async () => {
    const list = new TrackList();
    setImmediate(() => {
      list.add([{ trackId: 7, path: '7' }]);
      setImmediate(() => list.close());
    });
    const decode: DecodeTrack = async function* () {
      yield ramp(10);
      return end;
    };
    expect(await collect(list, decode)).toHaveLength(2);
  });

  it('holds back a decoder that runs ahead', async () => {
    const list = new TrackList();
    list.add([{ trackId: 1, path: 'long' }]);
    list.close();
    let produced = 0;
    const decode: DecodeTrack = async function* () {
      for (; produced < 1000; produced++) yield ramp(10);
      return end;
    };
    const feed = cropFeed(list, { decode, cropSamples: 10, hopSamples: 10, ahead: 1, signal: new AbortController().signal });
    await feed.next();
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(produced).toBeLessThan(12);
    await feed.return(undefined);
  });
});
