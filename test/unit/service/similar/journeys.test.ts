import { describe, expect, it } from 'vitest';
import type { PathStep, QueryItem, TrackId } from '../../../../src-main/contract/index.ts';
import type { PathWish, RadioWish } from '../../../../src-main/service/similar/journeys.ts';
import { product } from '../../../../src-main/service/similar/vectors.ts';
import { clustered, filterOf, similarLibrary } from '../../../support/similar-library.ts';
import type { SimilarLibrary } from '../../../support/similar-library.ts';

const track = (trackId: TrackId | undefined): QueryItem => ({ kind: 'track', trackId: trackId as TrackId });
const ids = (steps: readonly PathStep[]): TrackId[] => steps.map(({ trackId }) => trackId);

/** Tracks around a circle, and others far from it. */
async function circle(count = 60): Promise<SimilarLibrary> {
  const around = Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return { rows: [[Math.cos(angle), Math.sin(angle), 0.01 * (i % 3), 0]], file: { artist: `Artist ${i % 5}`, genre: `Genre ${i % 5}` } };
  });
  const away = Array.from({ length: count }, (_, i) => ({ rows: [[0, 0, Math.cos(i), Math.sin(i)]], file: { artist: `Away ${i}` } }));
  return similarLibrary([...around, ...away]);
}

const pathWish = ({ encoderId, trackIds }: SimilarLibrary, from: number, to: number, more: Partial<PathWish> = {}): PathWish => ({
  ...{ encoderId, from: track(trackIds[from]), to: track(trackIds[to]), steps: 7, filter: filterOf({}), perArtist: null },
  ...more,
});

