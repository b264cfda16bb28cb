// @vitest-environment happy-dom
/** @file What a reload brings back, and the order that rows have from the first. */
import { beforeEach, describe, expect, it } from 'vitest';
import { PlayerState } from '../../../../src-renderer/state/player.svelte.ts';
import type { Loudness } from '../../../../src-renderer/state/player.svelte.ts';
import { keptInSession } from '../../../../src-renderer/state/session.ts';
import { SimilarQueryState, freshSimilarMemory } from '../../../../src-renderer/state/similar-query.svelte.ts';
import { TracksState } from '../../../../src-renderer/state/tracks.svelte.ts';

beforeEach(() => sessionStorage.clear());

type Asked = { search: string; sort: unknown };

/** A core that notes what it is asked, and the way to wait for its answers. */
function library(): { api: never; asked: Asked[] } {
  const asked: Asked[] = [];
  const tracks = (query: Asked) => {
    asked.push({ search: query.search, sort: query.sort });
    return Promise.resolve({ total: 0, rows: [] });
  };
  return { api: { library: { tracks } } as never, asked };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe('the window’s storage', () => {
  it('gives back what was written, and nothing for what is no JSON', () => {
    const kept = keptInSession('one');
    expect(kept.read()).toBeUndefined();
    kept.write({ a: [1] });
    expect(keptInSession('one').read()).toEqual({ a: [1] });
    sessionStorage.setItem('one', '{');
    expect(kept.read()).toBeUndefined();
  });

  it('is done without where it is full or refused', () => {
    const refused = (): never => {
      throw new DOMException('no', 'QuotaExceededError');
    };
    const kept = keptInSession('one', { getItem: refused, setItem: refused });
    kept.write(1);
    expect(kept.read()).toBeUndefined();
    expect(keptInSession('one', null).read()).toBeUndefined();
  });
});

describe('the table of tracks', () => {
  it('asks for no row before it knows its order, and then in that order alone', async () => {
    const { api, asked } = library();
    const tracks = new TracksState(api, { isHeld: true });
    tracks.refresh();
    tracks.want(0, 30);
    await settled();
    expect(asked).toEqual([]);
    tracks.begin([{ key: 'year', descending: true }]);
    await settled();
    expect(new Set(asked.map(({ sort }) => JSON.stringify(sort)))).toEqual(new Set(['[{"key":"year","descending":true}]']));
  });

  it('goes on with its search after a reload', async () => {
    const { api, asked } = library();
    new TracksState(api, { kept: keptInSession('search') }).setSearch('siege');
    const reloaded = new TracksState(api, { kept: keptInSession('search') });
    expect(reloaded.search).toBe('siege');
    reloaded.refresh();
    await settled();
    expect(asked.at(-1)?.search).toBe('siege');
  });
});

describe('the query of Similar', () => {
  const made = (): SimilarQueryState =>
    new SimilarQueryState({ current: freshSimilarMemory, set: () => undefined }, { did: () => undefined }, keptInSession('query'));
  const example = (trackId: number) => ({ item: { kind: 'track', trackId }, label: `Track ${trackId}`, note: '' }) as never;

  it('goes on with its examples and weights after a reload', () => {
    const query = made();
    query.add('like', [example(1), example(2)]);
    query.add('unlike', [example(3)]);
    query.setWeight(7, 0);
    query.remove(example(2));
    const again = made();
    expect([again.like, again.unlike, again.weights]).toEqual([[example(1)], [example(3)], [{ feature: 7, weight: 0 }]]);
    again.clear();
    expect(made().isEmpty).toBe(true);
  });

  it.each([
    'text',
    { like: 'x' },
    { like: [null, 1, { item: { kind: 'track', trackId: -1 }, label: 'x', note: '' }, { item: { kind: 'tune' }, label: 1 }] },
    { weights: [{ feature: 1, weight: 99 }] },
  ])('begins empty where %j was kept', (kept) => {
    keptInSession('query').write(kept);
    const query = made();
    expect([query.like, query.unlike, query.weights]).toEqual([[], [], []]);
  });
});

describe('the player', () => {
  it('tells of every change of loudness, and is as loud as it was left', () => {
    const kept: Loudness[] = [];
    const player = new PlayerState((loudness) => kept.push(loudness));
    player.setVolume(0.4);
    player.toggleMute();
    expect(kept).toEqual([
      { volume: 0.4, isMuted: false },
      { volume: 0.4, isMuted: true },
    ]);
    const reloaded = new PlayerState((loudness) => kept.push(loudness));
    reloaded.recall({ volume: 0.4, isMuted: true });
    expect([reloaded.volume, reloaded.isMuted, kept.length]).toEqual([0.4, true, 2]);
    for (const wrong of [
      { volume: 7, isMuted: true },
      { volume: Number.NaN, isMuted: true },
    ])
      reloaded.recall(wrong);
    expect(reloaded.volume).toBe(0.4);
  });
});
