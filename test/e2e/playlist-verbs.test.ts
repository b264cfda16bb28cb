/** @file `playlist`, `duplicates` and `export embeddings` as a person's shell runs them, on real sound. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DuplicateGroup, Playlist, Track } from '../../src-main/contract/index.ts';
import { makeAudio } from '../support/make-audio.ts';
import { music } from '../support/make-music.ts';
import { earmarkJson, runEarmark } from '../support/run-earmark.ts';

let root: string;
let data: string;
const path = (name: string): string => join(root, 'music', name);
const out = (name: string): string => join(root, name);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-playlists-'));
  data = join(root, 'data');
  mkdirSync(join(root, 'music'));
  const [one, two] = [music(1, 8), music(2, 8)];
  makeAudio(path('one.wav'), { kind: 'wav', seconds: 8, sound: one, channels: 1 });
  makeAudio(path('one.mp3'), { kind: 'mp3', seconds: 8, sound: one, channels: 1 });
  makeAudio(path('#two & “2”.flac'), { kind: 'flac', seconds: 8, sound: two, channels: 1 });
  await earmarkJson(data, 'scan', join(root, 'music'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Shown = { playlist: Playlist; rows: Track[] };

/** Exit code and what is said of a run that fails. */
async function failure(...args: string[]): Promise<[number | null, string]> {
  const { code, stderr } = await runEarmark(data, ...args);
  return [code, stderr];
}

