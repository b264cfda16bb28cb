/** @file Batches of what an index holds: which moments of which tracks, and what is done to them. */
import { describe, expect, it } from 'vitest';
import { equalise } from '../../../../src-main/learn/index.ts';
import type { TrackRows, TrainTrack } from '../../../../src-main/service/index.ts';
import { createRowFeed } from '../../../../src-main/worker/feed/index.ts';
import type { RowFeedOptions, StepFeed } from '../../../../src-main/worker/feed/index.ts';
import { viewParts } from '../../../support/views.ts';

const length = 316;
const tracks: TrainTrack[] = Array.from({ length: 6 }, (_, i) => ({
  trackId: i + 1,
  path: `/music/${i}`,
  audioHash: `hash ${5 - i}`,
  durationMs: 0,
}));

/** A moment of a track, whose levels tell which: 100 · track + moment; far below what is heard where it is silent. */
function moment(trackId: number, at: number, isSilent = false): number[] {
  return Array.from({ length }, (_, feature) => (isSilent && feature < 64 ? -70 : 100 * trackId + at));
}

const rowsOf = (trackId: number, moments: readonly number[][]): TrackRows => ({ trackId, rows: Float32Array.from(moments.flat()) });
const four = tracks.map(({ trackId }) =>
  rowsOf(
    trackId,
    [0, 1, 2, 3].map((at) => moment(trackId, at)),
  ),
);

function feedOf(options: Partial<RowFeedOptions> = {}, rows: readonly TrackRows[] = four): { feed: StepFeed; problems: string[] } {
  const problems: string[] = [];
  const waiting = rows.map((one) => [one]);
  const feed = createRowFeed({
    ...{ tracks, parts: viewParts(length), batch: 3, seed: 5, deviationDb: 0 },
    rows: async () => waiting.shift() ?? null,
    report: { problem: (_, path, code, message) => void problems.push(`${code} ${path} ${message}`) },
    ...options,
  });
  return { feed, problems };
}

/** The first feature of each item of a part. */
async function levels(feed: StepFeed, step: number, part: string): Promise<number[]> {
  const { parts } = await feed.batch(step);
  return Array.from({ length: (parts[part]?.length ?? 0) / length }, (_, place) => parts[part]?.[place * length + 200] ?? NaN);
}

