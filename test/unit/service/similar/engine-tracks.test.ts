import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import type { TrackHits } from '../../../../src-main/service/similar/engine.ts';
import { openStore, sharedFloats } from '../../../../src-main/store/index.ts';
import { addTracks, engineOf, randomTracks, vectorLibrary } from '../../../support/neighbour-data.ts';
import type { VectorLibrary } from '../../../support/neighbour-data.ts';

const dimensions = 40;
const copies = 700;

/** The nearest by the cosines of all, one after the other. */
function plainNearest(cosines: Float32Array, scales: Float32Array, count: number): { positions: number[]; cosines: number[] } {
  const key = (at: number): number => Math.fround(Math.max(0, 1 - (cosines[at] as number)) / (scales[at] as number));
  const positions = [...cosines.keys()].filter((at) => (scales[at] as number) > 0).sort((a, b) => key(a) - key(b) || a - b);
  const nearest = positions.slice(0, count);
  return { positions: nearest, cosines: nearest.map((at) => cosines[at] as number) };
}

const listed = ({ positions, cosines }: TrackHits) => ({ positions: [...positions], cosines: [...cosines] });

describe('the tracks nearest to a query', () => {
  const coded = { comparedTracks: 0 };

  const directory = mkdtempSync(join(tmpdir(), 'earmark-tracks-'));
  let library: VectorLibrary;

  // Six thousand tracks, and behind them copies of one.
  beforeAll(() => {
    library = vectorLibrary(openStore(directory), dimensions);
    addTracks(library, randomTracks(1, 6000, { dimensions, longest: 1 }));
    const same = randomTracks(7, 1, { dimensions, longest: 1 })['7-0'] as Float32Array;
    addTracks(library, Object.fromEntries(Array.from({ length: copies }, (_, i) => [`copy ${i}`, same])));
  });

  afterAll(() => {
    library.store.close();
    rmSync(directory, { recursive: true });
  });

  /** Scales between a half and one and a half, every seventh track left out. */
  function scalesOf(count: number): Float32Array<SharedArrayBuffer> {
    const random = seededRandom(3);
    const scales = sharedFloats(count);
    for (let i = 0; i < count; i++) scales[i] = i % 7 === 3 ? 0 : 0.5 + random.uniform();
    return scales;
  }

  it('are those of the cosines of all, though codes alone decide about most', async () => {
    const engine = engineOf(library.store, coded);
    const space = await engine.trackSpace(library.encoderId);
    const scales = scalesOf(space.trackIds.length);
    const bytes = (): number => {
      const status = engine.status(library.encoderId);
      return status.state === 'ready' ? status.bytes : NaN;
    };
    const before = bytes();
    for (const position of [0, 17, 2500, 5999]) {
      const query = space.vector(position).slice();
      const cosines = await engine.trackScores(library.encoderId, query);
      for (const count of [1, 50, 120])
        expect(listed(await engine.nearestTracks(library.encoderId, query, { count, scales }))).toEqual(
          plainNearest(cosines, scales, count),
        );
    }
    expect(bytes() - before).toBeGreaterThan(space.trackIds.length * dimensions);
  });

  it('are found too where more are equally near than codes propose', async () => {
    const engine = engineOf(library.store, coded);
    const space = await engine.trackSpace(library.encoderId);
    const scales = sharedFloats(space.trackIds.length).fill(1);
    const query = space.vector(space.trackIds.length - 1).slice();
    const { positions } = await engine.nearestTracks(library.encoderId, query, { count: 60, scales });
    expect([...positions]).toEqual(Array.from({ length: 60 }, (_, i) => 6000 + i));
  });

  it('follow weights, and are fewer where fewer are there', async () => {
    const engine = engineOf(library.store, coded);
    const space = await engine.trackSpace(library.encoderId);
    const query = space.vector(9).slice();
    const weights = Float32Array.from({ length: dimensions }, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3)));
    const scales = scalesOf(space.trackIds.length);
    const cosines = await engine.trackScores(library.encoderId, query, weights);
    const weighted = await engine.nearestTracks(library.encoderId, query, { count: 50, scales, weights });
    expect(listed(weighted)).toEqual(plainNearest(cosines, scales, 50));
    const few = sharedFloats(space.trackIds.length);
    few[4] = few[4000] = 1;
    const both = await engine.nearestTracks(library.encoderId, query, { count: 50, scales: few });
    expect([...both.positions].sort((a, b) => a - b)).toEqual([4, 4000]);
    expect((await engine.nearestTracks(library.encoderId, query, { count: 50, scales: few.fill(0) })).positions).toHaveLength(0);
  });

  it('stand a query of nothing', async () => {
    const engine = engineOf(library.store, coded);
    const space = await engine.trackSpace(library.encoderId);
    const scales = sharedFloats(space.trackIds.length).fill(1);
    const { positions, cosines } = await engine.nearestTracks(library.encoderId, new Float32Array(dimensions), { count: 3, scales });
    expect([[...positions], [...cosines]]).toEqual([
      [0, 1, 2],
      [0, 0, 0],
    ]);
  });
});
