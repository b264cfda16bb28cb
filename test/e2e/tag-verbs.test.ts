/** @file The command line's `tag` verbs that need no encoder, on real files. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTags } from '../../src-main/audio/index.ts';
import type { Change, FieldValue, FileChange, Tag, Writing } from '../../src-main/contract/index.ts';
import { makeAudio, tone } from '../support/make-audio.ts';
import { earmarkJson, runEarmark } from '../support/run-earmark.ts';

let root: string;
let music: string;
let data: string;
const paths: string[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-tag-verbs-'));
  [music, data] = [join(root, 'night songs'), join(root, 'data')];
  mkdirSync(music);
  makeAudio(join(root, 'one.flac'), { kind: 'flac', seconds: 0.5, sound: tone(440), channels: 1 });
  for (const name of ['a', 'b', 'c']) {
    paths.push(join(music, `${name}.flac`));
    copyFileSync(join(root, 'one.flac'), join(music, `${name}.flac`));
  }
  await earmarkJson(data, 'scan', music);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Answer = { tag: Tag; change: Change | null };
const tag = <T = Answer>(...args: string[]): Promise<T> => earmarkJson<T>(data, 'tag', ...args);
const list = async (): Promise<string[]> =>
  (await tag<{ tags: Tag[] }>('list')).tags.map(({ kind, name, tracks }) => `${kind}/${name} ${tracks}`);
const refused = async (...args: string[]): Promise<string> => {
  const run = await runEarmark(data, 'tag', ...args);
  expect(run.code).toBe(1);
  expect(run.stdout).toBe('');
  return run.stderr;
};
const genres = async (): Promise<string[][]> => Promise.all(paths.map(async (path) => (await readTags(path)).genres));

describe('tag', () => {
  it('adds, renames, merges and removes tags, and takes changes back', async () => {
    const [a, b, c] = paths as [string, string, string];
    expect(await tag('add', 'Mood:  rainy', a, b)).toMatchObject({ tag: { kind: 'Mood', name: 'rainy', tracks: 2 } });
    await tag('add', '"; drop -- 🎷', c);
    expect(await tag('add', 'mood: RAINY', a)).toMatchObject({ change: null });
    expect(await list()).toEqual(['Mood/rainy 2', '/"; drop -- 🎷 1']);
    expect((await tag('rename', 'rainy', 'wet')).tag).toMatchObject({ kind: 'Mood', name: 'wet' });
    await tag('merge', 'wet', '"; drop -- 🎷');
    expect(await list()).toEqual(['Mood/wet 3']);
    expect((await tag('remove', 'wet', c)).change?.title).toBe('“Mood: wet” taken off 1 track');
    await tag('undo');
    expect(await list()).toEqual(['Mood/wet 3']);
    await tag('remove', 'wet');
    expect(await list()).toEqual([]);
    const { changes } = await tag<{ changes: Change[] }>('changes');
    expect(changes[0]?.title).toBe('“Mood: wet” removed');
    await tag('undo', String(changes[0]?.id));
    expect(await list()).toEqual(['Mood/wet 3']);
    const { stdout } = await runEarmark(data, 'tag', 'list');
    expect(stdout.split('\n')[1]).toMatch(/^Mood: wet +3 +0 +0$/);
  });

  it('makes tags of what files and folders say', async () => {
    expect(await tag<{ values: FieldValue[] }>('from', 'folder')).toMatchObject({ values: [{ value: 'night songs', tracks: 3 }] });
    expect(await tag('from', 'folder', '--all', '--kind', 'place')).toMatchObject({
      tags: [{ kind: 'place', name: 'night songs', tracks: 3 }],
    });
    await tag('undo');
    expect(await refused('from', 'mode')).toMatch(/no field mode. Choose one of genre/);
  });

  it('writes to files only with --yes, and puts them back', async () => {
    const originals = paths.map((path) => readFileSync(path));
    const dry = await tag<{ written: boolean; files: FileChange[] }>('write', '--tags', 'wet', '--field', 'genre', '--with-kind');
    expect(dry.written).toBe(false);
    expect(dry.files.map(({ path, before, after, state }) => ({ path, before, after, state }))).toEqual(
      paths.map((path) => ({ path, before: [], after: ['Mood: wet'], state: 'planned' })),
    );
    expect(await genres()).toEqual([[], [], []]);
    expect((await tag<{ batches: Writing[] }>('write', '--batches')).batches).toEqual([]);

    const only = ['write', '--tags', 'wet', '--field', 'genre', '--only', paths[1] as string, '--yes'];
    const { batch } = await tag<{ batch: Writing }>(...only);
    expect(batch).toMatchObject({ state: 'done', files: 1, written: 1 });
    expect(await genres()).toEqual([[], ['wet'], []]);
    const said = await runEarmark(data, 'tag', 'write', '--tags', 'wet', '--field', 'genre');
    expect(said.stdout).toContain('2 to be written, 1 as they should be, 0 that cannot be written. Nothing was written; --yes writes.');
    expect(await tag<{ batch: Writing }>('write', '--undo', String(batch.id))).toMatchObject({ batch: { state: 'undone', undone: 1 } });
    expect(paths.every((path, i) => readFileSync(path).equals(originals[i] as Buffer))).toBe(true);
  });

  it('refuses with a sentence what it cannot do', async () => {
    expect(await refused('remove', 'nothing')).toMatch(/no tag “nothing”/);
    expect(await refused('add', 'x'.repeat(10_000), '1')).toMatch(/may have 200 characters; this one has 10000/);
    expect(await refused('add', '  ', '1')).toMatch(/needs a name/);
    expect(await refused('add', 'new', '/nowhere.mp3')).toMatch(/no track of the library/);
    expect(await list()).toEqual(['Mood/wet 3']);
    expect(await refused('undo', '9999')).toMatch(/no change 9999/);
    expect(await refused('write', '--tags', 'wet')).toMatch(/Say which tags to write, and where/);
    expect(await refused('write', '--tags', 'wet', '--field', 'custom', '--name', 'Title')).toMatch(/meaning of its own/);
    expect((await runEarmark(data, 'tag', 'write', '--field', 'lyrics')).code).toBe(2);
  });
});
