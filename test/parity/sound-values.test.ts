/** @file How segments sound, intervals of means and correlations, and peaks over time, as scipy and numpy give them (make-sound-values.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { correlationInterval, differenceInterval, meanInterval, segmentSound, studentQuantile } from '../../src-main/inspect/index.ts';
import type { MeanInterval, SegmentSound } from '../../src-main/inspect/index.ts';
import { peaksIn } from '../../src-renderer/lib/peaks-in.ts';

type Triple = [number, number, number];
const values = JSON.parse(readFileSync(new URL('values/sound.json', import.meta.url), 'utf8')) as {
  sounds: SegmentSound[];
  quantiles: Triple[];
  mean: Triple;
  clustered: Triple;
  difference: Triple;
  correlation: Triple;
  peaks: number[];
};

const rate = 22_050;

function drawn(seed: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const x = Math.sin(seed * (at + 1) * 12.9898) * 43758.5453;
    return x - Math.floor(x);
  });
}

function wave(number: number, seconds: number): Float32Array {
  const noise = drawn(number, Math.floor(seconds * rate));
  return Float32Array.from(noise, (own, n) => {
    const envelope = Math.exp(-((n % (3000 + 700 * number)) / rate) * 20 * number);
    const tone = 0.4 * Math.sin((2 * Math.PI * 110 * 2 ** number * n) / rate) * envelope;
    // The second one is silent every now and then.
    const gate = number === 1 || n % 9000 >= 1500 ? 1 : 0;
    return gate * (tone + 0.05 * Math.sin((2 * Math.PI * 1870 * number * n) / rate) + 0.01 * (own - 0.5));
  });
}

const triple = ({ mean, low, high }: MeanInterval): (number | null)[] => [mean, low, high];
const near = (found: readonly (number | null)[], wanted: readonly number[], digits = 9): void =>
  wanted.forEach((value, at) => expect(found[at], `place ${at}`).toBeCloseTo(value, digits));

describe('how a segment sounds', () => {
  it.each([1, 2])('is as scipy and numpy measure it: wave %i', (number) => {
    const found = segmentSound(wave(number, 1.3), rate);
    const wanted = values.sounds[number - 1] as SegmentSound;
    near([found?.levelDb ?? null, found?.attackDb ?? null, found?.decayDb ?? null], [wanted.levelDb, wanted.attackDb, wanted.decayDb], 5);
    near(found?.bandsDb ?? [], wanted.bandsDb, 4);
  });

  it('of silence, and of what is too short, is not told', () => {
    expect(segmentSound(new Float32Array(rate), rate)).toBeNull();
    expect(segmentSound(wave(1, 0.18), rate)).toBeNull();
  });

  it('does not hang on how loud it is, but for the level', () => {
    const [loud, quiet] = [wave(1, 1.3), wave(1, 1.3).map((value) => value / 8)].map((one) => segmentSound(one, rate));
    near(quiet?.bandsDb ?? [], loud?.bandsDb ?? [], 4);
    near([quiet?.attackDb ?? null, quiet?.decayDb ?? null], [loud?.attackDb ?? 0, loud?.decayDb ?? 0], 4);
    expect((loud?.levelDb ?? 0) - (quiet?.levelDb ?? 0)).toBeCloseTo(20 * Math.log10(8), 5);
  });
});

describe('intervals', () => {
  const [one, other] = [drawn(11, 9).map((value) => value * 3), drawn(12, 24)];
  const alone = (all: readonly number[]): number[] => all.map((_, at) => at);

  it('of Student’s distribution are scipy’s', () => {
    for (const [probability, freedom, wanted] of values.quantiles)
      expect(studentQuantile(probability, freedom) / wanted, `${probability}, ${freedom}`).toBeCloseTo(1, 9);
  });

  it('of a mean whose values stand alone is Student’s, of values in groups the sandwich estimate', () => {
    near(triple(meanInterval({ values: one, groups: alone(one) })), values.mean);
    const groups = drawn(13, 24).map((value) => Math.floor(value * 6));
    near(triple(meanInterval({ values: other, groups })), values.clustered);
  });

  it('of a difference whose values stand alone is Welch’s', () => {
    const found = differenceInterval({ values: one, groups: alone(one) }, { values: other, groups: alone(other) });
    near(triple(found), values.difference);
  });

  it('are not told of one group, and have no width where all is the same', () => {
    expect(meanInterval({ values: [1, 2, 3], groups: [7, 7, 7] })).toEqual({ mean: 2, low: null, high: null });
    expect(differenceInterval({ values: [1, 2], groups: [1, 2] }, { values: [3], groups: [1] })).toEqual({
      mean: -1.5,
      low: null,
      high: null,
    });
    expect(meanInterval({ values: [4, 4, 4], groups: [1, 2, 3] })).toEqual({ mean: 4, low: 4, high: 4 });
    const same = { values: [4, 4, 4], groups: [1, 2, 3] };
    expect(differenceInterval(same, same)).toEqual({ mean: 0, low: 0, high: 0 });
  });

  it('of a correlation is Fisher’s, wider where fewer numbers are independent', () => {
    const [a, b] = [drawn(14, 30).map((value, at) => value + (drawn(15, 30)[at] as number)), drawn(14, 30)];
    const found = correlationInterval(a, b);
    near([found?.value ?? null, found?.low ?? null, found?.high ?? null], values.correlation);
    const few = correlationInterval(a, b, 10);
    expect(few?.low).toBeLessThan(found?.low ?? -1);
    expect(correlationInterval(a, b, 3)).toEqual({ value: found?.value, low: null, high: null });
    expect(correlationInterval([1, 1, 1, 1], [1, 2, 3, 4])).toBeNull();
    expect(correlationInterval([1, 2, 3, 4], [2, 4, 6, 8])?.value).toBe(1);
  });
});

describe('peaks over time', () => {
  it('are those that scipy finds, ends among them, the greatest first', () => {
    const timeline = drawn(16, 60).map((value) => Math.round(value * 12));
    expect(values.peaks.length).toBeGreaterThan(8);
    expect(peaksIn(timeline, 60)).toEqual(values.peaks);
    expect(peaksIn(timeline, 3)).toEqual(values.peaks.slice(0, 3));
  });

  it('are none where values are the same, or are no numbers', () => {
    expect(peaksIn([2, 2, 2], 5)).toEqual([]);
    expect(peaksIn([], 5)).toEqual([]);
    expect(peaksIn([1, Number.NaN, 3], 5)).toEqual([]);
  });

  it('may lie at an end, and in the middle of equal values', () => {
    expect(peaksIn([9, 1, 1, 5, 5, 5, 1, 7], 5)).toEqual([0, 7, 4]);
  });
});
