/** @file Labels of runs: from tags and from tables, parted by artists, fixed when a run begins. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pretraining } from '../../../../src-main/contract/index.ts';
import type { TagId, TrackId } from '../../../../src-main/contract/index.ts';
import type { Services, TrainLabels } from '../../../../src-main/service/index.ts';
import { shortSettings, standInCore } from '../../../support/pretraining.ts';
import { temporaryDirectory, trackFile } from '../../../support/store-data.ts';

const library = { kind: 'library' } as const;
const { supervised } = pretraining.recipeDefaults;

/** A core with twelve tracks of six artists. */
function coreWithMusic(): ReturnType<typeof standInCore> & { trackIds: TrackId[] } {
  const core = standInCore();
  const { store } = core.services;
  for (let at = 0; at < 12; at++) store.tracks.upsert(trackFile(store, `track ${at}`, { artist: `artist ${at % 6}` }));
  return { ...core, trackIds: store.tracks.audio().map(({ trackId }) => trackId) };
}

function settingsOf(
  from: pretraining.LabelSource,
  changes: Partial<Extract<pretraining.ObjectiveSettings, { kind: 'bce' }>> = {},
  kind: 'bce' | 'cross-entropy' = 'bce',
): pretraining.PretrainSettings {
  const objective = { ...pretraining.objectiveDefaults[kind], ...changes, kind } as pretraining.ObjectiveSettings;
  return shortSettings({ ...supervised, objective, labels: { from, names: [] }, batch: 2, length: { unit: 'steps', amount: 12 } });
}

function table(text: string, name = 'labels.csv'): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, text);
  return path;
}

const of = (path: string, ...columns: string[]): pretraining.LabelSource => ({ kind: 'table', path, columns });

async function begun(core: { services: Services; directory: string }, settings: pretraining.PretrainSettings): Promise<TrainLabels> {
  const { runId, settled } = await core.services.pretraining.begin({ settings, selection: library, device: 'auto' });
  await settled;
  return JSON.parse(readFileSync(join(core.directory, 'runs', String(runId), 'labels.json'), 'utf8')) as TrainLabels;
}

const rowsOf = (cells: (at: number) => string): string => Array.from({ length: 12 }, (_, at) => cells(at)).join('\n');
const even = (at: number): string => String(1 - (at % 2));

