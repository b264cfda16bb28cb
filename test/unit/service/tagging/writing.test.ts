/** @file Batches of tags written to real files, through the contract's procedures. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeField, probeAudio, readField, readTags } from '../../../../src-main/audio/index.ts';
import { AppError } from '../../../../src-main/base/index.ts';
import type { FileChange, TagId, TrackId, Writing, WritingWish } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { MediaTask, Services } from '../../../../src-main/service/index.ts';
import { Gate } from '../../../../src-main/service/jobs/gate.ts';
import { runWriting } from '../../../../src-main/service/tagging/writing-run.ts';
import { kinds, makeAudio, tone } from '../../../support/make-audio.ts';

const host = {
  kind: 'serve' as const,
  version: '0',
  chooseFolder: async () => null,
  chooseWeights: async () => null,
  reveal: async () => undefined,
};
const quiet = new AbortController().signal;
const formats = ['mp3', 'flac', 'ogg', 'opus', 'm4a', 'wav', 'aiff'] as const;
const genre = { name: 'genre', customName: '' } as const;

let root: string;
let music: string;
let services: Services;
let rainy: TagId;
let sax: TagId;
let originals: Map<string, Buffer>;

function open(): void {
  services = createServices({ dataDirectory: join(root, 'data'), host, entries: sourceEntries, report: (error) => console.error(error) });
}

async function scan(): Promise<unknown> {
  return (await services.library.scan(null).settled).result;
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-writing-'));
  music = join(root, 'music');
  mkdirSync(music);
  for (const kind of formats) makeAudio(join(music, `${kind}.${kinds[kind].extension}`), { kind, seconds: 0.5, sound: tone(440) });
  originals = new Map(readdirSync(music).map((name) => [name, readFileSync(join(music, name))]));
  open();
  services.store.settings.set({ watchFolders: false });
  await (
    await services.library.addFolder(music)
  ).settled;
  rainy = services.tagging.create({ kind: 'mood', name: 'rainy' }).tag.id;
  sax = services.tagging.create({ kind: '', name: 'has sax' }).tag.id;
  const trackIds = services.store.tracks.audio().map(({ trackId }) => trackId);
  await services.tagging.mark({ tagIds: [rainy], targets: trackIds.map((trackId) => ({ trackId })), answer: 'yes' });
});
afterEach(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

const wish = (changes: Partial<WritingWish> = {}): WritingWish => ({
  field: 'genre',
  tagIds: [rainy],
  mode: 'add',
  withKind: false,
  ...changes,
});
const plan = async (changes: Partial<WritingWish> = {}): Promise<Writing> => services.handlers.writing.plan(wish(changes), quiet);
const write = async ({ id }: Writing): Promise<unknown> => (await services.writing.start(id).settled).result;
const undo = async ({ id }: Writing): Promise<unknown> => (await services.writing.undo(id).settled).result;
const get = ({ id }: Writing): Writing => services.store.writings.get(id);
const files = ({ id }: Writing): FileChange[] => services.writing.files({ writingId: id, offset: 0, limit: 1000 }).rows;
const trackId = (name: string): TrackId => services.store.tracks.findByPath(join(music, name))?.id as TrackId;

function expectOriginals(): void {
  for (const [name, bytes] of originals) expect(readFileSync(join(music, name)).equals(bytes), name).toBe(true);
  expect(readdirSync(music).sort()).toEqual([...originals.keys()].sort());
}

describe('a batch', () => {
  it('has a file whose tags cannot be read, or which is none any more, among its failed ones, and is written to the others', async () => {
    // The four zero bytes that end a list of user data in old files are none that TagLib understands.
    const m4a = originals.get('m4a.m4a') as Buffer;
    const [moov, udta] = [m4a.indexOf('moov') - 4, m4a.indexOf('udta') - 4];
    const list = Buffer.from('\0\0\0\x1cudta\0\0\0\x10\xa9nam\0\x04\0\0Name\0\0\0\0', 'latin1');
    const odd = Buffer.concat([m4a.subarray(0, udta), list, m4a.subarray(udta + m4a.readUInt32BE(udta))]);
    odd.writeUInt32BE(odd.length - moov, moov);
    writeFileSync(join(music, 'm4a.m4a'), odd);
    unlinkSync(join(music, 'wav.wav'));
    mkdirSync(join(music, 'wav.wav'));
    const planned = await plan();
    expect(planned).toMatchObject({ files: formats.length, failed: 2 });
    const said = files(planned).filter(({ state }) => state === 'failed');
    expect(said.map(({ message }) => message)).toEqual([
      expect.stringMatching(/m4a\.m4a: those that it has cannot be read/),
      expect.stringMatching(/wav\.wav: it is a folder/),
    ]);
    expect(await write(planned)).toEqual({ changed: formats.length - 2, failed: [] });
    rmSync(join(music, 'wav.wav'), { recursive: true });
  });

  it('is planned without a change, written to every format, and put back byte for byte', async () => {
    const hashes = new Map([...originals.keys()].map((name) => [name, probeAudio(join(music, name)).audioHash]));
    const planned = await plan();
    expect(planned).toMatchObject({ state: 'planned', files: formats.length, written: 0, failed: 0, jobId: null });
    expect(files(planned)).toHaveLength(formats.length);
    expect(files(planned)[0]).toMatchObject({ before: [], after: ['rainy'], state: 'planned', message: '' });
    expectOriginals();

    expect(await write(planned)).toEqual({ changed: formats.length, failed: [] });
    expect(get(planned)).toMatchObject({ state: 'done', written: formats.length });
    for (const name of originals.keys()) {
      const path = join(music, name);
      expect((await readTags(path)).genres, name).toEqual(['rainy']);
      expect(probeAudio(path).audioHash, name).toBe(hashes.get(name));
      expect(services.store.tracks.get(trackId(name), null).genre, name).toBe('rainy');
    }
    expect(services.jobs.list()[0]).toMatchObject({
      kind: 'write',
      state: 'done',
      message: `Tags were written to ${formats.length} files.`,
    });
    expect(await scan()).toMatchObject({ updated: 0, unchanged: formats.length });

    expect(await undo(planned)).toEqual({ changed: formats.length, failed: [] });
    expect(get(planned)).toMatchObject({ state: 'undone', written: 0, undone: formats.length });
    expectOriginals();
    expect(await scan()).toMatchObject({ updated: 0, unchanged: formats.length });
    expect(services.store.tracks.get(trackId('mp3.mp3'), null).genre).toBe('');
    expect(() => services.writing.start(planned.id)).toThrow(/Nothing is left to be written/);
    expect(() => services.writing.undo(planned.id)).toThrow(/Nothing of this batch is written/);
  });

  it('adds behind what a field says, or replaces it, with kinds where wished, and says what stays', async () => {
    await services.tagging.mark({
      tagIds: [sax],
      targets: [{ trackId: trackId('flac.flac') }, { trackId: trackId('mp3.mp3'), startMs: 0, endMs: 100 }],
      answer: 'yes',
    });
    await write(await plan());
    const both = { tagIds: [sax, rainy] };
    const after = async (changes: Partial<WritingWish>): Promise<Record<string, string[] | string>> => {
      const made = await plan(changes);
      const found = files(made).map(({ path, after: values, state }) => [
        path.slice(music.length + 1),
        state === 'unchanged' ? state : values,
      ]);
      services.writing.discard(made.id);
      return Object.fromEntries(found) as Record<string, string[] | string>;
    };
    expect(await after(both)).toMatchObject({ 'flac.flac': ['rainy', 'has sax'], 'mp3.mp3': ['rainy', 'has sax'], 'ogg.ogg': 'unchanged' });
    expect(await after({ ...both, mode: 'replace', withKind: true })).toMatchObject({
      'flac.flac': ['has sax', 'mood: rainy'],
      'ogg.ogg': ['mood: rainy'],
    });
    expect(await after({ ...both, field: 'comment', trackIds: [trackId('flac.flac'), trackId('wav.wav')] })).toEqual({
      'flac.flac': ['has sax; rainy'],
      'wav.wav': ['rainy'],
    });
    expect(await after({ tagIds: [sax] })).toEqual({ 'flac.flac': ['rainy', 'has sax'], 'mp3.mp3': ['rainy', 'has sax'] });
    await write(await plan({ ...both, field: 'custom', customName: 'Earmark' }));
    expect((await readTags(join(music, 'flac.flac'))).other['EARMARK']).toEqual(['has sax', 'rainy']);
    expect(services.writing.list().map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('is refused when it could do nothing, or is named wrongly', async () => {
    await expect(plan({ tagIds: [sax] })).rejects.toThrow(/None of these tracks carries/);
    await expect(plan({ tagIds: [99 as TagId] })).rejects.toThrow(/no tag with the number 99/);
    await expect(plan({ field: 'custom' })).rejects.toThrow(/needs a name/);
    await expect(plan({ field: 'custom', customName: 'Artist' })).rejects.toThrow(/a meaning of its own/);
    expect(services.writing.list()).toEqual([]);
    expect(() => services.writing.start(7 as never)).toThrow(/no batch of changes to files with the number 7/);
    const done = await plan();
    await write(done);
    expect(() => services.writing.discard(done.id)).toThrow(/kept so that it can be taken back/);
  });
});

describe('files that cannot be written', () => {
  it('are named in the plan with the reason, and left alone', async () => {
    chmodSync(join(music, 'flac.flac'), 0o444);
    unlinkSync(join(music, 'ogg.ogg'));
    writeFileSync(join(music, 'opus.opus'), 'not sound any more '.repeat(40));
    const made = await plan();
    const failed = Object.fromEntries(
      files(made)
        .filter(({ state }) => state === 'failed')
        .map(({ path, message }) => [path.slice(music.length + 1), message]),
    );
    expect(Object.keys(failed).sort()).toEqual(['flac.flac', 'ogg.ogg', 'opus.opus']);
    expect(failed['flac.flac']).toMatch(/is read-only/);
    expect(failed['ogg.ogg']).toMatch(/no such file or folder/);
    expect(failed['opus.opus']).toMatch(/is no audio/);
    expect(await write(made)).toEqual({ changed: formats.length - 3, failed: [] });
    expect(get(made)).toMatchObject({ state: 'done', written: formats.length - 3, failed: 3 });
    chmodSync(join(music, 'flac.flac'), 0o644);
  });

  it('since the plan was made fail by themselves, and the rest is written', async () => {
    const made = await plan();
    unlinkSync(join(music, 'ogg.ogg'));
    const flac = join(music, 'flac.flac');
    const before = await readField(flac, genre);
    await changeField(flac, { field: genre, before, after: ['Folk'], direction: 'write' }, async (path) => probeAudio(path));
    const result = (await write(made)) as { failed: { path: string; code: string }[] };
    expect(result).toMatchObject({ changed: formats.length - 2 });
    expect(result.failed.map(({ path, code }) => `${path.slice(music.length + 1)} ${code}`)).toEqual([
      'flac.flac BAD_INPUT',
      'ogg.ogg FILE_GONE',
    ]);
    expect((await readTags(flac)).genres).toEqual(['Folk']);
    expect(files(made).find(({ path }) => path === flac)).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(/changed by another program/) as string,
    });
  });

  it('when they are to be put back keep what others wrote; the batch says so and can be tried again', async () => {
    const made = await plan();
    await write(made);
    const mp3 = join(music, 'mp3.mp3');
    const state = await readField(mp3, genre);
    await changeField(mp3, { field: genre, before: state, after: ['Folk'], direction: 'write' }, async (path) => probeAudio(path));
    const wav = readFileSync(join(music, 'wav.wav'));
    renameSync(join(music, 'wav.wav'), join(root, 'away.wav'));
    expect(await undo(made)).toMatchObject({ changed: formats.length - 2, failed: [{ code: 'BAD_INPUT' }, { code: 'FILE_GONE' }] });
    expect(get(made)).toMatchObject({ state: 'partial', undone: formats.length - 2, failed: 2 });
    expect((await readTags(mp3)).genres).toEqual(['Folk']);
    writeFileSync(join(music, 'wav.wav'), wav);
    await changeField(mp3, { field: genre, before: state, after: ['Folk'], direction: 'restore' }, async (path) => probeAudio(path));
    expect(await undo(made)).toEqual({ changed: 2, failed: [] });
    expect(get(made)).toMatchObject({ state: 'undone', undone: formats.length });
    expectOriginals();
  });

  it('for want of room end the job, leave what was, and can be gone on with', async () => {
    const made = await plan();
    let written = 0;
    const media: Parameters<typeof runWriting>[1]['media'] = {
      run: async (task) => {
        const { path: of, change } = task as Extract<MediaTask, { type: 'changeField' }>;
        if (++written > 3) throw new AppError('DISK_FULL', 'The disk is full.');
        return (await changeField(of, change, async (path) => probeAudio(path))) as never;
      },
    };
    const context = { signal: quiet, gate: new Gate(), isClosing: () => false, isWaitedFor: () => false, report: () => undefined };
    const tools = { store: services.store, media, demoDirectory: null, changed: () => undefined };
    await expect(runWriting({ writingId: made.id, direction: 'write' }, tools, context)).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(get(made)).toMatchObject({ written: 3, failed: 0 });
    expect(await write(made)).toEqual({ changed: formats.length - 3, failed: [] });
    await undo(made);
    expectOriginals();
  });
});

describe('a process that was killed', () => {
  it('leaves files that the next one recognises as old or new, and copies that it removes', async () => {
    const made = await plan();
    // Written, but the database was not told.
    const mp3 = join(music, 'mp3.mp3');
    const before = await readField(mp3, genre);
    await changeField(mp3, { field: genre, before, after: ['rainy'], direction: 'write' }, async (path) => probeAudio(path));
    services.store.writings.setState(made.id, 'running');
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(music, `.earmark-writing-${dead}-0123456789ab`), 'half a copy');
    writeFileSync(join(music, `.earmark-writing-${process.pid}-0123456789ab`), 'a copy that is being made');
    writeFileSync(join(music, '.earmark-writing-notes'), 'a person’s own file');
    await services.close();
    open();
    expect(get(made)).toMatchObject({ state: 'partial', written: 0 });
    expect(await write(made)).toEqual({ changed: formats.length, failed: [] });
    expect(services.store.tracks.get(trackId('mp3.mp3'), null).genre).toBe('rainy');
    expect(
      readdirSync(music)
        .filter((name) => name.startsWith('.'))
        .sort(),
    ).toEqual([`.earmark-writing-${process.pid}-0123456789ab`, '.earmark-writing-notes'].sort());
    expect(statSync(mp3).mtimeMs).toBe(
      services.store.tracks.files(services.store.folders.list()[0]?.id as never).find(({ path }) => path === mp3)?.mtimeMs,
    );
  });

  it('can be taken back without being finished', async () => {
    const made = await plan();
    const mp3 = join(music, 'mp3.mp3');
    const before = await readField(mp3, genre);
    await changeField(mp3, { field: genre, before, after: ['rainy'], direction: 'write' }, async (path) => probeAudio(path));
    services.store.writings.setState(made.id, 'running');
    await services.close();
    open();
    expect(await undo(made)).toEqual({ changed: 1, failed: [] });
    expect(get(made)).toMatchObject({ state: 'undone', undone: 1 });
    expectOriginals();
  });
});
