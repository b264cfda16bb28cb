/** @file The command line as a person and a script use it, on files made here. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Encoder, Track } from '../../src-main/contract/index.ts';
import type { IndexResult, ScanResult } from '../../src-main/service/index.ts';
import { childCount, earmarkJson, ended, runEarmark, startEarmark } from '../support/run-earmark.ts';
import { writeWav } from '../support/wav.ts';

type Top = {
  encoder: number;
  feature: number;
  rows: { rank: number; activation: number; trackId: number; path: string; title: string; segment: number; startMs: number }[];
};

type Embedded = { encoder: number; output: string; dimensions: number; segments: number; embeddings: number[][] };

let root: string;
let music: string;
let data: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'earmark-verbs-'));
  [music, data] = [join(root, 'music'), join(root, 'data')];
  mkdirSync(join(music, 'Album'), { recursive: true });
  for (const [i, name] of ['one', 'two', 'Album/three', 'Album/four 😀'].entries())
    writeWav(join(music, `${name}.wav`), { seconds: 9 + i, seed: i + 1 });
  writeFileSync(join(music, 'empty.mp3'), '');
  writeFileSync(join(music, 'words.mp3'), 'These are words and no sound. '.repeat(50));
  writeWav(join(music, 'blip.wav'), { seconds: 0.2, seed: 9 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the command line, verb after verb', () => {
  it('scans a folder, and says which files it could not read and why', async () => {
    const result = await earmarkJson<ScanResult>(data, 'scan', music);
    expect(result).toMatchObject({ added: 5, updated: 0, moved: 0, removed: 0, unchanged: 0 });
    expect(result.failed.map(({ path, code }) => [path.slice(music.length + 1), code]).sort()).toEqual([
      ['empty.mp3', 'FILE_EMPTY'],
      ['words.mp3', 'NOT_AUDIO'],
    ]);
    for (const { message } of result.failed) expect(message).toMatch(/\.$/);
  });

  it('scans again without reading what did not change', async () => {
    expect(await earmarkJson<ScanResult>(data, 'scan')).toMatchObject({ added: 0, updated: 0, unchanged: 5 });
  });

  it('lists and searches tracks', async () => {
    const { rows } = await earmarkJson<{ rows: Track[] }>(data, 'tracks', '--sort', 'title');
    expect(rows.map((row) => row.title)).toEqual(['blip', 'four 😀', 'one', 'three', 'two']);
    const found = await earmarkJson<{ total: number }>(data, 'tracks', '--search', 'album thr');
    expect(found.total).toBe(1);
  });

  it('makes an untrained encoder, the same from the same seed', async () => {
    const first = await earmarkJson<{ encoder: Encoder }>(data, 'encoders', 'create', '--rate', '8000', '--seed', '5');
    const again = await earmarkJson<{ encoder: Encoder }>(data, 'encoders', 'create', '--rate', '8000', '--seed', '5');
    expect(first.encoder).toMatchObject({ source: 'untrained', sampleRate: 8000, cropSamples: 20736, dimensions: 512 });
    expect(again.encoder.id).toBe(first.encoder.id);
  });

  it('indexes what is new, and marks what is too short', async () => {
    const result = await earmarkJson<IndexResult>(data, 'index');
    // 9, 10, 11 and 12 s in segments of 2.592 s: 3 + 3 + 4 + 4.
    expect(result).toMatchObject({ tracks: 4, segments: 14, features: 512 });
    expect(result.failed).toMatchObject([{ path: join(music, 'blip.wav'), code: 'TOO_SHORT' }]);
    expect(await earmarkJson<IndexResult>(data, 'index')).toMatchObject({ tracks: 0, segments: 0, failed: [] });
  });

  it('tells the top segments of a feature in order', async () => {
    const { rows } = await earmarkJson<Top>(data, 'top', '--feature', '51', '-n', '14');
    expect(rows).toHaveLength(14);
    expect(rows.map((row) => row.rank)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
    const activations = rows.map((row) => row.activation);
    expect(activations).toEqual(activations.toSorted((a, b) => b - a));
    for (const row of rows) expect(row.startMs).toBeCloseTo(row.segment * 2592);
    const few = await earmarkJson<Top>(data, 'top', '--feature', '51', '-n', '14', '--per-track', '1');
    const first = rows.filter(({ trackId }, at) => rows.findIndex((row) => row.trackId === trackId) === at);
    expect(few.rows.map(({ trackId, segment }) => [trackId, segment])).toEqual(first.map(({ trackId, segment }) => [trackId, segment]));
  });

  it('embeds a file as the index did', async () => {
    const path = join(music, 'one.wav');
    const embedded = await earmarkJson<{ segments: number; rows: { embedding: number[] }[] }>(data, 'embed', path);
    expect(embedded.segments).toBe(3);
    const { rows } = await earmarkJson<Top>(data, 'top', '--feature', '7', '--search', 'one');
    for (const row of rows) expect(embedded.rows[row.segment]?.embedding[7]).toBeCloseTo(row.activation, 2);
  });

  it('indexes a layer beside the embedding, tells its top segments, and gives what it makes of a file', async () => {
    const result = await earmarkJson<IndexResult>(data, 'index', '--output', 'block-2:max', '--output', 'embedding');
    expect(result).toMatchObject({ tracks: 4, features: 128 + 512 });
    expect(result.spaces.map(({ output, pooling, tracks }) => [output, pooling, tracks])).toEqual([
      ['block-2', 'max', 4],
      ['embedding', 'mean', 0],
    ]);
    const top = await earmarkJson<Top & { output: string; pooling: string }>(
      ...([data, 'top', '--output', 'block-2:max', '--feature', '7', '--search', 'one', '-n', '1'] as const),
    );
    expect(top).toMatchObject({ encoder: result.encoder, output: 'block-2', pooling: 'max', feature: 7 });
    const path = join(music, 'one.wav');
    const given = await earmarkJson<Embedded>(data, 'embed', path, '--output', 'block-2:max');
    expect(given).toMatchObject({ encoder: result.encoder, output: 'block-2', pooling: 'max', dimensions: 128, segments: 3 });
    expect(given.embeddings.map((row) => row.length)).toEqual([128, 128, 128]);
    expect(Math.max(...given.embeddings.map((row) => row[7] ?? 0))).toBeCloseTo(top.rows[0]?.activation ?? NaN, 4);
    const shown = await earmarkJson<{ encoder: Encoder; outputs: { name: string }[] }>(data, 'encoders', 'show');
    expect(shown.outputs.map(({ name }) => name)).toContain('block-9');
    expect(shown.encoder.spaces).toMatchObject([{ output: 'block-2', title: 'Block 2, maximum', index: { tracks: 4 } }]);
  });

  it('keeps everything of a moved and renamed file', async () => {
    const before = await earmarkJson<Top>(data, 'top', '--feature', '3', '--search', 'two');
    renameSync(join(music, 'two.wav'), join(music, 'Album/second.wav'));
    expect(await earmarkJson<ScanResult>(data, 'scan')).toMatchObject({ added: 0, moved: 1, removed: 0 });
    expect(await earmarkJson<IndexResult>(data, 'index')).toMatchObject({ tracks: 0 });
    const after = await earmarkJson<Top>(data, 'top', '--feature', '3', '--search', 'second');
    expect(after.rows.map((row) => row.activation)).toEqual(before.rows.map((row) => row.activation));
  });

  it('keeps a missing track until its file is back', async () => {
    renameSync(join(music, 'one.wav'), join(root, 'away.wav'));
    expect(await earmarkJson<ScanResult>(data, 'scan')).toMatchObject({ removed: 1 });
    expect(await earmarkJson<Top>(data, 'top', '--feature', '3', '--search', 'one')).toMatchObject({ rows: [] });
    renameSync(join(root, 'away.wav'), join(music, 'one.wav'));
    await earmarkJson<ScanResult>(data, 'scan');
    expect(await earmarkJson<IndexResult>(data, 'index')).toMatchObject({ tracks: 0 });
    expect((await earmarkJson<Top>(data, 'top', '--feature', '3', '--search', 'one')).rows).toHaveLength(3);
  });

  it('keeps a whole library whose folder is gone', async () => {
    renameSync(music, `${music} elsewhere`);
    const result = await earmarkJson<ScanResult>(data, 'scan');
    expect(result.failed).toMatchObject([{ path: music, code: 'FOLDER_GONE' }]);
    expect(result.removed).toBe(0);
    renameSync(`${music} elsewhere`, music);
    expect(await earmarkJson<ScanResult>(data, 'scan')).toMatchObject({ unchanged: 5 });
  });
});

describe('the command line, when something is wrong', () => {
  it.each([
    [['top'], 2],
    [['top', '--feature', 'loud'], 2],
    [['nonsense'], 2],
    [['scan', '--nonsense'], 2],
    [['--help'], 0],
    [['--version'], 0],
  ])('ends %j with %i', async (args, code) => {
    expect((await runEarmark(data, ...args)).code).toBe(code);
  });

  it.each([
    [['scan', '/nowhere/at/all'], 'FOLDER_GONE'],
    [['top', '--feature', '512'], 'BAD_INPUT'],
    [['top', '--feature', '1', '--output', 'block-99'], 'BAD_INPUT'],
    [['top', '--feature', '1', '--output', 'block-2:mean'], 'NOT_FOUND'],
    [['index', '--output', 'layer-1'], 'BAD_INPUT'],
    [['top', '--feature', '1', '--encoder', '99'], 'NOT_FOUND'],
    [['import', 'weights', '/nowhere.ckpt'], 'FILE_GONE'],
    [['embed', '/nowhere.mp3'], 'FILE_GONE'],
    [['index', '--device', 'abacus'], 'DEVICE_UNAVAILABLE'],
    [['bench', 'nothing'], 'NOT_FOUND'],
    [['bench', 'train', '--recipe', 'nothing'], 'NOT_FOUND'],
    [['bench', 'sort', '--recipe', 'clmr'], 'BAD_INPUT'],
    [['export', 'encoder', '/tmp/weights.pt'], 'BAD_INPUT'],
    [['import', 'published', 'vicmus', '--yes'], 'NOT_FOUND'],
  ])('answers %j with one document that says %s', async (args, code) => {
    const run = await runEarmark(data, ...args, '--json');
    expect(run.code).toBe(1);
    const { error } = JSON.parse(run.stdout) as { error: { code: string; message: string } };
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/[.!)]$/);
  });

  it('refuses a second process on the same data', async () => {
    const serve = startEarmark(data, 'serve', '--port', '0', '--json');
    const over = ended(serve);
    await new Promise((resolve) => serve.stdout?.once('data', resolve));
    const run = await runEarmark(data, 'tracks', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'DATA_DIRECTORY_IN_USE' } });
    serve.kill('SIGINT');
    expect((await over).code).toBe(0);
    expect((await runEarmark(data, 'tracks', '--json')).code).toBe(0);
  });

  it('keeps its state when it is interrupted', async () => {
    const fresh = join(root, 'interrupted');
    await earmarkJson(fresh, 'encoders', 'create', '--rate', '8000');
    await earmarkJson(fresh, 'scan', music);
    const child = startEarmark(fresh, 'index', '--json');
    const over = ended(child);
    // Once the index process is there, the work is under way.
    await expect.poll(() => childCount(child.pid), { interval: 10 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    const { code, signal, stdout } = await over;
    // A shell calls both 130: ended by the handler, or by the signal itself in the very last moment.
    expect(code ?? signal).toSatisfy((how) => how === 130 || how === 'SIGINT' || how === 0);
    if (code === 130) expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CANCELLED' } });
    await earmarkJson(fresh, 'index');
    expect((await earmarkJson<Top>(fresh, 'top', '--feature', '0', '-n', '100')).rows).toHaveLength(14);
  });
});