describe('labels of a table', () => {
  it('are found by paths, and parted so that an artist is on one side', async () => {
    const core = coreWithMusic();
    const path = table(
      `mp3_path\teven\tthird\tnote\n${rowsOf((at) => `music/track ${at}.mp3\t${even(at)}\t${at % 3 === 0 ? 1 : ''}\tnote ${at}`)}`,
    );
    // Nothing says which tracks “third” does not fit.
    const { names, isExclusive, tracks } = await begun(core, settingsOf(of(path, 'even')));
    expect({ names, isExclusive, tracks: tracks.length }).toEqual({ names: ['even'], isExclusive: false, tracks: 12 });
    const held = tracks.filter(({ role }) => role === 'heldOut');
    expect(held.length).toBeGreaterThanOrEqual(2);
    expect(held.length).toBeLessThan(6);
    const taught = tracks.filter(({ role }) => role === 'taught');
    for (const { group } of held) expect(taught.some((other) => other.group === group)).toBe(false);
    const [run] = core.services.pretraining.list();
    expect(run).toMatchObject({ tracks: taught.length, settings: { labels: { names: ['even'] } } });
  });

  it('of words are a label a word, and one class a track where that is learnt', async () => {
    const core = coreWithMusic();
    const path = table(`path,genre\n${rowsOf((at) => `"/music/track ${at}.mp3","${['calm, slow', 'loud'][at % 2]}"`)}`);
    expect((await begun(core, settingsOf(of(path)))).names).toEqual(['calm, slow', 'loud']);
    const { names, isExclusive, tracks } = await begun(core, settingsOf(of(path, 'genre'), {}, 'cross-entropy'));
    expect({ names, isExclusive }).toEqual({ names: ['calm, slow', 'loud'], isExclusive: true });
    for (const { answers } of tracks) expect(answers.toSorted()).toEqual([0, 1]);
  });

  it('are named by Earmark’s numbers, too, and what is empty is not known', async () => {
    const core = coreWithMusic();
    const path = table(`track_id;a;b\n${rowsOf((at) => `${core.trackIds[at]};${even(at)};${at < 3 ? '' : even(at + 1)}`)}`);
    const { tracks } = await begun(core, settingsOf(of(path)));
    const byId = new Map(tracks.map(({ trackId, answers }) => [trackId, answers]));
    expect(byId.get(core.trackIds[0] ?? 0)).toEqual([1, -1]);
    expect(byId.get(core.trackIds[5] ?? 0)).toEqual([0, 1]);
  });

  it('belong to a track that is their path, not to one that is called alike', async () => {
    const core = coreWithMusic();
    const rows = rowsOf((at) => `/music/track ${at}.mp3,${even(at)}`);
    const { tracks } = await begun(core, settingsOf(of(table(`path,even\n/other/track 3.mp3,1\n${rows}\n/third/track 3.mp3,1`))));
    const answersOf = (at: number): number[] | undefined => tracks.find(({ trackId }) => trackId === core.trackIds[at])?.answers;
    expect([answersOf(3), answersOf(4)]).toEqual([[0], [1]]);
    const alike = rowsOf((at) => `/away/track ${at}.mp3,${even(at)}`);
    const { tracks: others } = await begun(core, settingsOf(of(table(`path,even\n${alike}\n/third/track 3.mp3,1`))));
    expect(others).toHaveLength(11);
  });

  it('are unknown where a table says so, and a track of which nothing is known has none', async () => {
    const core = coreWithMusic();
    const unknown = ['', 'NA', 'null', '?'];
    const path = table(
      `path,even,other\n${rowsOf((at) => `/music/track ${at}.mp3,${at < 4 ? unknown[at] : even(at)},${at % 3 === 0 ? 'n' : 'y'}`)}`,
    );
    const { tracks } = await begun(core, settingsOf(of(path, 'even')));
    expect(tracks.map(({ trackId }) => trackId).toSorted((a, b) => a - b)).toEqual(core.trackIds.slice(4));
    expect((await begun(core, settingsOf(of(path)))).names).toEqual(['even', 'other']);
  });

  it('are used in part where that is wanted, with the same tracks held out', async () => {
    const core = coreWithMusic();
    const path = table(`path,even\n${rowsOf((at) => `/music/track ${at}.mp3,${even(at)}`)}`);
    const roles = (labels: TrainLabels, role: string): number[] =>
      labels.tracks.filter((one) => one.role === role).map(({ trackId }) => trackId);
    const [whole, part] = [await begun(core, settingsOf(of(path))), await begun(core, settingsOf(of(path), { labelPercent: 20 }))];
    expect(roles(part, 'heldOut')).toEqual(roles(whole, 'heldOut'));
    expect(roles(part, 'taught')).toHaveLength(2);
    for (const trackId of roles(part, 'taught')) expect(roles(whole, 'taught')).toContain(trackId);
  });

  const paths = rowsOf((at) => `/music/track ${at}.mp3,${even(at)},${at === 4 ? 'NaN' : 0}`);
  it.each([
    [
      'none of its rows names a track',
      `path,a\n/else/one.mp3,1\n/else/two.mp3,0`,
      [],
      'bce',
      /none of its 2 rows names a track.*Scan the folder/,
    ],
    ['a column is not there', `path,a\n${paths.replaceAll(/,[^,]*$/gm, '')}`, ['b'], 'bce', /no column “b”\. It has path, a/],
    ['a number is none', `path,a,b\n${paths}`, [], 'bce', /“b” holds “NaN” in line 6/],
    ['a number is a part', `path,a\n${rowsOf((at) => `/music/track ${at}.mp3,0.${at}`)}`, ['a'], 'bce', /“a” holds “0\.\d+” in line \d+/],
    [
      'a number may mean two things',
      `path,a\n${rowsOf((at) => `/music/track ${at}.mp3,${at % 2 === 0 ? 1 : -1}`)}`,
      [],
      'bce',
      /“a” holds “-1” in line 3/,
    ],
    [
      'words and labels stand beside each other',
      `path,a,b\n${rowsOf((at) => `/music/track ${at}.mp3,${even(at)},w${at % 2}`)}`,
      [],
      'bce',
      /columns “a” and “b” can both be learnt\. Name what to learn with --column/,
    ],
    [
      'a label is as long as a book',
      `path,a\n${rowsOf((at) => `/music/track ${at}.mp3,${at % 2 === 0 ? 'x' : 'y'.repeat(100_000)}`)}`,
      ['a'],
      'bce',
      /a label in line 3 \(“y{59}…”\) has 100000 characters, and a label may have 200/,
    ],
    [
      'a label cannot be written on a line',
      `path,a\n${rowsOf((at) => `/music/track ${at}.mp3,"${at % 2 === 0 ? 'x' : 'y\u0007z'}"`)}`,
      ['a'],
      'bce',
      /a label in line 3 .* has control characters/,
    ],
    [
      'a column is called what no label may be',
      `path,${'a'.repeat(300)}\n${rowsOf((at) => `/music/track ${at}.mp3,${even(at)}`)}`,
      [],
      'bce',
      /the name of one of its columns .* has 300 characters/,
    ],
    ['there is one class', `path,a\n${rowsOf((at) => `/music/track ${at}.mp3,rock`)}`, [], 'cross-entropy', /one class only \(rock\)/],
    ['nothing fits a label', `path,a\n${rowsOf((at) => `/music/track ${at}.mp3,0`)}`, [], 'bce', /“a” has no track that it fits/],
    [
      'a label fits one artist',
      `path,a\n${rowsOf((at) => `/music/track ${at}.mp3,${at % 6 === 0 ? 1 : 0}`)}`,
      [],
      'bce',
      /“a” would have no track that it fits .*all 2 tracks that it fits are of one artist/,
    ],
    ['rows are uneven', `path,a\n/music/track 1.mp3`, [], 'bce', /line 2 has 1 cells, and the header 2/],
    ['it is empty', ``, [], 'bce', /is no table of labels/],
    ['it holds no text', `path,a\n\0\0\0`, [], 'bce', /bytes that no text has/],
    [
      'nobody says which words',
      `path,a,b\n${rowsOf((at) => `/music/track ${at}.mp3,w${at % 2},v${at % 3}`)}`,
      [],
      'bce',
      /several of its columns hold words \(a, b\)/,
    ],
    [
      'a track has two classes',
      `path,a\n${rowsOf((at) => `/music/track ${at % 6}.mp3,${at < 6 ? 'x' : 'y'}`)}`,
      [],
      'cross-entropy',
      /another class of a track/,
    ],
  ] as const)('are refused where %s, and nothing is stored', async (_, text, columns, kind, sentence) => {
    const core = coreWithMusic();
    const settings = settingsOf(of(table(text), ...columns), {}, kind);
    const failure: unknown = await core.services.pretraining
      .begin({ settings, selection: library, device: 'auto' })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'BAD_INPUT' });
    expect((failure as Error).message).toMatch(sentence);
    expect(core.services.pretraining.list()).toEqual([]);
  });

  it('of words are those of tracks that are there: what other rows say is no label', async () => {
    const { services } = coreWithMusic();
    const path = table(
      `path,kind\n${rowsOf((at) => `/music/track ${at}.mp3,${['calm', 'loud'][at % 2]}`)}\n/gone.mp3,odd\n/gone too.mp3,odd`,
    );
    const shown = await services.pretraining.labels({ settings: settingsOf(of(path, 'kind'), {}, 'cross-entropy'), selection: library });
    expect(shown).toMatchObject({ names: ['calm', 'loud'], notFound: 2, notFoundRows: [{ line: 14 }, { line: 15 }], problem: null });
  });

  it('are shown with what can be chosen, and with what stands against it', async () => {
    const { services } = coreWithMusic();
    const path = table(
      `path,even,mood\n${rowsOf((at) => `/music/track ${at}.mp3,${even(at)},${['calm', 'loud'][at % 2]}`)}\n/gone.mp3,1,calm`,
    );
    const shown = await services.pretraining.labels({ settings: settingsOf(of(path, 'even')), selection: library });
    expect(shown).toMatchObject({
      names: ['even'],
      labelled: 12,
      notFound: 1,
      notFoundRows: [{ text: expect.any(String) as string }],
      problem: null,
    });
    expect(shown.columns).toEqual([
      { name: 'even', kind: 'label', labels: 1 },
      { name: 'mood', kind: 'words', labels: 2 },
    ]);
    expect(shown.each[0]?.yes).toBe((shown.taught ?? 0) / 2);
    const wrong = await services.pretraining.labels({ settings: settingsOf(of(path, 'mode')), selection: library });
    expect(wrong.problem).toMatch(/no column “mode”/);
    expect(wrong.columns).toHaveLength(2);
  });
});

