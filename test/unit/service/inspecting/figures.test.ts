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

describe('tag occurrence', () => {
  it('counts names among each neuron’s top segments, and tells what chance gives', async () => {
    const { services, encoderId } = figureLibrary();
    const found = await services.inspecting.figures.occurrence({ encoderId, top: 10, kind: null });
    expect(found).toMatchObject({ top: 10, tracks: 12, segments: 36 });
    expect(found.names).toEqual([
      { kind: 'tag', name: 'sound: hiss', tracks: 6, share: 0.5 },
      { kind: 'genre', name: 'noise', tracks: 6, share: 0.5 },
      { kind: 'genre', name: 'bass', tracks: 6, share: 0.5 },
    ]);
    expect(found.counts.slice(0, 2)).toEqual([
      [10, 10, 0],
      [0, 0, 10],
    ]);
    // The last tracks, 11 and 10 and 9, have three segments each, and of track 8 one is among the top ten.
    expect(found.counts[2]).toEqual([4, 4, 6]);
    const genres = await services.inspecting.figures.occurrence({ encoderId, top: 100, kind: 'genre' });
    expect(genres.names.map(({ name }) => name)).toEqual(['noise', 'bass']);
    // There are 36 segments, all of which are among the top hundred.
    expect(genres.counts.every((own) => own.join() === '18,18')).toBe(true);
  });

  it('plays the segments of a cell, the top one first, from one look', async () => {
    const { services, encoderId, looks } = figureLibrary();
    const { figures } = services.inspecting;
    await figures.occurrence({ encoderId, top: 10, kind: null });
    const cell = { encoderId, top: 10, number: 2, kind: 'genre', name: 'noise' } as const;
    const segments = await figures.occurrenceSegments(cell);
    expect(segments.map(({ title, segment, activation }) => [title, segment, activation])).toEqual([
      ['hiss 10', 0, 2.5],
      ['hiss 10', 1, 2.5],
      ['hiss 10', 2, 2.5],
      ['hiss 8', 0, 2],
    ]);
    expect(looks()).toBe(1);
    expect(await figures.occurrenceSegments({ ...cell, name: 'gone' })).toEqual([]);
    await expect(figures.occurrenceSegments({ ...cell, number: 4 })).rejects.toThrow('Small has neurons 0 to 3; there is no neuron 4.');
  });

  it('of no names is an error that says what to do', async () => {
    const { services, encoderId } = figureLibrary();
    await expect(services.inspecting.figures.occurrence({ encoderId, top: 10, kind: 'artist' })).rejects.toThrow(
      'No artist has 3 tracks that Small has heard, and as many others. Mark more tracks, or choose another kind.',
    );
  });
});

describe('factors', () => {
  it('put neurons together that go with each other, or against', async () => {
    const { services, encoderId } = figureLibrary();
    const { factors, alive, segments, taken } = await services.inspecting.figures.factors({ encoderId, count: 3 });
    expect([alive, segments, taken, factors.length]).toEqual([4, 36, 36, 3]);
    const [first] = factors;
    expect(first?.strongest.slice(0, 2).toSorted((a, b) => a - b)).toEqual([0, 1]);
    const [one = 0, other = 0] = first?.loadings ?? [];
    expect(Math.abs(one)).toBeGreaterThan(0.98);
    expect(other).toBeCloseTo(-one, 6);
    expect(factors.reduce((sum, { explained }) => sum + explained, 0)).toBeCloseTo(1, 6);
  });
});
