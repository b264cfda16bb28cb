/** @file Which segments belong to a passage or a position: one answer, whatever the rate, the hop and the place. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { SegmentTimes } from '../../../src-main/contract/index.ts';
import type { EncoderId, SegmentTiming, TrackId } from '../../../src-main/contract/index.ts';
import { timingOf } from '../../../src-main/service/index.ts';
import { findExample } from '../../../src-main/service/similar/query.ts';
import type { QuerySources } from '../../../src-main/service/similar/query.ts';
import { passagesOf } from '../../../src-main/service/tagging/passages.ts';
import { TrackMeans } from '../../../src-main/service/tagging/track-means.ts';

const cropSamples = 59_049;
const rates = [8000, 16_000, 22_050, 44_100];
const hops = [256, 1000, 14_762, 29_524, 29_525, 40_000, 59_048, 59_049, 59_060, 100_000];
const cases = rates.flatMap((sampleRate) => hops.map((hopSamples) => timingOf({ sampleRate, cropSamples }, hopSamples)));
const count = 400;
const all = Array.from({ length: count }, (_, segment) => segment);

/** What a time goes through before it comes back: samples to ms, seconds of a player, whole ms of a script. */
const ways: ((ms: number) => number)[] = [
  (ms) => ms,
  (ms) => (ms / 1000) * 1000,
  (ms) => Math.round(ms),
  (ms) => Math.fround(ms / 1000) * 1000,
];

describe('the segments of a passage', () => {
  it('are the one segment that the passage is, at every rate, hop, position and way', () => {
    for (const timing of cases) {
      const times = new SegmentTimes(timing, count);
      for (const way of ways)
        expect(
          all.filter((one) => String(times.of({ startMs: way(times.startOf(one)), endMs: way(times.endOf(one)) })) !== String(one)),
        ).toEqual([]);
    }
  });

  it('are those that it was joined from', () => {
    const random = seededRandom(11);
    for (const timing of cases.filter(({ hopMs, segmentMs }) => hopMs <= segmentMs))
      for (let draw = 0; draw < 100; draw++) {
        const first = random.below(count - 20);
        const segments = Array.from({ length: 1 + random.below(20) }, (_, i) => first + i);
        const joined = passagesOf({ segments: Int32Array.from(segments), trackIds: new Int32Array(segments.length).fill(1) }, timing);
        expect(joined).toHaveLength(1);
        const [passage] = joined as unknown as [{ startMs: number; endMs: number }];
        for (const way of ways)
          expect(new SegmentTimes(timing, count).of({ startMs: way(passage.startMs), endMs: way(passage.endMs) })).toEqual(segments);
      }
  });

  it('cover any passage within the track and no more than that', () => {
    const random = seededRandom(12);
    for (const timing of cases.filter(({ hopMs, segmentMs }) => hopMs <= segmentMs)) {
      const times = new SegmentTimes(timing, count);
      for (let draw = 0; draw < 200; draw++) {
        const startMs = random.uniform() * times.startOf(count - 1);
        const passage = {
          startMs,
          endMs: startMs + times.segmentMs + 1 + random.uniform() * (times.endOf(count - 1) - startMs - times.segmentMs - 1),
        };
        const found = times.of(passage);
        const [first, last] = [found[0] as number, found.at(-1) as number];
        expect(found).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
        expect(times.startOf(first)).toBeLessThanOrEqual(passage.startMs + times.toleranceMs);
        expect(times.startOf(first + 1)).toBeGreaterThanOrEqual(passage.startMs);
        expect(times.endOf(last)).toBeGreaterThanOrEqual(passage.endMs - times.toleranceMs);
        expect(times.endOf(last - 1)).toBeLessThanOrEqual(passage.endMs);
      }
    }
  });

  it('is, for a short passage, the one that holds most of it; and a position is a passage of no length', () => {
    const random = seededRandom(13);
    for (const timing of cases) {
      const times = new SegmentTimes(timing, 40);
      const overlap = (segment: number, { startMs, endMs }: { startMs: number; endMs: number }): number =>
        Math.min(endMs, times.endOf(segment)) - Math.max(startMs, times.startOf(segment));
      for (let draw = 0; draw < 200; draw++) {
        const startMs = random.uniform() * times.endOf(40);
        const passage = { startMs, endMs: startMs + random.uniform() * times.segmentMs };
        const most = Math.max(...Array.from({ length: 40 }, (_, segment) => overlap(segment, passage)));
        const [found] = times.of(passage);
        if (found === undefined) expect(most).toBeLessThanOrEqual(times.toleranceMs);
        else expect(most - overlap(found, passage)).toBeLessThan(2 * times.toleranceMs);
        const at = times.at(startMs);
        if (at !== null && times.endOf(at) > startMs + 1.1) expect(times.of({ startMs, endMs: startMs + 1 })).toEqual([at]);
      }
    }
  });

  const timing = { hopMs: 1000, segmentMs: 1000 };

  it.each([
    ['a stretch over several', { startMs: 1500, endMs: 3200 }, [1, 2, 3]],
    ['exactly one', { startMs: 2000, endMs: 3000 }, [2]],
    ['exactly one, by rounding a little more', { startMs: 2000.0001, endMs: 3000.0001 }, [2]],
    ['exactly two', { startMs: 2000, endMs: 4000 }, [2, 3]],
    ['less than one, within it', { startMs: 2100, endMs: 2200 }, [2]],
    ['less than one, mostly in the next', { startMs: 2900, endMs: 3300 }, [3]],
    ['more than there is', { startMs: 0, endMs: 60_000 }, [0, 1, 2, 3, 4]],
    ['beyond the end', { startMs: 6000, endMs: 7000 }, []],
  ])('are right for %s', (_, passage, expected) => {
    expect(new SegmentTimes(timing, 5).of(passage)).toEqual(expected);
  });

  it('leave out the neighbours at half and quarter hop', () => {
    expect(new SegmentTimes({ hopMs: 500, segmentMs: 1000 }, 20).of({ startMs: 2000, endMs: 4000 })).toEqual([4, 5, 6]);
    expect(new SegmentTimes({ hopMs: 250, segmentMs: 1000 }, 20).of({ startMs: 1000, endMs: 2000 })).toEqual([4]);
  });
});