describe('labels of a person’s tags', () => {
  function tagged(): ReturnType<typeof coreWithMusic> & { tagIds: TagId[] } {
    const core = coreWithMusic();
    const { tags } = core.services.store;
    const tagIds = ['calm', 'loud'].map((name) => tags.create({ kind: 'mood', name }).tag.id);
    for (const [at, trackId] of core.trackIds.entries()) {
      if (at < 10) tags.mark({ tagIds: [tagIds[at % 2] as TagId], targets: [{ trackId }], answer: 'yes', source: 'person' });
      if (at === 1) tags.mark({ tagIds: [tagIds[0] as TagId], targets: [{ trackId }], answer: 'no', source: 'person' });
    }
    return { ...core, tagIds };
  }

  it('are what was said; a tag says a little about the others of its kind', async () => {
    const core = tagged();
    const { names, tracks } = await begun(core, settingsOf({ kind: 'tags', tagIds: core.tagIds }));
    expect(names).toEqual(['calm', 'loud']);
    expect(tracks).toHaveLength(10);
    const byId = new Map(tracks.map(({ trackId, answers }) => [trackId, answers]));
    expect(byId.get(core.trackIds[0] ?? 0)).toEqual([1, -0.5]);
    expect(byId.get(core.trackIds[1] ?? 0)).toEqual([0, 1]);
  });

  it('do not change in a run when tags do', async () => {
    const core = tagged();
    const { services, directory } = core;
    const settings = { ...settingsOf({ kind: 'tags', tagIds: core.tagIds }), length: { unit: 'steps', amount: 20 } as const };
    const { runId, settled } = await services.pretraining.begin({ settings, selection: library, device: 'auto' });
    const path = join(directory, 'runs', String(runId), 'labels.json');
    const before = readFileSync(path, 'utf8');
    services.store.tags.remove(core.tagIds);
    await settled;
    await services.pretraining.resume({ runId, length: { unit: 'steps', amount: 30 } }).settled;
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(services.pretraining.get(runId)).toMatchObject({ state: 'done', settings: { labels: { names: ['calm', 'loud'] } } });
    writeFileSync(path, '{"names":');
    const again = services.pretraining.resume({ runId, length: { unit: 'steps', amount: 40 } });
    await expect(again.settled).rejects.toThrow(/labels of run 1 are damaged/);
  });

  it('are asked for where there are none', async () => {
    const { services, tagIds } = tagged();
    const start = (settings: pretraining.PretrainSettings): Promise<unknown> =>
      services.pretraining.begin({ settings, selection: library, device: 'auto' });
    const without = { ...settingsOf({ kind: 'tags', tagIds }), labels: null };
    await expect(start(without)).rejects.toThrow(/Nothing says what is to be learnt/);
    await expect(start(shortSettings({ labels: { from: { kind: 'tags', tagIds }, names: [] } }))).rejects.toThrow(/learns without labels/);
    const byHeldOut = { ...pretraining.recipeDefaults.clmr.checkpoints, best: 'held-out' } as const;
    await expect(start(shortSettings({ checkpoints: byHeldOut }))).rejects.toThrow(/Nothing is held out/);
    const fresh = services.store.tags.create({ kind: '', name: 'never given' }).tag.id;
    await expect(start(settingsOf({ kind: 'tags', tagIds: [fresh] }))).rejects.toThrow(/None of the chosen tracks is labelled/);
  });
});