describe('a feed of rows', () => {
  it('takes every track once an epoch, and two moments of it', async () => {
    const { feed } = feedOf();
    expect(await feed.prepare()).toEqual({ tracks: 6, tooShort: 0, stepsPerEpoch: 2 });
    for (let epoch = 0; epoch < 8; epoch++) {
      const steps = [2 * epoch, 2 * epoch + 1];
      const seen = (await Promise.all(steps.map((step) => feed.batch(step)))).flatMap(({ trackIds }) => [...trackIds]);
      expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
      for (const step of steps) {
        const { trackIds } = await feed.batch(step);
        const [first, second] = await Promise.all(['first', 'second'].map((part) => levels(feed, step, part)));
        for (const [place, trackId] of trackIds.entries()) {
          expect([first?.[place], second?.[place]].map((level) => Math.floor((level ?? 0) / 100))).toEqual([trackId, trackId]);
          expect(first?.[place]).not.toBe(second?.[place]);
        }
      }
    }
  });

  it('draws moments of their own for tracks of one length', async () => {
    const { feed } = feedOf({ batch: 6 });
    await feed.prepare();
    for (const part of ['first', 'second']) {
      const drawn = await Promise.all(Array.from({ length: 8 }, (_, step) => levels(feed, step, part)));
      // The odds that six tracks draw one of four moments alike are 1 to 1 000.
      for (const all of drawn) expect(new Set(all.map((level) => level % 100)).size).toBeGreaterThan(1);
    }
  });

  it('draws the same from seed, sound and step, whatever came before and however a library is ordered, and otherwise from another seed', async () => {
    const { feed } = feedOf({ deviationDb: 3 });
    await feed.prepare();
    for (const step of [0, 1, 2]) await feed.batch(step);
    const { feed: again } = feedOf({ deviationDb: 3, tracks: tracks.toReversed() }, four.toReversed());
    await again.prepare();
    expect(await again.batch(7)).toEqual(await feed.batch(7));
    const { feed: other } = feedOf({ deviationDb: 3, seed: 6 });
    await other.prepare();
    expect((await other.batch(7)).parts).not.toEqual((await feed.batch(7)).parts);
  });

  it('puts an equaliser of its own on each view, of the wanted strength', async () => {
    const { feed } = feedOf({ deviationDb: 3, batch: 6 });
    const { feed: plain } = feedOf({ batch: 6 });
    await Promise.all([feed.prepare(), plain.prepare()]);
    const gains: number[] = [];
    for (let step = 0; step < 100; step++) {
      const [changed, before] = [await feed.batch(step), await plain.batch(step)];
      for (const part of ['first', 'second'])
        for (let place = 0; place < 6; place++) {
          const at = (all: Float32Array | undefined, feature: number): number => all?.[place * length + feature] ?? NaN;
          const gain = (feature: number): number => at(changed.parts[part], feature) - at(before.parts[part], feature);
          // Places of the five points: the lowest band, a quarter on, and so on.
          gains.push(gain(0), gain(63));
          const row = Float32Array.from({ length }, (_, feature) => at(before.parts[part], feature));
          equalise(
            row,
            [0, 15.75, 31.5, 47.25, 63].map(
              (band) => gain(Math.floor(band)) + (band % 1) * (gain(Math.ceil(band)) - gain(Math.floor(band))),
            ),
          );
          for (const feature of [10, 64, 130, 200, 300])
            expect(Math.abs(at(changed.parts[part], feature) - (row[feature] ?? NaN))).toBeLessThan(1);
        }
    }
    const deviation = Math.sqrt(gains.reduce((sum, gain) => sum + gain * gain, 0) / gains.length);
    expect(deviation).toBeGreaterThan(2.7);
    expect(deviation).toBeLessThan(3.3);
    expect(new Set(gains.map((gain) => gain.toFixed(3))).size).toBeGreaterThan(gains.length / 2);
  });

  it('passes over silent moments where two others are left, and takes what there is where not', async () => {
    const rows = tracks.map(({ trackId }) =>
      trackId === 1
        ? rowsOf(1, [moment(1, 0, true), moment(1, 1), moment(1, 2, true), moment(1, 3)])
        : rowsOf(trackId, [moment(trackId, 0, trackId === 2), moment(trackId, 1, trackId === 2)]),
    );
    const { feed, problems } = feedOf({ batch: 6 }, rows);
    expect(await feed.prepare()).toMatchObject({ tracks: 6 });
    const seen = new Set<number>();
    for (let step = 0; step < 30; step++) for (const level of await levels(feed, step, 'first')) seen.add(level);
    expect([...seen].filter((level) => level < 200).toSorted()).toEqual([101, 103]);
    expect([...seen].filter((level) => level >= 200 && level < 300).toSorted()).toEqual([200, 201]);
    expect(problems).toEqual([]);
  });

  it('leaves out what is too short, and says of too few tracks what to do', async () => {
    const rows = four.map((one) => (one.trackId === 4 ? rowsOf(4, [moment(4, 0)]) : one));
    const { feed, problems } = feedOf({}, rows);
    expect(await feed.prepare()).toEqual({ tracks: 5, tooShort: 1, stepsPerEpoch: 1 });
    expect(problems).toEqual(['TOO_SHORT /music/3 /music/3 has 1 moment of this length, and two are compared: it is left out.']);
    const { feed: few } = feedOf({ batch: 6 }, rows);
    await expect(few.prepare()).rejects.toThrow('5 tracks have two moments or more, and the batch wants 6 tracks at a time.');
  });

  it('refuses tracks of which too few have sound, and goes on where enough of them have', async () => {
    const some = (silent: number): TrackRows[] =>
      tracks.map(({ trackId }, place) =>
        rowsOf(
          trackId,
          [0, 1, 2].map((at) => moment(trackId, at, place < silent)),
        ),
      );
    await expect(feedOf({ batch: 4 }, some(3)).feed.prepare()).rejects.toThrow(/^3 tracks are silent, .* learnt from 4 with sound or more/);
    expect(await feedOf({ batch: 4 }, some(2)).feed.prepare()).toMatchObject({ tracks: 6 });
  });
});