describe('the segment at a position', () => {
  it('is the one whose start is there, at every rate, hop and way', () => {
    for (const timing of cases) {
      const times = new SegmentTimes(timing, count);
      for (const way of ways) for (let segment = 0; segment < count; segment++) expect(times.at(way(times.startOf(segment)))).toBe(segment);
    }
  });

  it('is the last one to its end, and none between segments or behind them', () => {
    const at = (hopMs: number, ...positions: number[]): (number | null)[] =>
      positions.map((position) => new SegmentTimes({ hopMs, segmentMs: 2678 }, 3).at(position));
    expect(at(2678, 0, 2677, 2678, 8033, 8034)).toEqual([0, 0, 1, 2, null]);
    expect(at(1339, 2678, 5355, 5356)).toEqual([2, 2, null]);
    expect(at(4000, 2677, 3000, 4000)).toEqual([0, null, 1]);
  });
});

describe('a tag and a question for similar music', () => {
  it('take the same segments of a passage', async () => {
    const encoder = { id: 1 as EncoderId, dimensions: 1, cropSamples, sampleRate: 22_050 };
    const embeddings = Float32Array.from({ length: count }, (_, segment) => segment);
    for (const hopSamples of hops) {
      const store = { encoders: { get: () => encoder }, index: { current: () => ({ hopSamples }), embeddings: () => embeddings } };
      const timing: SegmentTiming = timingOf(encoder, hopSamples);
      const pool = new TrackMeans(store as never, null as never);
      const sources = { store, neighbours: { centre: (_: EncoderId, __: string, raw: Float32Array) => Promise.resolve(raw) } };
      const random = seededRandom(14);
      for (let draw = 0; draw < 50; draw++) {
        const startMs = random.uniform() * 300 * timing.hopMs;
        const passage = { startMs, endMs: startMs + (0.1 + 3 * random.uniform()) * timing.segmentMs };
        const learnt = pool.mean(encoder.id, 1 as TrackId, { ...passage, ...timing });
        if (learnt === null) continue;
        const item = { kind: 'passage' as const, trackId: 1 as TrackId, ...passage };
        const asked = await findExample(sources as unknown as QuerySources, { encoderId: encoder.id, item, space: 'segments' });
        expect([...learnt]).toEqual([...asked.vector]);
      }
    }
  });
});
