/** @file Which neurons are worth hearing, on samples in which it is known: planted groups, copies, noise, loudness, outliers. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { clearFeatures, fewestTracks } from '../../../../src-main/service/listening/clear-features.ts';
import type { TrackSample } from '../../../../src-main/service/listening/clear-features.ts';

/** A feature by what it gives on a segment; `noise` is normal, drawn anew each time, `own` normal and the track's. */
type Planted = (of: { track: number; segment: number; noise: number; own: number; level: number }) => number;

/** A sample of tracks with so many segments each. Levels are normal, and the tracks' own. */
function planted(features: readonly Planted[], { tracks = 24, segments = 6, seed = 1 } = {}): TrackSample {
  const random = seededRandom(seed);
  const values: number[] = [];
  const starts = Int32Array.from({ length: tracks + 1 }, (_, track) => track * segments);
  const levels = Float64Array.from({ length: tracks }, () => random.normal());
  for (let track = 0; track < tracks; track++) {
    const own = features.map(() => random.normal());
    for (let segment = 0; segment < segments; segment++)
      for (const [i, give] of features.entries())
        values.push(give({ track, segment, noise: random.normal(), own: own[i] as number, level: levels[track] as number }));
  }
  return { values: Float32Array.from(values), dimensions: features.length, starts, levels };
}

const noise: Planted = (of) => of.noise;
const groupsOf =
  (size: number): Planted =>
  ({ track, noise: drawn }) =>
    (Math.floor(track / size) % 2) * 6 + drawn;

async function chosen(sample: TrackSample, count = 4, isWanted: (feature: number) => boolean = () => true): Promise<number[]> {
  return (await clearFeatures(sample, { count, isWanted, pause: async () => undefined })).map(({ feature }) => feature);
}

describe('the neurons that are worth hearing', () => {
  it('are those that part groups of tracks, each by other groups; not a copy of one, and not noise', async () => {
    const copy: Planted = (of) => -3 * groupsOf(12)(of) + 0.2 * of.noise;
    const sample = planted([noise, groupsOf(12), copy, noise, groupsOf(6), groupsOf(3), noise]);
    const found = await chosen(sample);
    expect(found).toHaveLength(3);
    expect(found.filter((feature) => feature === 1 || feature === 2)).toHaveLength(1);
    expect(found).toEqual(expect.arrayContaining([4, 5]));
  });

  it('do not come from noise alone, however few tracks there are', async () => {
    for (const tracks of [fewestTracks, 10, 40])
      for (const seed of [1, 2, 3]) {
        const found = await chosen(planted(Array<Planted>(40).fill(noise), { tracks, segments: 8, seed }));
        expect(found.length, `${tracks} tracks, seed ${seed}`).toBeLessThanOrEqual(tracks < 10 ? 4 : 1);
      }
    expect(await chosen(planted(Array<Planted>(40).fill(noise), { tracks: 40, segments: 8 }))).toEqual([]);
  });

  it('are not mere loudness, and not one track that is unlike all others', async () => {
    const loudness: Planted = ({ level, noise: drawn }) => 6 * level + 0.3 * drawn;
    const oneTrack: Planted = ({ track, noise: drawn }) => (track === 5 ? 1000 : 0) + drawn;
    const clipped: Planted = ({ track, segment, noise: drawn }) => (track % 8 === 5 && segment === 2 ? 1e5 : 0) + drawn;
    expect(await chosen(planted([loudness, oneTrack, clipped, groupsOf(4)]))).toEqual([3]);
  });

  it('are found beside a track that is spoilt from its beginning to its end', async () => {
    const sample = planted([noise, groupsOf(12), groupsOf(6)]);
    for (let row = 0; row < 6; row++) sample.values.fill(1e4, row * 3, row * 3 + 3);
    expect((await chosen(sample)).sort()).toEqual([1, 2]);
  });

  it('come with the clearer one first, and are the same every time', async () => {
    const blurred: Planted = (of) => groupsOf(6)(of) * 0.8 + 0.4 * of.noise;
    const sample = planted([blurred, groupsOf(12)]);
    expect(await chosen(sample)).toEqual([1, 0]);
    expect(await chosen(planted([blurred, groupsOf(12)]))).toEqual([1, 0]);
    expect(await chosen(sample, 1)).toEqual([1]);
    expect(await chosen(sample, 4, (feature) => feature === 0)).toEqual([0]);
  });

  it('leave one that is clear but much like the first behind one that is less clear and unlike it', async () => {
    // Over 24 tracks the second has a correlation of 0.7 with the first, the third none with either.
    const like: Planted = ({ track, noise: drawn }) => (track < 6 || track >= 18 ? 0 : 8) + (track < 12 ? 0 : 8) + drawn * 0.3;
    const unlike: Planted = ({ track, noise: drawn }) => (track % 2) * 2 + drawn;
    const sample = { ...planted([groupsOf(12), like, unlike]), levels: new Float64Array(24) };
    expect(await chosen(sample)).toEqual([0, 2, 1]);
  });

  it('are none where tracks are too few, where nothing differs, and in an empty sample', async () => {
    expect(await chosen(planted([groupsOf(1)], { tracks: fewestTracks - 1 }))).toEqual([]);
    expect(await chosen(planted([() => 7, ({ track }) => 1000 + track * 1e-5], { tracks: 20 }))).toEqual([]);
    expect(await chosen({ values: new Float32Array(0), dimensions: 3, starts: Int32Array.of(0), levels: new Float64Array(0) })).toEqual([]);
  });

  it('are found among tracks of one segment', async () => {
    expect(await chosen(planted([groupsOf(6), ({ track }) => track % 2], { tracks: 12, segments: 1 }))).toContain(1);
  });
});
