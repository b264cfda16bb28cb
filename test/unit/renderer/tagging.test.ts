/** @file Tags, what is said of tracks, the chooser, and what heads know, on a seeded core. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/base/index.ts';
import type { TagId, TrackId } from '../../../src-main/contract/index.ts';
import { tagFigures } from '../../../src-renderer/state/tags.svelte.ts';
import { TracksState } from '../../../src-renderer/state/tracks.svelte.ts';
import { loaded, named, taggingTests, targets } from '../../support/tagging-states.ts';

const connected = taggingTests();

describe('tags', () => {
  it('stand in groups by kind, those without one first', async () => {
    const { tags } = connected();
    await tags.load();
    expect(tags.groups.map(({ kind, tags: members }) => [kind, members.length])).toEqual([
      ['', 3],
      ['mood', 3],
    ]);
    expect(tags.kinds).toEqual(['mood']);
  });

  it('are found however they are written', async () => {
    const { tags } = connected();
    await tags.load();
    expect(tags.named('  MOOD:  Ráiny ')?.name).toBe('rainy');
    expect(tags.named('rainy')).toBeUndefined();
  });

  it('are made, renamed, coloured, merged and removed, and each of it is taken back', async () => {
    const { tags, undo } = connected();
    await tags.load();
    const before = JSON.stringify(tags.list);
    const made = await tags.create('mood: foggy');
    expect(made).toMatchObject({ kind: 'mood', name: 'foggy', tracks: 0 });
    await tags.mark([made.id], targets(1, 2, 3), 'yes');
    await tags.rename(named(tags, 'mood: foggy'), 'weather: foggy');
    await tags.recolour(named(tags, 'weather: foggy'), 7);
    expect(tags.get(made.id)).toMatchObject({ kind: 'weather', name: 'foggy', color: 7, tracks: 3 });
    const rainy = named(tags, 'mood: rainy');
    await tags.merge([made.id, rainy.id], rainy.id);
    expect(tags.get(made.id)).toBeUndefined();
    expect(tags.get(rainy.id)?.tracks).toBeGreaterThanOrEqual(rainy.tracks);
    await tags.remove([rainy.id]);
    expect(tags.get(rainy.id)).toBeUndefined();
    while (undo.nextLabel !== null) await undo.undo();
    expect(JSON.stringify(tags.list)).toBe(before);
  });

  it('leave no step behind where nothing is different', async () => {
    const { tags, undo } = connected();
    await tags.load();
    const known = await tags.create('Mood: RAINY');
    await tags.rename(known, 'mood: rainy');
    await tags.recolour(known, known.color);
    await tags.mark([known.id], [], 'yes');
    expect(undo.nextLabel).toBeNull();
  });

  it('say how much carries them', () => {
    const counts = { id: 1 as TagId, kind: '', name: 'x', color: 0, createdAt: 0 };
    expect(tagFigures({ ...counts, tracks: 1, passages: 0, rejected: 0 })).toBe('1 track');
    expect(tagFigures({ ...counts, tracks: 34, passages: 3, rejected: 5 })).toBe('34 tracks · 3 passages · does not fit 5 others');
  });

  it('keep what was loaded when a later load fails', async () => {
    const failing: Record<string, AppError> = {};
    const { tags } = connected({ failing });
    await tags.load();
    failing['tags.list'] = new AppError('INTERNAL', 'told to fail');
    await expect(tags.load()).rejects.toThrow('told to fail');
    expect(tags.list).toHaveLength(6);
  });

  it('show only the tracks that carry one', async () => {
    const { api, tags } = connected();
    await tags.load();
    const { id, tracks: count } = named(tags, 'mood: rainy');
    const table = new TracksState(api);
    table.setTag(id);
    table.want(0, 20);
    await expect.poll(() => table.total).toBe(count);
    expect(await table.idsOf([{ first: 0, last: count - 1 }])).toHaveLength(count);
  });
});

describe('marks', () => {
  it('are there for the tracks that are looked at, and follow changes in place', async () => {
    const { marks, tags } = connected();
    await tags.load();
    const { id } = await tags.create('new');
    marks.want('library', [1, 2] as TrackId[]);
    await expect.poll(() => marks.of(2 as TrackId)).toBeDefined();
    expect(marks.of(3 as TrackId)).toBeUndefined();
    await tags.mark([id], targets(2), 'yes');
    marks.refresh();
    await expect.poll(() => marks.of(2 as TrackId)?.some(({ tagId }) => tagId === id)).toBe(true);
  });

  it('that two places look at do not take each other away', async () => {
    const { marks } = connected();
    marks.want('library', [1, 2] as TrackId[]);
    marks.want('panel', [9] as TrackId[]);
    await expect.poll(() => marks.of(9 as TrackId)).toBeDefined();
    marks.refresh();
    expect(marks.of(1 as TrackId)).toBeDefined();
    expect(marks.of(9 as TrackId)).toBeDefined();
  });
});

describe('the chooser', () => {
  it('tells which tags all, some and none of the selection carry, and turns each', async () => {
    const { chooser, tags, undo } = connected();
    await tags.load();
    const { id } = await tags.create('odd');
    await tags.mark([id], targets(1), 'yes');
    await chooser.open({ what: '2 tracks', targets: targets(1, 2), at: null });
    expect(chooser.standing(id)).toBe('some');
    await chooser.toggle(id);
    expect(chooser.standing(id)).toBe('all');
    await chooser.toggle(id);
    expect(chooser.standing(id)).toBe('none');
    await chooser.reject(id);
    expect(chooser.standing(id)).toBe('rejected');
    expect(tags.get(id)?.rejected).toBe(2);
    await undo.undo();
    expect(tags.get(id)?.rejected).toBe(0);
  });

  it('tells a passage from its track', async () => {
    const { chooser, tags } = connected();
    await tags.load();
    const { id } = await tags.create('solo');
    const passage = { trackId: 5 as TrackId, startMs: 2677.9, endMs: 5355.8 };
    await tags.mark([id], [passage], 'yes');
    await chooser.open({ what: 'a track', targets: targets(5), at: null });
    expect(chooser.standing(id)).toBe('none');
    await chooser.open({ what: 'a passage', targets: [{ ...passage, startMs: 2678 }], at: null });
    expect(chooser.standing(id)).toBe('all');
  });

  it('makes a tag of what was typed and puts it on, as one step', async () => {
    const { chooser, tags, undo } = connected();
    await tags.load();
    await chooser.open({ what: '3 tracks', targets: targets(1, 2, 3), at: null });
    const before = JSON.stringify(tags.list);
    const made = await chooser.create('for: driving home');
    expect(tags.get(made.id)).toMatchObject({ kind: 'for', name: 'driving home', tracks: 3 });
    expect(chooser.standing(made.id)).toBe('all');
    await undo.undo();
    expect(JSON.stringify(tags.list)).toBe(before);
    expect(undo.nextLabel).toBeNull();
  });

  it('stays closed for nothing', async () => {
    const { chooser } = connected();
    await chooser.open({ what: 'nothing', targets: [], at: null });
    expect(chooser.request).toBeNull();
  });
});

describe('heads', () => {
  it('say what they know of a tag, and what is missing for one', async () => {
    const { heads, tags } = await loaded(connected());
    const rainy = heads.ofTag(named(tags, 'mood: rainy').id);
    expect(rainy?.label).toMatchObject({ state: 'ready', yes: 24 });
    const few = heads.ofTag(named(tags, 'for sets').id);
    expect(few?.label).toMatchObject({ state: 'tooFew', label: null });
    expect(few?.label.message).toBe('Not enough examples. It needs 3 more tracks that it fits (there are 2).');
    expect(heads.published.map(({ name }) => name)).toEqual(['MagnaTagATune']);
  });

  it('count what was changed since the training', async () => {
    const { heads, tags } = await loaded(connected());
    expect([heads.changesSince, heads.trained?.isStale]).toEqual([0, false]);
    await tags.mark([named(tags, 'for sets').id], targets(4, 5), 'yes');
    await tags.mark([named(tags, 'for sets').id], targets(6), 'no');
    await heads.load();
    expect([heads.changesSince, heads.trained?.isStale]).toEqual([2, true]);
  });
});
