/** @file Figures of an index on the disk: which music they are made of, what is kept, and how they end. */
import { describe, expect, it } from 'vitest';
import { figureLibrary, hiss, hum } from '../../../support/figure-library.ts';

describe('an activation profile', () => {
  it('is made of the music that was asked for: a tag, a folder, a search, or all', async () => {
    const { services, encoderId, tagId } = figureLibrary();
    const [folder] = services.store.folders.list();
    const parts = [
      { kind: 'tag', tagId },
      { kind: 'search', search: 'hum' },
    ] as const;
    const { figures } = services.inspecting;
    const found = await figures.profile({ encoderId, parts: [...parts], scale: 'own' });
    expect(found.parts.map(({ name, tracks, segments, taken }) => [name, tracks, segments, taken])).toEqual([
      ['sound: hiss', hiss.length, 3 * hiss.length, 3 * hiss.length],
      ['hum', hum.length, 3 * hum.length, 3 * hum.length],
    ]);
    // Neuron 0 gives 10 where it hisses and 1 where it hums; neuron 1 the opposite.
    expect(found.parts.map(({ neurons }) => neurons.mean.slice(0, 2))).toEqual([
      [10, 1],
      [1, 10],
    ]);
    expect(found.parts.map(({ ranks }) => ranks.mean[0])).toEqual([10, 10]);
    const all = await figures.profile({
      encoderId,
      parts: [{ kind: 'folder', folderId: folder?.id as never }, { kind: 'all' }],
      scale: 'standard',
    });
    expect(all.parts.map(({ tracks }) => tracks)).toEqual([12, 12]);
    expect(all.parts[0]?.neurons.mean[0]).toBeCloseTo(0, 6);
  });

  it('is kept until the music it is made of is another', async () => {
    const { services, encoderId, tagId, looks } = figureLibrary();
    const wish = { encoderId, parts: [{ kind: 'tag' as const, tagId }], scale: 'own' as const };
    const first = await services.inspecting.figures.profile(wish);
    expect(await services.inspecting.figures.profile(wish)).toEqual(first);
    expect(looks()).toBe(1);
    const [track] = services.store.tracks.summaries(services.store.tags.tracksWith(tagId));
    services.store.tags.mark({ tagIds: [tagId], targets: [{ trackId: track?.id as never }], answer: 'no', source: 'person' });
    const less = await services.inspecting.figures.profile(wish);
    expect([looks(), less.parts[0]?.tracks]).toEqual([2, hiss.length - 1]);
  });

  it('of nothing that was heard is an error that says what to do', async () => {
    const { services, encoderId } = figureLibrary();
    const { figures } = services.inspecting;
    await expect(figures.profile({ encoderId, parts: [{ kind: 'search', search: 'oboe' }], scale: 'own' })).rejects.toThrow(
      'Nothing of “oboe” has been heard by this encoder. Choose other music, or index the library with it.',
    );
    await expect(figures.profile({ encoderId, parts: [{ kind: 'tag', tagId: 99 as never }], scale: 'own' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('ends when nobody waits for it, and is made when it is asked for again', async () => {
    const { services, encoderId } = figureLibrary();
    const wish = { encoderId, parts: [{ kind: 'all' as const }], scale: 'own' as const };
    const ended = new AbortController();
    ended.abort();
    await expect(services.inspecting.figures.profile(wish, { signal: ended.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await services.inspecting.figures.profile(wish)).parts[0]?.segments).toBe(36);
  });

  it('leaves segments out on which the encoder gave no finite numbers', async () => {
    const { services, encoderId } = figureLibrary({ broken: 1 });
    const found = await services.inspecting.figures.profile({ encoderId, parts: [{ kind: 'all' }], scale: 'own' });
    expect(found.parts[0]).toMatchObject({ segments: 36, taken: 35 });
  });
});