describe('playlist', () => {
  it('is made of paths and numbers, listed and shown', async () => {
    const { rows } = await earmarkJson<{ rows: Track[] }>(data, 'tracks');
    const two = rows.find(({ title }) => title.startsWith('#two'));
    await earmarkJson(data, 'playlist', 'create', 'Rain', String(two?.id), path('one.mp3'), path('one.mp3'));
    const { playlists } = await earmarkJson<{ playlists: Playlist[] }>(data, 'playlist', 'list');
    expect(playlists).toMatchObject([{ name: 'Rain', tracks: 3, smart: null }]);
    const shown = await earmarkJson<Shown>(data, 'playlist', 'show', 'rain');
    expect(shown.rows.map(({ title }) => title)).toEqual(['#two & “2”', 'one', 'one']);
    expect((await runEarmark(data, 'playlist', 'show', '1')).stdout).toMatch(/^Rain\n.*title/);
  });

  it('leaves in every format, and comes back from M3U8', async () => {
    for (const [format, name] of [
      ['m3u8', 'a.m3u8'],
      ['jspf', 'a.jspf'],
      ['csv', 'a.csv'],
      ['rekordbox', 'a.xml'],
    ] as const) {
      const told = await earmarkJson<{ path: string }>(data, 'playlist', 'export', 'Rain', '--format', format, '--out', out(name));
      expect(told).toMatchObject({ path: out(name), missing: 0 });
      expect(readFileSync(out(name), 'utf8')).toContain('one');
    }
    expect(readFileSync(out('a.m3u8'), 'utf8')).toMatch(/^#EXTM3U\n#PLAYLIST:Rain\n#EXTINF:8,#two & “2”\nmusic\/#two & “2”\.flac\n/);
    expect((await runEarmark(data, 'playlist', 'export', 'Rain')).stdout).toContain(path('one.mp3'));
    const back = await earmarkJson<{ playlist: Playlist; notFound: string[] }>(data, 'playlist', 'import', out('a.m3u8'), '--name', 'Back');
    expect(back).toMatchObject({ playlist: { name: 'Back', tracks: 3 }, notFound: [] });
    const shown = await earmarkJson<Shown>(data, 'playlist', 'show', 'Back');
    expect(shown.rows.map(({ title }) => title)).toEqual(['#two & “2”', 'one', 'one']);
  });

  it('reads lists of other machines and names what it did not find', async () => {
    writeFileSync(out('old.m3u'), Buffer.from('#EXTM3U\r\nD:\\Musik\\ONE.MP3\r\nD:\\Musik\\f\xfcr.mp3\r\n', 'latin1'));
    const { stdout, code } = await runEarmark(data, 'playlist', 'import', out('old.m3u'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/old: 1 track\.\nNot in the library:\n {2}D:\\Musik\\für\.mp3\n/);
  });

  it('leaves the list when removed, and comes back', async () => {
    const { removed } = await earmarkJson<{ removed: number }>(data, 'playlist', 'remove', 'old');
    expect(await failure('playlist', 'show', 'old')).toEqual([1, expect.stringContaining('There is no playlist old.')]);
    await earmarkJson(data, 'playlist', 'restore', String(removed));
    expect((await earmarkJson<Shown>(data, 'playlist', 'show', 'old')).rows).toHaveLength(1);
  });

  it('says what is wrong', async () => {
    expect(await failure('playlist', 'create', 'x', path('none.mp3'))).toEqual([
      1,
      expect.stringMatching(/none\.mp3 is no track of the library/),
    ]);
    expect(await failure('playlist', 'create', ' ')).toEqual([1, expect.stringMatching(/1 to 200 characters/)]);
    expect(await failure('playlist', 'export', 'Rain', '--format', 'pls')).toEqual([
      2,
      expect.stringMatching(/one of m3u8, jspf, csv, rekordbox/),
    ]);
    expect(await failure('playlist', 'export', 'Rain', '--out', path('one.mp3'))).toEqual([
      1,
      expect.stringMatching(/must end with \.m3u8/),
    ]);
    expect(await failure('playlist', 'import', out('none.m3u8'))).toEqual([1, expect.stringMatching(/no such file or folder/)]);
  });
});

describe('duplicates', () => {
  it('are found and shown, and shown again without looking', async () => {
    const { groups } = await earmarkJson<{ groups: DuplicateGroup[] }>(data, 'duplicates');
    expect(groups.map(({ relation, tracks }) => [relation, tracks.map((track) => track.path)])).toEqual([
      ['same', [path('one.wav'), path('one.mp3')]],
    ]);
    const { stdout } = await runEarmark(data, 'duplicates', '--last');
    expect(stdout).toMatch(/^The same recording\n.*offset/);
    expect((await earmarkJson<{ groups: DuplicateGroup[] }>(data, 'duplicates', '--last')).groups).toEqual(groups);
  });
});

describe('export embeddings', () => {
  it('writes what the index holds, raw or centred', async () => {
    expect(await failure('export', 'embeddings', '--out', out('x.npy'))).toEqual([1, expect.stringMatching(/encoder/)]);
    await earmarkJson(data, 'encoders', 'create', '--rate', '8000');
    await earmarkJson(data, 'index', '--device', 'cpu');
    const told = await earmarkJson<{ rows: number; files: string[] }>(data, 'export', 'embeddings', '--raw', '--out', out('x.npy'));
    expect(told).toMatchObject({ level: 'segments', raw: true, tracks: 3, rows: 9, dimensions: 512, files: [out('x.npy'), out('x.json')] });
    expect(readFileSync(out('x.npy')).byteLength).toBe(128 + 9 * 512 * 4);
    await earmarkJson(data, 'export', 'embeddings', '--level', 'tracks', '--out', out('t.npy'));
    const bytes = readFileSync(out('t.npy'));
    const first = new Float32Array(new Uint8Array(bytes.subarray(128, 128 + 512 * 4)).buffer);
    expect(Math.hypot(...first)).toBeCloseTo(1, 5);
    await earmarkJson(data, 'export', 'embeddings', '--out', out('x.parquet'));
    expect(readFileSync(out('x.parquet')).toString('latin1', 0, 4)).toBe('PAR1');
    expect(await failure('export', 'embeddings', '--out', out('x.parquet'))).toEqual([1, expect.stringMatching(/is there already/)]);
  });
});
