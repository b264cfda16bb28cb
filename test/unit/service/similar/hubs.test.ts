import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { Hubs, localScore, measureTrackScales, scaleOf, scaleOfQuery, SegmentScales } from '../../../../src-main/service/similar/hubs.ts';
import { product, unit } from '../../../../src-main/service/similar/vectors.ts';
import type { PlannedTrack } from '../../../support/similar-library.ts';
import { clustered, similarLibrary } from '../../../support/similar-library.ts';

/** Tracks at all distances from a few centres, in a space of many dimensions: those near a centre are hubs. */
function crowd(count: number): PlannedTrack[] {
  const random = seededRandom(5);
  const draw = (scale: number): number[] => Array.from({ length: 40 }, () => scale * random.normal());
  const centres = [draw(1), draw(1), draw(1)];
  return Array.from({ length: count }, (_, i) => {
    const noise = draw(0.5 + random.uniform());
    return { rows: [noise.map((value, k) => value + (centres[i % 3]?.[k] ?? 0))] };
  });
}

/** How unequally tracks come among the ten nearest of all others (Radovanović and others 2010). */
function skewness(likeness: (a: number, b: number) => number, count: number): number {
  const occurrences = new Float64Array(count);
  for (let a = 0; a < count; a++) {
    const others = [...occurrences.keys()].filter((b) => b !== a).sort((b, c) => likeness(a, c) - likeness(a, b));
    for (const other of others.slice(0, 10)) occurrences[other] = (occurrences[other] ?? 0) + 1;
  }
  const moment = (power: number): number => occurrences.reduce((sum, value) => sum + (value - 10) ** power, 0) / count;
  return moment(3) / moment(2) ** 1.5;
}

describe('the scale of a vector', () => {
  it('is the root mean square of its distances to its ten nearest', async () => {
    const { neighbours, encoderId } = await similarLibrary(clustered(40));
    const space = await neighbours.trackSpace(encoderId);
    const { scales } = await measureTrackScales(space);
    for (const position of [0, 7, 39]) {
      const cosines = [...scales.keys()]
        .filter((other) => other !== position)
        .map((other) => product(space.vector(position), space.vector(other)));
      const squares = cosines
        .sort((a, b) => b - a)
        .slice(0, 10)
        .map((cosine) => 2 - 2 * cosine);
      expect(scales[position]).toBeCloseTo(Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 10), 5);
    }
  });

  it('is of a query what it is of the track that the query is', async () => {
    const { neighbours, encoderId } = await similarLibrary(clustered(30));
    const space = await neighbours.trackSpace(encoderId);
    const measured = await measureTrackScales(space);
    const scores = await neighbours.trackScores(encoderId, space.vector(4), null);
    expect(
      scaleOfQuery(
        (position) => scores[position] ?? NaN,
        measured,
        (position) => position === 4,
      ),
    ).toBeCloseTo(measured.scales[4] ?? NaN, 5);
  });

  it('is never nothing, also among copies, and one where there is nobody', () => {
    expect(scaleOf([1, 1, 1])).toBeGreaterThan(0);
    expect(scaleOf([])).toBe(1);
  });

  it('of a segment leaves out the segment itself', () => {
    const [a, b] = [unit(Float32Array.of(1, 0.2)), unit(Float32Array.of(0.1, 1))];
    expect(new SegmentScales('', [a, b], 2).of([a])[0]).toBeCloseTo(Math.sqrt(2 - 2 * product(a, b)), 6);
  });
});

describe('the score', () => {
  it('is one for the same, falls with distance to nothing, and is lower for who is near to everybody', () => {
    expect(localScore(1, 0.5, 0.5)).toBe(1);
    expect(localScore(1.0000001, 0.5, 0.5)).toBe(1);
    expect(localScore(0.9, 0.5, 0.5)).toBeGreaterThan(localScore(0.8, 0.5, 0.5));
    expect(localScore(-1, 0.02, 0.02)).toBeGreaterThanOrEqual(0);
    expect(localScore(0.8, 0.5, 0.4)).toBeLessThan(localScore(0.8, 0.5, 0.6));
  });

  it('halves how unequally tracks come among the nearest', async () => {
    const count = 300;
    const { neighbours, encoderId } = await similarLibrary(crowd(count));
    const space = await neighbours.trackSpace(encoderId);
    const vectors = Array.from({ length: count }, (_, i) => space.vector(i));
    const { scales } = await measureTrackScales(space);
    const cosine = (a: number, b: number): number => product(vectors[a] as Float32Array, vectors[b] as Float32Array);
    const before = skewness(cosine, count);
    const after = skewness((a, b) => localScore(cosine(a, b), scales[a] ?? 1, scales[b] ?? 1), count);
    expect(before).toBeGreaterThan(1);
    expect(after).toBeLessThan(before / 2);
  });
});

describe('kept scales', () => {
  it('are measured once for one state of the index, and carried over when a few tracks are new', async () => {
    const { neighbours, encoderId } = await similarLibrary(clustered(40));
    const hubs = new Hubs(neighbours);
    const library = await neighbours.trackSpace(encoderId);
    let reads = 0;
    const space = { ...library, vector: (position: number) => (reads++, library.vector(position)) };
    const first = await hubs.trackScales(encoderId, space);
    const readOnce = reads;
    expect(await hubs.trackScales(encoderId, space)).toBe(first);
    expect([readOnce > 0, reads]).toEqual([true, readOnce]);
    const grown = { ...space, trackIds: Int32Array.of(...space.trackIds, 999), revision: 'grown' };
    const carried = await hubs.trackScales(encoderId, { ...grown, positionOf: (trackId) => grown.trackIds.indexOf(trackId) });
    expect([...carried.scales.subarray(0, 40)]).toEqual([...first.scales]);
    const mean = first.scales.reduce((sum, scale) => sum + scale, 0) / 40;
    expect(carried.scales[40]).toBeCloseTo(mean, 5);
  });
});
