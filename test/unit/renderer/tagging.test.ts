/** @file The states of tagging, on the fake core. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/base/index.ts';
import type { EncoderId, TagId, TrackId } from '../../../src-main/contract/index.ts';
import { createClient, createRouter, memoryPorts, servePort } from '../../../src-main/rpc/index.ts';
import { HeadsState } from '../../../src-renderer/state/heads.svelte.ts';
import { NeuronState } from '../../../src-renderer/state/neuron.svelte.ts';
import { QuestionsState } from '../../../src-renderer/state/questions.svelte.ts';
import { SuggestionsState } from '../../../src-renderer/state/suggestions.svelte.ts';
import { TagChooserState } from '../../../src-renderer/state/tag-chooser.svelte.ts';
import { TagMarksState } from '../../../src-renderer/state/tag-marks.svelte.ts';
import { TagsState, tagFigures } from '../../../src-renderer/state/tags.svelte.ts';
import { TracksState } from '../../../src-renderer/state/tracks.svelte.ts';
import { UndoState } from '../../../src-renderer/state/undo.svelte.ts';
import { WritingsState, isPutBackable } from '../../../src-renderer/state/writings.svelte.ts';
import { createFakeCore } from '../../support/fake-core.ts';
import type { FakeOptions } from '../../support/fake-core.ts';

const encoderId = 1 as EncoderId;
const targets = (...ids: number[]) => ids.map((id) => ({ trackId: id as TrackId }));

function connected(options: FakeOptions = { tags: 'some' }) {
  const core = createFakeCore(options);
  const [own, other] = memoryPorts();
  servePort(
    createRouter(core.handlers, () => undefined),
    other,
  );
  const api = createClient(own);
  const throwing = (error: unknown): void => {
    throw error;
  };
  const undo = new UndoState(throwing, () => undefined);
  const tags = new TagsState(api, undo);
  const marks = new TagMarksState(api, throwing);
  const heads = new HeadsState(api);
  return {
    core,
    api,
    undo,
    tags,
    marks,
    heads,
    chooser: new TagChooserState(tags, marks),
    suggestions: new SuggestionsState(api, undo),
    questions: new QuestionsState(api, undo),
    writings: new WritingsState(api),
  };
}

type Connected = ReturnType<typeof connected>;

function named(tags: TagsState, name: string) {
  const tag = tags.named(name);
  if (tag === undefined) throw new Error(`There is no tag ${name}.`);
  return tag;
}

async function trained(options?: FakeOptions): Promise<Connected> {
  const all = connected(options);
  await all.tags.load();
  await all.heads.show(encoderId);
  await all.heads.train({ architecture: 'logistic', groupBy: 'artist' });
  for (let i = 0; i < 20; i++) all.core.jobs.step(0.25);
  await all.heads.load();
  return all;
}

async function suggested(name = 'mood: rainy'): Promise<Connected & { tagId: TagId }> {
  const all = await trained();
  const tagId = named(all.tags, name).id;
  const known = all.heads.ofTag(tagId);
  if (known?.label.label == null) throw new Error(`${name} was not learnt.`);
  all.suggestions.show({ headId: known.head.id, label: known.label.label });
  await expect.poll(() => all.suggestions.total).not.toBeNull();
  await expect.poll(() => all.suggestions.threshold).not.toBeNull();
  return { ...all, tagId };
}

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
    const { tags } = connected({ tags: 'some', failing });
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

  it('makes a tag of what was typed, and puts it on', async () => {
    const { chooser, tags } = connected();
    await tags.load();
    await chooser.open({ what: '3 tracks', targets: targets(1, 2, 3), at: null });
    const made = await chooser.create('for: driving home');
    expect(tags.get(made.id)).toMatchObject({ kind: 'for', name: 'driving home', tracks: 3 });
    expect(chooser.standing(made.id)).toBe('all');
  });

  it('stays closed for nothing', async () => {
    const { chooser } = connected();
    await chooser.open({ what: 'nothing', targets: [], at: null });
    expect(chooser.request).toBeNull();
  });
});

describe('heads', () => {
  it('say what they know of a tag, and what is missing for one', async () => {
    const { heads, tags } = await trained();
    const rainy = heads.ofTag(named(tags, 'mood: rainy').id);
    expect(rainy?.label).toMatchObject({ state: 'ready', yes: 24 });
    const few = heads.ofTag(named(tags, 'for sets').id);
    expect(few?.label).toMatchObject({ state: 'tooFew', label: null });
    expect(few?.label.message).toMatch(/^Not enough examples: 3 more tracks that it fits/);
    expect(heads.published.map(({ name }) => name)).toEqual(['MagnaTagATune']);
  });

  it('count what was changed since the training', async () => {
    const { heads, tags } = await trained();
    expect([heads.changesSince, heads.trained?.isStale]).toEqual([0, false]);
    await tags.mark([named(tags, 'for sets').id], targets(4, 5), 'yes');
    await tags.mark([named(tags, 'for sets').id], targets(6), 'no');
    await heads.load();
    expect([heads.changesSince, heads.trained?.isStale]).toEqual([2, true]);
  });
});

describe('suggestions', () => {
  it('begin with a threshold that is precise enough, and say how many lie above each', async () => {
    const { suggestions } = await suggested();
    expect(suggestions.threshold?.low).toBeGreaterThanOrEqual(0.8);
    suggestions.chooseThreshold(0);
    expect(suggestions.threshold?.tracks).toBeGreaterThan(60);
    expect(suggestions.at(0)?.probability).toBeGreaterThan(suggestions.at(1)?.probability ?? 1);
  });

  it('keep an answered row where it is, with its answer, and take it back', async () => {
    const { suggestions, tags, undo, tagId } = await suggested();
    const before = tags.get(tagId)?.tracks ?? 0;
    const [first, second] = [suggestions.at(0), suggestions.at(1)];
    if (first === undefined || second === undefined) throw new Error('There are no suggestions.');
    const unanswered = suggestions.unanswered;
    await suggestions.answer([first.trackId], 'yes');
    await suggestions.answer([second.trackId], 'no');
    expect([suggestions.at(0)?.answer, suggestions.at(1)?.answer]).toEqual(['yes', 'no']);
    expect([suggestions.at(0)?.trackId, suggestions.unanswered]).toEqual([first.trackId, unanswered - 2]);
    await tags.load();
    expect(tags.get(tagId)).toMatchObject({ tracks: before + 1 });
    await undo.undo();
    expect(suggestions.at(1)?.answer).toBeNull();
    await undo.undo();
    expect([suggestions.at(0)?.answer, suggestions.unanswered]).toEqual([null, unanswered]);
    expect(undo.toasts).toEqual([]);
  });

  it('change a yes to a no without counting it twice', async () => {
    const { suggestions, tags, tagId } = await suggested();
    const first = suggestions.at(0)?.trackId as TrackId;
    const rejected = tags.get(tagId)?.rejected ?? 0;
    await suggestions.answer([first], 'yes');
    await suggestions.answer([first], 'no');
    expect(suggestions.answered).toBe(1);
    await tags.load();
    expect(tags.get(tagId)?.rejected).toBe(rejected + 1);
  });

  it('go on below what is answered, each track once', async () => {
    const { suggestions } = await suggested();
    const asked = suggestions.total ?? 0;
    await suggestions.answer(
      [0, 1, 2, 3, 4].map((index) => suggestions.at(index)?.trackId as TrackId),
      'yes',
    );
    suggestions.want(100);
    await expect.poll(() => suggestions.at(asked - 1)).toBeDefined();
    const ids = Array.from({ length: suggestions.total ?? 0 }, (_, index) => suggestions.at(index)?.trackId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(asked);
  });

  it('accept all above the threshold as one step', async () => {
    const { suggestions, tags, undo, tagId } = await suggested();
    const [before, above] = [tags.get(tagId)?.tracks ?? 0, suggestions.threshold?.tracks ?? 0];
    expect(await suggestions.acceptAbove()).toBe(above);
    await tags.load();
    expect(tags.get(tagId)?.tracks).toBe(before + above);
    await undo.undo();
    await tags.load();
    expect(tags.get(tagId)?.tracks).toBe(before);
  });

  it('give an answer back that the core refused', async () => {
    const failing: Record<string, AppError> = {};
    const all = await trained({ tags: 'some', failing });
    const known = all.heads.ofTag(named(all.tags, 'mood: rainy').id);
    all.suggestions.show({ headId: known?.head.id as never, label: known?.label.label ?? 0 });
    await expect.poll(() => all.suggestions.total).not.toBeNull();
    failing['suggest.answer'] = new AppError('INTERNAL', 'told to fail');
    const first = all.suggestions.at(0)?.trackId as TrackId;
    await expect(all.suggestions.answer([first], 'yes')).rejects.toThrow('told to fail');
    expect(all.suggestions.at(0)?.answer).toBeNull();
  });

  it('of a published label become a tag when one is accepted', async () => {
    const all = await trained();
    const [head] = all.heads.published;
    if (head === undefined) throw new Error('There is no published head.');
    all.suggestions.show({ headId: head.id, label: 0 });
    await expect.poll(() => all.suggestions.threshold?.atLeast).toBe(0.5);
    await all.suggestions.answer([all.suggestions.at(0)?.trackId as TrackId], 'yes');
    await Promise.all([all.tags.load(), all.heads.load()]);
    expect(all.tags.named('ambient')).toMatchObject({ tracks: 1 });
    expect(all.heads.ofLabel(head.id, 0)?.label.tagId).toBe(all.tags.named('ambient')?.id);
  });
});

describe('questions', () => {
  it('come one after the other, and go back where an answer is taken back', async () => {
    const { questions, heads, undo } = await trained();
    const headId = heads.trained?.id;
    if (headId === undefined) throw new Error('Nothing was trained.');
    await questions.ask({ headId, count: 4 });
    const ids = questions.queue?.map(({ trackId }) => trackId) ?? [];
    expect(new Set(ids).size).toBe(4);
    await questions.answer('yes');
    questions.skip();
    await questions.answer('no');
    expect([questions.done, questions.count('yes'), questions.count('no'), questions.count('skipped')]).toEqual([3, 1, 1, 1]);
    await undo.undo();
    expect(questions.current?.trackId).toBe(ids[2]);
    expect(questions.unskip()).toBe(true);
    expect(questions.current?.trackId).toBe(ids[1]);
    expect(questions.unskip()).toBe(false);
  });

  it('are about one tag where only that is asked for', async () => {
    const { questions, heads, tags } = await trained();
    const known = heads.ofTag(named(tags, 'mood: driving').id);
    await questions.ask({ headId: known?.head.id as never, labels: [known?.label.label ?? 0], count: 6 });
    expect(questions.queue?.every(({ name }) => name === 'driving')).toBe(true);
  });

  it('say why there are none', async () => {
    const { questions } = connected({ tags: 'some', failing: { 'suggest.ask': new AppError('INTERNAL', 'told to fail') } });
    await questions.ask({ headId: 1 as never, count: 4 });
    expect(questions.error).toMatchObject({ message: 'told to fail' });
    expect(questions.queue).toBeNull();
  });
});

describe('writing to files', () => {
  it('lists every change, writes, and puts the old values back', async () => {
    const { writings, tags, core } = connected();
    await tags.load();
    const tagIds = [named(tags, 'mood: rainy').id];
    const plan = await writings.plan({ field: 'genre', tagIds, mode: 'add', withKind: true });
    expect(plan).toMatchObject({ state: 'planned', files: 24, written: 0 });
    await expect.poll(() => writings.total).toBe(24);
    expect(writings.file(0)?.after).toContain('mood: rainy');
    await writings.start(plan.id);
    for (let i = 0; i < 8; i++) core.jobs.step(0.25);
    await writings.load();
    expect(writings.shown).toMatchObject({ state: 'done', written: 24 - plan.failed });
    expect(writings.shown !== null && isPutBackable(writings.shown)).toBe(true);
    await writings.putBack(plan.id);
    for (let i = 0; i < 8; i++) core.jobs.step(0.25);
    await writings.load();
    expect(writings.shown).toMatchObject({ state: 'undone', undone: 24 - plan.failed });
    expect(writings.shown !== null && isPutBackable(writings.shown)).toBe(false);
  });

  it('forgets a plan that another takes the place of', async () => {
    const { writings, tags } = connected();
    await tags.load();
    const wish = { field: 'mood', tagIds: [named(tags, 'has sax').id], mode: 'replace', withKind: false } as const;
    await writings.plan({ ...wish, tagIds: [...wish.tagIds] });
    await writings.plan({ ...wish, tagIds: [...wish.tagIds] });
    expect(writings.list).toHaveLength(1);
    await writings.discard();
    expect([writings.list?.length, writings.shown]).toEqual([0, null]);
  });
});

describe('a neuron', () => {
  it('counts what lies above the threshold, and gives what lies just above it', async () => {
    const { api } = connected();
    const neuron = new NeuronState(api, encoderId, (error) => {
      throw error;
    });
    await neuron.load(51);
    const { range } = neuron;
    expect(neuron.atLeast).toBeCloseTo(0.75 * (range?.most ?? 0), 5);
    await expect.poll(() => neuron.above?.segments).toBeGreaterThan(0);
    const high = neuron.above?.segments ?? 0;
    neuron.setAtLeast(1);
    await expect.poll(() => neuron.above?.segments).toBeGreaterThan(high);
    const rows = await neuron.justAbove(5);
    expect(rows).toHaveLength(5);
    const { rows: next } = await api.listen.segments({
      encoderId,
      features: [],
      sort: [{ feature: 51, descending: true }],
      search: '',
      offset: (neuron.above?.segments ?? 1) - 1,
      limit: 1,
    });
    expect(rows[0]?.row).toBe(next[0]?.row);
  });
});
