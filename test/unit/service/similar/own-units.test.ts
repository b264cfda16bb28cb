/** @file Features with units of their own, decibels beside logarithms: they are compared as if each had the deviation 1 over the library's tracks. */
import { describe, expect, it } from 'vitest';
import type { NeighbourEngine } from '../../../../src-main/service/index.ts';
import { addTracks, engineOf, plainTracks, randomTracks, vectorLibrary } from '../../../support/neighbour-data.ts';
import type { VectorLibrary } from '../../../support/neighbour-data.ts';
import { smallEncoder, temporaryStore } from '../../../support/store-data.ts';

const dimensions = 20;
const unitOf = (feature: number): number => 10 ** ((feature % 5) - 2);

/** The same sound as an encoder with units of its own gives it, and as one whose features are alike. */
function libraries(): { own: VectorLibrary; alike: VectorLibrary } {
  const tracks = randomTracks(2, 40, { dimensions });
  const store = temporaryStore();
  const encoderId = store.encoders.add({ ...smallEncoder(dimensions), architecture: 'timbre-statistics', source: 'built-in' }).id;
  store.index.ensure(encoderId, 100);
  const own = { store, encoderId, dimensions };
  const alike = vectorLibrary(temporaryStore(), dimensions);
  const means = Object.values(tracks).map((rows) =>
    Array.from(
      { length: dimensions },
      (_, i) => rows.reduce((sum, value, at) => sum + (at % dimensions === i ? value : 0), 0) / (rows.length / dimensions),
    ),
  );
  const deviations = Array.from({ length: dimensions }, (_, i) => {
    const mean = means.reduce((sum, one) => sum + (one[i] as number), 0) / means.length;
    return Math.sqrt(means.reduce((sum, one) => sum + ((one[i] as number) - mean) ** 2, 0) / means.length);
  });
  const mapped = (scaleOf: (feature: number) => number): Record<string, Float32Array> =>
    Object.fromEntries(Object.entries(tracks).map(([name, rows]) => [name, rows.map((value, at) => value * scaleOf(at % dimensions))]));
  addTracks(own, mapped(unitOf));
  addTracks(
    alike,
    mapped((feature) => 1 / (deviations[feature] as number)),
  );
  return { own, alike };
}

const ways: [string, { exactSegments: number; residentBytes: number }][] = [
  ['in memory', { exactSegments: 1e9, residentBytes: 1e9 }],
  ['from the files', { exactSegments: 1e9, residentBytes: 0 }],
  ['by codes', { exactSegments: 0, residentBytes: 0 }],
];

async function answers(engine: NeighbourEngine, { encoderId, store }: VectorLibrary): Promise<number[]> {
  const space = await engine.trackSpace(encoderId);
  const query = space.vector(3).slice();
  const weights = Float32Array.from({ length: dimensions }, (_, i) => (i % 5 === 0 ? 0 : 1));
  const segments = engine.segmentVectors(encoderId, space.trackIds[5] as number);
  const one = segments.slice(0, dimensions);
  const hits = await engine.segmentTop(encoderId, one, { count: 10 });
  const row = store.index.embeddings(encoderId, space.trackIds[5] as never).slice(0, dimensions);
  return [
    ...query,
    ...(await engine.trackScores(encoderId, query)),
    ...(await engine.trackScores(encoderId, query, weights)),
    ...segments,
    ...hits.trackIds,
    ...hits.segments,
    ...hits.scores,
    ...(await engine.centre(encoderId, 'segments', row)),
    ...(await engine.centre(encoderId, 'tracks', row)),
  ];
}

describe('features with units of their own', () => {
  it.each(ways)('are compared like features that are alike, %s', async (_, limits) => {
    const { own, alike } = libraries();
    const [ours, expected] = [await answers(engineOf(own.store, limits), own), await answers(engineOf(alike.store, limits), alike)];
    expect(ours).toHaveLength(expected.length);
    for (const [at, value] of ours.entries()) expect(value, String(at)).toBeCloseTo(expected[at] as number, 4);
  });

  it('keep the codes of what was there when the library grows, and answer alike', async () => {
    const { own } = libraries();
    const limits = { exactSegments: 0, residentBytes: 0 };
    const before = engineOf(own.store, limits);
    await answers(before, own);
    addTracks(
      own,
      Object.fromEntries(
        Object.entries(randomTracks(7, 3, { dimensions })).map(([name, rows]) => [
          name,
          rows.map((value, at) => 1.5 * value * unitOf(at % dimensions)),
        ]),
      ),
    );
    const [grown, exact] = [engineOf(own.store, limits), engineOf(own.store, { exactSegments: 1e9, residentBytes: 1e9 })];
    const [ours, expected] = [await answers(grown, own), await answers(exact, own)];
    for (const [at, value] of ours.entries()) expect(value, String(at)).toBeCloseTo(expected[at] as number, 4);
  });

  it('are given to those who learn from them as they are', async () => {
    const { own } = libraries();
    const { means, trackIds } = await engineOf(own.store).trackMeans(own.encoderId);
    const rows = own.store.index.embeddings(own.encoderId, trackIds[0] as never);
    const mean = rows.reduce((sum, value, at) => sum + (at % dimensions === 4 ? value : 0), 0) / (rows.length / dimensions);
    expect(means[4]).toBeCloseTo(mean, 2);
    expect(plainTracks(own)).toHaveLength(trackIds.length);
  });
});
