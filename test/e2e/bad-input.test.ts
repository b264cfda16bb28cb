/** @file One folder with every kind of bad file that people have: each gives a row or a sentence, and the good ones beside it are there. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Track } from '../../src-main/contract/index.ts';
import type { IndexResult, ScanResult } from '../../src-main/service/index.ts';
import { kinds, makeAudio } from '../support/make-audio.ts';
import type { KindName } from '../support/make-audio.ts';
import { childCount, earmarkJson, ended, runEarmark, startEarmark } from '../support/run-earmark.ts';
import { writeWav } from '../support/wav.ts';

let root: string;
let music: string;
let data: string;
let scanned: ScanResult;
let indexed: IndexResult;
let tracks: Track[];

const sound = (seconds: number): number => 0.3 * Math.sin(2 * Math.PI * 440 * seconds) + 0.1 * Math.sin(2 * Math.PI * 3000 * seconds);

function make(name: string, kind: KindName, seconds: number, more: { sampleRate?: number; channels?: number } = {}): string {
  const path = join(music, name);
  makeAudio(path, { kind, seconds, sound, ...more });
  return path;
}

/** Halves a file. */
function cut(path: string): void {
  truncateSync(path, Math.floor(readFileSync(path).length / 2));
}

function makeFolder(): void {
  mkdirSync(join(music, 'sub'), { recursive: true });
  for (const kind of Object.keys(kinds) as KindName[]) make(`good ${kind}.${kinds[kind].extension}`, kind, 6);
  writeFileSync(join(music, 'empty.flac'), '');
  cut(make('cut.mp3', 'mp3', 20));
  cut(make('cut.flac', 'flac', 20));
  cut(make('cut.ogg', 'ogg', 20));
  cut(make('cut.wav', 'wav', 20));
  renameSync(make('really flac.tmp.flac', 'flac', 6), join(music, 'really flac.mp3'));
  writeFileSync(join(music, 'picture.mp3'), Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100', 'hex'), Buffer.alloc(5000, 7)]));
  writeFileSync(join(music, 'page.ogg'), '<!doctype html><html><body>404 Not Found</body></html>');
  writeFileSync(join(music, 'noise.mp3'), Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 0xff)));
  protect(make('bought.m4a', 'm4a', 6), join(music, 'bought.m4a'));
  writeWav(join(music, 'blip.wav'), { seconds: 0.2, seed: 1 });
  makeAudio(join(music, 'silent.flac'), { kind: 'flac', seconds: 6, sound: () => 0 });
  make('eight channels.flac', 'flac', 6, { channels: 8 });
  make('fast.wav', 'wav', 6, { sampleRate: 192_000 });
  make('emoji 🎧🏳️‍🌈.ogg', 'ogg', 6);
  make(`${'long '.repeat(48)}.mp3`, 'mp3', 6);
  renameSync(
    make('plain.mp3', 'mp3', 6),
    Buffer.concat([Buffer.from(music), Buffer.from([0x2f, 0xe9, 0x74, 0xe9, 0x2e, 0x6d, 0x70, 0x33])]),
  );
  symlinkSync(music, join(music, 'sub', 'loop'));
  symlinkSync(join(music, 'gone.mp3'), join(music, 'broken link.mp3'));
}

/** Turns an AAC file's sample entry into the one that protected files have. */
function protect(path: string, to: string): void {
  const bytes = readFileSync(path);
  bytes.write('drms', bytes.indexOf('mp4a', bytes.indexOf('stsd')), 'latin1');
  writeFileSync(to, bytes);
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-bad-'));
  [music, data] = [join(root, 'music'), join(root, 'data')];
  mkdirSync(music);
  makeFolder();
  await earmarkJson(data, 'encoders', 'create', '--rate', '8000');
  scanned = await earmarkJson<ScanResult>(data, 'scan', music);
  indexed = await earmarkJson<IndexResult>(data, 'index');
  tracks = (await earmarkJson<{ rows: Track[] }>(data, 'tracks')).rows;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What became of a file: its failure's code, or its track's state. */
function outcome(name: string): string {
  const path = join(music, name);
  const failed = [...scanned.failed, ...indexed.failed].find((one) => one.path === path);
  return failed?.code ?? tracks.find((track) => track.path === path)?.state ?? 'nothing';
}

describe('a folder with every kind of bad file', () => {
  it.each((Object.keys(kinds) as KindName[]).map((kind) => [`good ${kind}.${kinds[kind].extension}`]))('indexes %s', (name) => {
    expect(outcome(name)).toBe('indexed');
  });

  it.each([
    ['empty.flac', 'FILE_EMPTY'],
    ['cut.mp3', 'partial'],
    ['cut.flac', 'partial'],
    ['cut.ogg', 'partial'],
    ['cut.wav', 'partial'],
    ['really flac.mp3', 'indexed'],
    ['picture.mp3', 'NOT_AUDIO'],
    ['page.ogg', 'NOT_AUDIO'],
    ['noise.mp3', 'NOT_AUDIO'],
    ['bought.m4a', 'PROTECTED'],
    ['blip.wav', 'TOO_SHORT'],
    ['silent.flac', 'indexed'],
    ['eight channels.flac', 'indexed'],
    ['fast.wav', 'indexed'],
    ['emoji 🎧🏳️‍🌈.ogg', 'indexed'],
    [`${'long '.repeat(48)}.mp3`, 'indexed'],
    ['broken link.mp3', 'FILE_GONE'],
  ])('makes of %s: %s', (name, expected) => {
    expect(outcome(name)).toBe(expected);
  });

  it('indexes a name that is not UTF-8', () => {
    const odd = tracks.find((track) => /[\u{10FF00}-\u{10FFFF}]/u.test(track.path));
    expect(odd?.state).toBe('indexed');
  });

  it('says of each problem what, where and why in a sentence', () => {
    const all = [...scanned.failed, ...indexed.failed];
    expect(all.length).toBeGreaterThan(5);
    for (const { path, message } of all) {
      expect(message).toMatch(/^[A-Z/].*[.!)]$/s);
      expect(message.includes(path) || message.includes(path.slice(path.lastIndexOf('/') + 1)), message).toBe(true);
    }
    if (process.env['EARMARK_SHOW'] !== undefined)
      console.table(all.map(({ path, code, message }) => ({ file: path.slice(music.length + 1), code, message })));
  });

  it('marks a truncated file with why', () => {
    for (const name of ['cut.mp3', 'cut.flac', 'cut.ogg', 'cut.wav']) {
      const track = tracks.find((one) => one.path === join(music, name));
      expect(track?.stateMessage, name).toMatch(/ends|stops|holds|of \d/);
    }
  });
});

