/** @file Suggestions, questions, writing to files and neurons, on a seeded core. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/base/index.ts';
import type { TagId, TrackId } from '../../../src-main/contract/index.ts';
import { NeuronState } from '../../../src-renderer/state/neuron.svelte.ts';
import { SuggestionsState } from '../../../src-renderer/state/suggestions.svelte.ts';
import { isPutBackable } from '../../../src-renderer/state/writings.svelte.ts';
import { undoOfTest } from '../../support/connected.ts';
import { encoderId, loaded, named, suggested, taggingTests } from '../../support/tagging-states.ts';
import { waitFor } from '../../support/wait-for.ts';

const connected = taggingTests();

describe('suggestions', () => {
  it('say how many lie above each threshold, the most probable first', async () => {
    const { suggestions } = await suggested(connected());
    suggestions.chooseThreshold(0);
    const total = suggestions.total ?? 0;
    suggestions.want(total - 1);
    await expect.poll(() => suggestions.at(total - 1)?.trackId).toBeGreaterThan(0);
    const probable = Array.from({ length: total }, (_, index) => suggestions.at(index)?.probability ?? 0);
    expect(suggestions.threshold?.tracks).toBe(probable.filter((one) => one >= (suggestions.threshold?.atLeast ?? 0)).length);
    expect(suggestions.at(0)?.probability).toBeGreaterThan(suggestions.at(1)?.probability ?? 1);
  });

  it('begin with the least threshold that is certain enough, or high where none is', async () => {
    const row = { recall: 1, tracks: 3, isClear: true };
    const uncertain = [
      { ...row, atLeast: 0.1, precision: 0.9, low: 0.5 },
      { ...row, atLeast: 0.2, precision: 1, low: 0.7 },
      { ...row, atLeast: 0.8, precision: 1, low: 0.7 },
      { ...row, atLeast: 0.9, precision: 0.5, low: 0.3 },
    ];
    const certain = uncertain.map((one) => (one.atLeast === 0.2 ? { ...one, low: 0.8 } : one));
    for (const [thresholds, atLeast] of [
      [uncertain, 0.8],
      [certain, 0.2],
    ] as const) {
      const suggest = { tracks: () => Promise.resolve({ total: 0, rows: [] }), thresholds: () => Promise.resolve(thresholds) };
      const suggestions = new SuggestionsState({ suggest } as never, undoOfTest());
      suggestions.show({ headId: 900 as never, label: 0 });
      await expect.poll(() => suggestions.threshold?.atLeast).toBe(atLeast);
    }
  });

  it('keep an answered row where it is, with its answer, and take it back', async () => {
    const { suggestions, tags, undo, tagId } = await suggested(connected());
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
    const { suggestions, tags, tagId } = await suggested(connected());
    const first = suggestions.at(0)?.trackId as TrackId;
    const rejected = tags.get(tagId)?.rejected ?? 0;
    await suggestions.answer([first], 'yes');
    await suggestions.answer([first], 'no');
    expect(suggestions.answered).toBe(1);
    await tags.load();
    expect(tags.get(tagId)?.rejected).toBe(rejected + 1);
  });

  it('go on below what is answered, each track once', async () => {
    const { suggestions } = await suggested(connected());
    const asked = suggestions.total ?? 0;
    await suggestions.answer(
      [0, 1, 2, 3, 4].map((index) => suggestions.at(index)?.trackId as TrackId),
      'yes',
    );
    suggestions.want(100);
    await expect.poll(() => suggestions.at(asked - 1)?.trackId).toBeGreaterThan(0);
    const ids = Array.from({ length: suggestions.total ?? 0 }, (_, index) => suggestions.at(index)?.trackId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(asked);
  });

  it('accept all above the threshold as one step', async () => {
    const { suggestions, tags, undo, tagId } = await suggested(connected());
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
    const all = await loaded(connected({ failing }));
    const known = all.heads.ofTag(named(all.tags, 'mood: rainy').id);
    all.suggestions.show({ headId: known?.head.id as never, label: known?.label.label ?? 0 });
    await expect.poll(() => all.suggestions.total).not.toBeNull();
    failing['suggest.answer'] = new AppError('INTERNAL', 'told to fail');
    const first = all.suggestions.at(0)?.trackId as TrackId;
    await expect(all.suggestions.answer([first], 'yes')).rejects.toThrow('told to fail');
    expect(all.suggestions.at(0)?.answer).toBeNull();
  });

  it('of a published label become a tag when one is accepted', async () => {
    const all = await loaded(connected());
    const [head] = all.heads.published;
    if (head === undefined) throw new Error('There is no published head.');
    all.suggestions.show({ headId: head.id, label: 0 });
    await expect.poll(() => all.suggestions.threshold?.atLeast).toBe(0.5);
    await all.suggestions.answer([all.suggestions.at(0)?.trackId as TrackId], 'yes');
    await Promise.all([all.tags.load(), all.heads.load()]);
    const label = all.heads.ofLabel(head.id, 0)?.label;
    expect(all.tags.get(label?.tagId as TagId)).toMatchObject({ name: label?.name, tracks: 1 });
  });
});

describe('questions', () => {
  it('come one after the other, and go back where an answer is taken back', async () => {
    const { questions, heads, undo } = await loaded(connected());
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
    const { questions, heads, tags } = await loaded(connected());
    const known = heads.ofTag(named(tags, 'mood: driving').id);
    await questions.ask({ headId: known?.head.id as never, labels: [known?.label.label ?? 0], count: 6 });
    expect(questions.queue?.every(({ name }) => name === 'driving')).toBe(true);
  });

  it('say why there are none', async () => {
    const { questions } = connected({ failing: { 'suggest.ask': new AppError('INTERNAL', 'told to fail') } });
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
    await waitFor(() => expect(core.services.activeJobs()).toEqual([]));
    await writings.load();
    expect(writings.shown).toMatchObject({ state: 'done', written: 24 - plan.failed });
    expect(writings.shown !== null && isPutBackable(writings.shown)).toBe(true);
    await writings.putBack(plan.id);
    await waitFor(() => expect(core.services.activeJobs()).toEqual([]));
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
    const neuron = new NeuronState(api, encoderId, 51, (error) => {
      throw error;
    });
    await neuron.load();
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

  it('is the one that was asked for before its values are known, and the one chosen meanwhile afterwards', async () => {
    const neuron = new NeuronState(connected().api, encoderId, 61, (error) => {
      throw error;
    });
    const loading = neuron.load();
    expect([neuron.feature, neuron.range]).toEqual([61, null]);
    neuron.choose(51);
    await loading;
    expect(neuron.feature).toBe(51);
    expect(neuron.atLeast).toBeCloseTo(0.75 * (neuron.range?.most ?? 0), 5);
    await expect.poll(() => neuron.above?.segments).toBeGreaterThan(0);
  });
});
