import { describe, expect, it } from 'vitest';
import type { QueryItem, SimilarRow, TrackId } from '../../../../src-main/contract/index.ts';
import { weightedCosine } from '../../../support/brute-neighbours.ts';
import { clustered, similarLibrary } from '../../../support/similar-library.ts';
import type { SimilarLibrary } from '../../../support/similar-library.ts';

const cropMs = (59_049 * 1000) / 22_050;
const library = async (count = 40, more: Parameters<typeof clustered>[1] = {}): Promise<SimilarLibrary> =>
  similarLibrary(clustered(count, more));
const track = (trackId: TrackId | undefined): QueryItem => ({ kind: 'track', trackId: trackId as TrackId });
const ids = (rows: readonly SimilarRow[]): number[] => rows.map(({ trackId }) => trackId);

/** Every other track with its cosine to a track and its score, best first, by the definition. */
async function expected({ neighbours, encoderId }: SimilarLibrary, position: number, weights: Float32Array | null = null) {
  const space = await neighbours.trackSpace(encoderId);
  const vectors = Array.from(space.trackIds, (_, i) => space.vector(i));
  const nearest = (cosines: number[], own: number): number => {
    const best = cosines
      .filter((_, i) => i !== own)
      .sort((a, b) => b - a)
      .slice(0, 10);
    return Math.sqrt(best.reduce((sum, cosine) => sum + 2 - 2 * cosine, 0) / best.length);
  };
  const plain = vectors.map((a) => vectors.map((b) => weightedCosine(a, b, null)));
  const cosines = vectors.map((vector) => weightedCosine(vectors[position] as Float32Array, vector, weights));
  return Array.from(space.trackIds, (trackId, i) => {
    const scale = nearest(cosines, position) * nearest(plain[i] ?? [], i);
    return { trackId, cosine: cosines[i] ?? 0, score: Math.exp(-Math.sqrt((2 - 2 * (cosines[i] ?? 0)) / scale)) };
  })
    .filter((_, i) => i !== position)
    .sort((a, b) => b.score - a.score);
}