describe('when the ground gives way', () => {
  it('keeps everything when the folder goes while it is scanned', async () => {
    const fleeting = join(root, 'fleeting');
    mkdirSync(fleeting);
    for (let i = 0; i < 30; i++) writeWav(join(fleeting, `${i}.wav`), { seconds: 3, seed: i });
    const own = join(root, 'fleeting data');
    const child = startEarmark(own, 'scan', fleeting, '--json');
    const over = ended(child);
    // The media process is started when the first file is to be read.
    await expect.poll(() => childCount(child.pid), { interval: 5 }).toBeGreaterThan(0);
    renameSync(fleeting, `${fleeting} away`);
    const { code, stdout } = await over;
    expect(code, stdout).toBe(0);
    const result = JSON.parse(stdout) as ScanResult;
    expect(result.added + result.failed.length).toBeGreaterThanOrEqual(30);
    renameSync(`${fleeting} away`, fleeting);
    await earmarkJson(own, 'scan');
    expect((await earmarkJson<{ total: number }>(own, 'tracks')).total).toBe(30);
  });

  it('keeps what is stored on a full disk, says so, and goes on when there is room', async () => {
    const full = join(root, 'full');
    if (!mountTight(full, 40)) return console.log('skipped: no small file system could be mounted here');
    try {
      const own = join(full, 'data');
      await earmarkJson(own, 'encoders', 'create', '--rate', '8000');
      await earmarkJson(own, 'scan', music);
      fill(join(full, 'filler'));
      const told = await runEarmark(own, 'index');
      expect([told.code, told.stdout]).toEqual([1, '']);
      expect(told.stderr).toMatch(/^[^\n]*the disk is full[^\n]*\n$/);
      const run = await runEarmark(own, 'index', '--json');
      expect(run.code).toBe(1);
      expect((JSON.parse(run.stdout) as { error: { code: string } }).error.code).toBe('DISK_FULL');
      rmSync(join(full, 'filler'));
      const again = await earmarkJson<IndexResult>(own, 'index');
      expect(again.tracks).toBe(indexed.tracks);
      expect(again.segments).toBe(indexed.segments);
    } finally {
      execFileSync('umount', ['-l', full]);
    }
  });

  it('refuses a database of a newer version and leaves it as it is', async () => {
    const own = join(root, 'newer');
    await earmarkJson(own, 'scan', join(music, 'sub'));
    const path = join(own, 'earmark.db');
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(path);
    database.pragma('user_version = 9999');
    database.close();
    const before = readFileSync(path);
    const run = await runEarmark(own, 'tracks', '--json');
    expect((JSON.parse(run.stdout) as { error: { code: string } }).error.code).toBe('NEWER_DATABASE');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuses a checkpoint with code in it without running it', async () => {
    const canary = join(root, 'canary');
    const pickle = `cos\nsystem\n(S'touch ${canary}'\ntR.`;
    for (const name of ['evil.pt', 'evil.ckpt', 'evil.pth']) {
      writeFileSync(join(root, name), pickle, 'latin1');
      const run = await runEarmark(data, 'import', 'weights', join(root, name), '--json');
      expect(run.code).toBe(1);
      expect((JSON.parse(run.stdout) as { error: { code: string } }).error.code).toMatch(/WEIGHTS_UNSAFE|WEIGHTS_UNREADABLE/);
    }
    expect(() => readFileSync(canary)).toThrow();
  });

  it.skipIf(process.getuid?.() === 0)('names a folder that may not be read, and keeps its tracks', async () => {
    chmodSync(join(music, 'sub'), 0);
    const result = await earmarkJson<ScanResult>(data, 'scan');
    expect(result.failed.some((one) => one.code === 'FOLDER_UNREADABLE')).toBe(true);
    chmodSync(join(music, 'sub'), 0o755);
  });
});

/** Takes all the room that is left. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = 1 << 20; size >= 512; size >>= 1) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size, 1));
      } catch {
        // Full for pieces of this size: smaller ones may fit.
      }
    }
  } finally {
    closeSync(file);
  }
}

/** A file system of a few megabytes; false where that is not permitted. */
function mountTight(path: string, megabytes: number): boolean {
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