describe('a path', () => {
  it('goes from one end to the other in as many tracks, each once', async () => {
    const made = await similarLibrary(clustered(80));
    const path = await made.similar.path(pathWish(made, 0, 1, { steps: 12 }));
    expect(path).toHaveLength(12);
    expect(new Set(ids(path)).size).toBe(12);
    expect([path[0]?.trackId, path.at(-1)?.trackId]).toEqual([made.trackIds[0], made.trackIds[1]]);
    expect(path[0]?.fromBefore).toBeNull();
    const space = await made.neighbours.trackSpace(made.encoderId);
    const vector = (step: PathStep | undefined): Float32Array => space.vector(space.positionOf(step?.trackId ?? -1));
    for (const [i, step] of path.entries()) {
      if (i > 0) expect(step.fromBefore).toBeCloseTo(product(vector(path[i - 1]), vector(step)), 6);
      expect(step.score).toBeGreaterThanOrEqual(0);
      expect(step.score).toBeLessThanOrEqual(1);
    }
  });

  it('takes even steps along the circle that its ends lie on', async () => {
    const made = await circle();
    const path = await made.similar.path(pathWish(made, 0, 18, { steps: 7 }));
    expect(ids(path)).toEqual([0, 3, 6, 9, 12, 15, 18].map((i) => made.trackIds[i]));
  });

  it('has a largest step smaller than that between its ends, and comes nearer to the end all the time', async () => {
    const made = await circle();
    const path = await made.similar.path(pathWish(made, 2, 25, { steps: 9 }));
    const space = await made.neighbours.trackSpace(made.encoderId);
    const toEnd = ids(path).map((id) => product(space.vector(space.positionOf(id)), space.vector(25)));
    expect(toEnd).toEqual(toEnd.toSorted((a, b) => a - b));
    const smallest = Math.min(...path.slice(1).map(({ fromBefore }) => fromBefore ?? NaN));
    expect(smallest).toBeGreaterThan(0.85);
  });

  it('keeps to the filter between its ends, to so many of an artist, and to one of a recording', async () => {
    const made = await circle();
    const { similar, store, trackIds } = made;
    const artistOf = (id: TrackId): string => store.tracks.get(id, null).artist;
    const path = await similar.path(pathWish(made, 0, 16, { perArtist: 2 }));
    const counts = new Map<string, number>();
    for (const id of ids(path)) counts.set(artistOf(id), (counts.get(artistOf(id)) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(2);
    const filtered = await similar.path(pathWish(made, 0, 16, { filter: filterOf({ genres: ['genre 3'] }), steps: 5 }));
    expect(ids(filtered).slice(1, -1).map(artistOf)).toEqual(['Artist 3', 'Artist 3', 'Artist 3']);
    const copies = [3, 6, 9].map((i) => ({ trackId: trackIds[i] as TrackId, offsetMs: 0, bitErrorRate: 0 }));
    store.duplicates.save([{ key: 'a', relation: 'same', tracks: copies }]);
    const single = ids(await similar.path(pathWish(made, 0, 18)));
    expect(single.filter((id) => copies.some(({ trackId }) => trackId === id)).length).toBeLessThanOrEqual(1);
  });

  it('ends at the track that is nearest to a tag', async () => {
    const made = await circle();
    const { tag } = made.store.tags.create({ kind: '', name: 'end' });
    const targets = [19, 20, 21].map((i) => ({ trackId: made.trackIds[i] as TrackId }));
    made.store.tags.mark({ tagIds: [tag.id], targets, answer: 'yes', source: 'person' });
    const path = await made.similar.path(pathWish(made, 0, 1, { to: { kind: 'tag', tagId: tag.id } }));
    expect(path.at(-1)?.trackId).toBe(made.trackIds[20]);
  });

  it('is refused between a track and itself, and when too few tracks lie between', async () => {
    const made = await circle(10);
    await expect(made.similar.path(pathWish(made, 3, 3))).rejects.toThrow(/two ends/);
    await expect(made.similar.path(pathWish(made, 3, 4, { steps: 30 }))).rejects.toThrow(/needs 28 between its ends/);
    await expect(made.similar.path(pathWish(made, 0, 4, { perArtist: 1, filter: filterOf({ genres: ['Genre 1'] }) }))).rejects.toThrow(
      /fewer pass the filter/,
    );
  });

  it('is found between neighbours and between opposites', async () => {
    const made = await circle();
    for (const to of [1, 30]) expect(new Set(ids(await made.similar.path(pathWish(made, 0, to, { steps: 20 })))).size).toBe(20);
  });
});

const radioWish = ({ encoderId, trackIds }: SimilarLibrary, more: Partial<RadioWish> = {}): RadioWish => ({
  ...{ encoderId, seeds: [track(trackIds[0])], played: [], skipped: [], diversity: 0, filter: filterOf({}), perArtist: null },
  ...{ count: 10, seed: 1 },
  ...more,
});

describe('a radio', () => {
  it('plays the nearest first when nothing else is wished, as the search has them', async () => {
    const made = await similarLibrary(clustered(80));
    const steps = await made.similar.radio(radioWish(made));
    const { rows } = await made.similar.find(made.query([track(made.trackIds[0])], { limit: 10 }));
    expect(ids(steps)).toEqual(rows.map(({ trackId }) => trackId));
    for (const [i, step] of steps.entries()) expect(step.score).toBeCloseTo(rows[i]?.score ?? NaN, 6);
  });

  it('goes on without end and without playing anything twice, until nothing is left', async () => {
    const made = await similarLibrary(clustered(50));
    const played: TrackId[] = [];
    for (let round = 0; round < 7; round++) {
      const next = ids(await made.similar.radio(radioWish(made, { played, diversity: 0.5, seed: round })));
      expect(next).toHaveLength(round < 4 ? 10 : round === 4 ? 9 : 0);
      played.push(...next);
    }
    expect(new Set(played).size).toBe(49);
    expect(played).not.toContain(made.trackIds[0]);
  });

  it('is the same from the same seed, and another from another', async () => {
    const made = await similarLibrary(clustered(80));
    const from = async (seed: number): Promise<TrackId[]> => ids(await made.similar.radio(radioWish(made, { diversity: 0.7, seed })));
    expect(await from(1)).toEqual(await from(1));
    expect(await from(1)).not.toEqual(await from(2));
  });

  it('is more varied the more variety is wished', async () => {
    const made = await similarLibrary(clustered(120));
    const space = await made.neighbours.trackSpace(made.encoderId);
    const likeness = async (diversity: number): Promise<number> => {
      const means: number[] = [];
      for (let seed = 0; seed < 8; seed++) {
        const next = ids(await made.similar.radio(radioWish(made, { diversity, seed })));
        const vectors = next.map((id) => space.vector(space.positionOf(id)));
        const pairs = vectors.flatMap((a, i) => vectors.slice(i + 1).map((b) => product(a, b)));
        means.push(pairs.reduce((sum, one) => sum + one, 0) / pairs.length);
      }
      return means.reduce((sum, one) => sum + one, 0) / means.length;
    };
    const [none, half, all] = [await likeness(0), await likeness(0.5), await likeness(1)];
    expect(half).toBeLessThan(none);
    expect(all).toBeLessThan(half);
  });

  it('moves away from what was skipped', async () => {
    const made = await similarLibrary(clustered(80));
    const space = await made.neighbours.trackSpace(made.encoderId);
    const [first] = ids(await made.similar.radio(radioWish(made)));
    const nearness = async (skipped: TrackId[]): Promise<number> => {
      const next = ids(await made.similar.radio(radioWish(made, { skipped, played: [first as TrackId] })));
      expect(next).not.toContain(first);
      const of = (id: TrackId): Float32Array => space.vector(space.positionOf(id));
      return next.reduce((sum, id) => sum + product(of(id), of(first as TrackId)), 0) / next.length;
    };
    expect(await nearness([first as TrackId])).toBeLessThan(await nearness([]));
  });

  it('plays so many of an artist among twenty, only what passes the filter, and no recording twice', async () => {
    const planned = clustered(90).map((one, i) => ({ ...one, file: { artist: `Artist ${i % 15}`, year: i < 60 ? 2000 : 1980 } }));
    const made = await similarLibrary(planned);
    const { similar, store, trackIds } = made;
    const copies = trackIds.slice(1, 30).map((trackId) => ({ trackId, offsetMs: 0, bitErrorRate: 0 }));
    store.duplicates.save([{ key: 'a', relation: 'same', tracks: copies }]);
    const steps = await similar.radio(radioWish(made, { perArtist: 2, count: 25, filter: filterOf({ year: { least: 2000 } }) }));
    const artists = steps.map(({ artist }) => artist);
    for (let i = 0; i < artists.length; i++)
      expect(artists.slice(Math.max(0, i - 19), i).filter((artist) => artist === artists[i]).length).toBeLessThan(2);
    expect(steps.every(({ year }) => year === 2000)).toBe(true);
    expect(steps.filter(({ trackId }) => copies.some((copy) => copy.trackId === trackId)).length).toBeLessThanOrEqual(1);
  });
});