describe('tracks like a track', () => {
  it('are all others by the score that the definition gives, without the track itself', async () => {
    const made = await library();
    const { rows, considered, method } = await made.similar.find(made.query([track(made.trackIds[5])]));
    const all = await expected(made, 5);
    expect(ids(rows)).toEqual(all.map(({ trackId }) => trackId));
    for (const [i, { rank, cosine, score }] of rows.entries()) {
      expect(rank).toBe(i + 1);
      expect(cosine).toBeCloseTo(all[i]?.cosine ?? NaN, 5);
      expect(score).toBeCloseTo(all[i]?.score ?? NaN, 4);
    }
    expect({ considered, method }).toEqual({ considered: 39, method: 'exact' });
  });

  it('come with why: the parts of a row add up to its cosine', async () => {
    const { similar, query, trackIds } = await library();
    const asked = query([track(trackIds[0]), track(trackIds[4])], { unlike: [track(trackIds[1])], limit: 5 });
    const { rows, neurons } = await similar.find(asked);
    for (const { trackId, cosine, why } of rows) {
      const parts = await similar.explain({ query: asked, trackId });
      expect(parts).toHaveLength(8);
      expect(parts.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(cosine, 5);
      expect(parts.slice(0, why.length)).toEqual(why);
    }
    expect(neurons.length).toBeGreaterThan(0);
    expect(neurons.map(({ contribution }) => contribution)).toEqual(neurons.map(({ contribution }) => contribution).sort((a, b) => b - a));
  });

  it('are compared without a neuron that was muted, which is named with nothing', async () => {
    const made = await library();
    const asked = made.query([track(made.trackIds[2])], { weights: [{ feature: 3, weight: 0 }], limit: 10 });
    const { rows, neurons } = await made.similar.find(asked);
    const all = await expected(made, 2, Float32Array.of(1, 1, 1, 0, 1, 1, 1, 1));
    expect(ids(rows)).toEqual(all.slice(0, 10).map(({ trackId }) => trackId));
    for (const [i, row] of rows.entries()) expect(row.cosine).toBeCloseTo(all[i]?.cosine ?? NaN, 5);
    expect(neurons).toContainEqual({ feature: 3, contribution: 0 });
    for (const { why } of rows) expect(why.map(({ feature }) => feature)).not.toContain(3);
    await expect(made.similar.find({ ...asked, weights: [{ feature: 8, weight: 0 }] })).rejects.toThrow(/no neuron 8/);
  });

  it('leave out examples of both sides, missing tracks, and what the filter leaves out', async () => {
    const planned = clustered(40).map((one, i) => ({ ...one, file: { year: 1980 + (i % 4) } }));
    const { similar, query, trackIds, store } = await similarLibrary(planned);
    store.tracks.markMissing([trackIds[9] as TrackId]);
    const filter = { year: { least: 1981, most: 1981 } };
    const { rows, considered } = await similar.find(query([track(trackIds[1])], { unlike: [track(trackIds[5])], filter }));
    expect(ids(rows).sort((a, b) => a - b)).toEqual([13, 17, 21, 25, 29, 33, 37].map((i) => trackIds[i]));
    expect(considered).toBe(7);
  });

  it('are so many of an artist and album at most, the nearest of each', async () => {
    const planned = clustered(40).map((one, i) => ({
      ...one,
      file: { artist: `Artist ${i % 4}`, album: `Album ${i % 8}`, albumArtist: 'Same' },
    }));
    const { similar, query, trackIds, store } = await similarLibrary(planned);
    const asked = query([track(trackIds[0])]);
    const all = ids((await similar.find(asked)).rows);
    const artistOf = (id: number): string => store.tracks.get(id as TrackId, null).artist;
    const firstTwo = all.filter((id, i) => all.slice(0, i).filter((other) => artistOf(other) === artistOf(id)).length < 2);
    expect(ids((await similar.find({ ...asked, perArtist: 2 })).rows)).toEqual(firstTwo);
    expect((await similar.find({ ...asked, perAlbum: 1 })).rows).toHaveLength(8);
    expect((await similar.find({ ...asked, perArtist: 2, limit: 3 })).rows).toHaveLength(3);
  });

  it('are one of every recording that is there several times, and none that is the example itself', async () => {
    const { similar, query, trackIds, store } = await library();
    const asked = query([track(trackIds[0])]);
    const all = ids((await similar.find(asked)).rows);
    const [nearest, second, third, fourth] = all;
    const group = (key: string, tracks: (number | undefined)[]) => ({
      key,
      relation: 'same' as const,
      tracks: tracks.map((trackId) => ({ trackId: trackId as TrackId, offsetMs: 0, bitErrorRate: 0 })),
    });
    store.duplicates.save([group('a', [third, second]), group('b', [fourth, trackIds[0]])]);
    expect(ids((await similar.find(asked)).rows)).toEqual(all.filter((id) => id !== third && id !== fourth));
    expect(ids((await similar.find({ ...asked, leaveOutDuplicates: false })).rows)).toEqual(all);
    expect(nearest).toBe(all[0]);
  });

  it('are none where there is no other track, and refused without an index', async () => {
    const { similar, query, trackIds, store } = await library(1);
    expect(await similar.find(query([track(trackIds[0])]))).toMatchObject({ considered: 0, rows: [] });
    const removed = query([track(trackIds[0])], { encoderId: 77 as never });
    await expect(similar.find(removed)).rejects.toThrow(/no encoder with the number 77/);
    expect(store.encoders.list()).toHaveLength(1);
  });
});

describe('passages like a query', () => {
  it('are the best of every track, with their place and that of the query that they match', async () => {
    const made = await library(12, { segments: 5 });
    const { similar, query, trackIds, neighbours, encoderId } = made;
    const { rows, considered } = await similar.find(query([track(trackIds[3])], { level: 'passages' }));
    expect(considered).toBe(11 * 5);
    expect(new Set(ids(rows)).size).toBe(11);
    const own = neighbours.segmentVectors(encoderId, trackIds[3] as number);
    const rowAt = (matrix: Float32Array, i: number): Float32Array => matrix.subarray(i * 8, i * 8 + 8);
    for (const { trackId, passage } of rows) {
      const vector = rowAt(neighbours.segmentVectors(encoderId, trackId), passage?.segment ?? -1);
      const cosines = Array.from({ length: 5 }, (_, i) => weightedCosine(rowAt(own, i), vector, null));
      expect(passage?.startMs).toBeCloseTo((passage?.segment ?? NaN) * cropMs);
      expect(passage?.durationMs).toBeCloseTo(cropMs);
      expect(passage?.queryTrackId).toBe(trackIds[3]);
      expect(passage?.queryStartMs).toBeCloseTo(cosines.indexOf(Math.max(...cosines)) * cropMs);
    }
    const scores = rows.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('have as cosine that of the very segment, which is the best of its track', async () => {
    const { similar, query, trackIds, neighbours, encoderId } = await library(12, { segments: 5 });
    const item: QueryItem = { kind: 'passage', trackId: trackIds[0] as TrackId, startMs: cropMs, endMs: 2 * cropMs };
    const { rows } = await similar.find(query([item], { level: 'passages' }));
    const asked = neighbours.segmentVectors(encoderId, trackIds[0] as number).subarray(8, 16);
    for (const { trackId, cosine, passage } of rows) {
      const matrix = neighbours.segmentVectors(encoderId, trackId);
      const own = Array.from({ length: 5 }, (_, i) => i).filter((i) => trackId !== trackIds[0] || i !== 1);
      const cosines = own.map((i) => weightedCosine(asked, matrix.subarray(i * 8, i * 8 + 8), null));
      expect(cosine).toBeCloseTo(Math.max(...cosines), 5);
      expect(passage?.segment).toBe(own[cosines.indexOf(Math.max(...cosines))]);
    }
  });

  it('may lie in the track of the passage that was asked for, beside it', async () => {
    const { similar, query, trackIds } = await library(6, { segments: 4 });
    const trackId = trackIds[2] as TrackId;
    const asked = query([{ kind: 'passage', trackId, startMs: 0, endMs: 2 * cropMs }], { level: 'passages' });
    const row = (await similar.find(asked)).rows.find((one) => one.trackId === trackId);
    expect(row?.passage?.segment).toBeGreaterThanOrEqual(2);
    expect(ids((await similar.find({ ...asked, level: 'tracks' })).rows)).not.toContain(trackId);
  });

  it('are explained by their own segment, and a track by its best', async () => {
    const { similar, query, trackIds } = await library(12, { segments: 5 });
    const asked = query([track(trackIds[3])], { level: 'passages', weights: [{ feature: 2, weight: 3 }] });
    const { rows } = await similar.find(asked);
    for (const { trackId, cosine, passage } of rows.slice(0, 4)) {
      const parts = await similar.explain({ query: asked, trackId, segment: passage?.segment });
      expect(parts.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(cosine, 5);
    }
    const best = { query: query([track(trackIds[3])], { level: 'passages' }), trackId: trackIds[0] as TrackId };
    expect((await similar.explain(best)).length).toBe(8);
    await expect(similar.explain({ ...best, segment: 5 })).rejects.toThrow(/has not heard this/);
  });

  it('are as many as were asked for, also when one artist has most of them', async () => {
    const planned = clustered(60, { segments: 6 }).map((one, i) => ({ ...one, file: { artist: i < 50 ? 'One' : `Other ${i}` } }));
    const { similar, query, trackIds } = await similarLibrary(planned);
    const { rows } = await similar.find(query([track(trackIds[0])], { level: 'passages', perArtist: 1, limit: 9 }));
    expect(rows).toHaveLength(9);
  });
});
