import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toStoredPath } from '../../../src-main/base/index.ts';
import { addPassedOver, passedOverSays } from '../../../src-main/service/library/passed-over.ts';
import type { PassedOverCount } from '../../../src-main/service/library/passed-over.ts';
import { walk } from '../../../src-main/service/library/walk.ts';
import type { WalkEvent } from '../../../src-main/service/library/walk.ts';

let root: string;

beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'earmark-walk-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function walked(except: string[] = []): Promise<WalkEvent[]> {
  return Array.fromAsync(walk(root, { signal: new AbortController().signal, except: new Set(except) }));
}

function filesOf(events: WalkEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'file' ? [event.file.path.slice(root.length + 1)] : [])).sort();
}

describe('walk', () => {
  it('finds audio files at any depth, by their names', async () => {
    mkdirSync(join(root, 'a/b/c'), { recursive: true });
    for (const name of ['one.mp3', 'a/two.FLAC', 'a/b/c/three.opus', 'a/cover.jpg', 'notes.txt', 'a/._one.mp3'])
      writeFileSync(join(root, name), 'x');
    expect(filesOf(await walked())).toEqual(['a/b/c/three.opus', 'a/two.FLAC', 'one.mp3']);
  });

  it('enters folders and takes files whose names begin with a dot, and passes over those of systems alone', async () => {
    for (const folder of [
      '...And Justice for All',
      '.38 Special/.live',
      '.Trash-1000/files',
      '.git',
      '@eaDir',
      'System Volume Information',
    ])
      mkdirSync(join(root, folder), { recursive: true });
    for (const folder of [
      '...And Justice for All',
      '.38 Special/.live',
      '.Trash-1000/files',
      '.git',
      '@eaDir',
      'System Volume Information',
    ])
      writeFileSync(join(root, folder, '...one.mp3'), 'x');
    expect(filesOf(await walked())).toEqual(['...And Justice for All/...one.mp3', '.38 Special/.live/...one.mp3']);
  });

  it('tells of everything that it passes over, and why', async () => {
    for (const name of ['a.dsf', 'b.DSF', 'c.mod', 'd.mkv', 'cover.jpg', '._a.mp3', 'e.mp3']) writeFileSync(join(root, name), 'x');
    for (const name of ['.Trashes', '$RECYCLE.BIN']) mkdirSync(join(root, name));
    const counts: PassedOverCount[] = [];
    for (const event of await walked()) if (event.type === 'passedOver') addPassedOver(counts, event.item, 1);
    expect(new Set(counts.map(({ what, why, count }) => `${what} ${why} ${count}`))).toEqual(
      new Set([
        '$RECYCLE.BIN system 1',
        '._ companion companion 1',
        '.Trashes system 1',
        'DSF format 2',
        'MKV format 1',
        'MOD format 1',
        'other other 1',
      ]),
    );
    const says = passedOverSays(counts);
    for (const part of ['2 DSF', '1 MKV', '1 MOD', '(not read)', '2 system folders', '.Trashes']) expect(says).toContain(part);
    expect(says).toContain('1 companion (._ files)');
    expect(passedOverSays([{ what: 'other', why: 'other', count: 9 }])).toBe('');
  });

  it('ends in circles of symbolic links, and enters each folder once', async () => {
    mkdirSync(join(root, 'a'));
    writeFileSync(join(root, 'a/one.mp3'), 'x');
    symlinkSync(root, join(root, 'a/up'));
    symlinkSync(join(root, 'a'), join(root, 'again'));
    symlinkSync(join(root, 'self'), join(root, 'self'));
    expect(filesOf(await walked())).toHaveLength(1);
  });

  it('follows a link to a folder elsewhere', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'earmark-elsewhere-'));
    writeFileSync(join(elsewhere, 'far.ogg'), 'x');
    symlinkSync(elsewhere, join(root, 'link'));
    expect(filesOf(await walked())).toEqual(['link/far.ogg']);
    rmSync(elsewhere, { recursive: true });
  });

  it('tells of a link that leads nowhere', async () => {
    symlinkSync(join(root, 'gone.mp3'), join(root, 'broken.mp3'));
    const events = await walked();
    expect(events.find((event) => event.type === 'unreadable')).toMatchObject({ isDirectory: false, error: { code: 'FILE_GONE' } });
  });

  it('finds names that are not UTF-8, very long names and emoji', async () => {
    const odd = Buffer.concat([Buffer.from(root), Buffer.from([0x2f, 0x66, 0xfc, 0x72, 0x2e, 0x6d, 0x70, 0x33])]);
    writeFileSync(odd, 'x');
    const long = `${'ä'.repeat(120)}😀.mp3`;
    writeFileSync(join(root, long), 'x');
    const found = filesOf(await walked());
    expect(found).toContain(long);
    expect(found).toContain(toStoredPath(odd.subarray(root.length + 1)));
  });

  it.skipIf(process.getuid?.() === 0)('tells of a folder that may not be read, and goes on', async () => {
    mkdirSync(join(root, 'closed'));
    chmodSync(join(root, 'closed'), 0);
    writeFileSync(join(root, 'one.mp3'), 'x');
    const events = await walked();
    expect(filesOf(events)).toEqual(['one.mp3']);
    expect(events.some((event) => event.type === 'unreadable' && event.error.code === 'FOLDER_UNREADABLE')).toBe(true);
  });

  it('passes over folders that are walked for themselves', async () => {
    mkdirSync(join(root, 'own'));
    writeFileSync(join(root, 'own/one.mp3'), 'x');
    expect(filesOf(await walked([join(root, 'own')]))).toEqual([]);
  });

  it('says that a root is gone, or is a file', async () => {
    const gone = walk(join(root, 'nowhere'), { signal: new AbortController().signal, except: new Set() });
    await expect(gone.next()).rejects.toMatchObject({ code: 'FOLDER_GONE' });
    writeFileSync(join(root, 'file'), 'x');
    const file = walk(join(root, 'file'), { signal: new AbortController().signal, except: new Set() });
    await expect(file.next()).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('stops when it is cancelled', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(walk(root, { signal: abort.signal, except: new Set() }).next()).rejects.toThrow();
  });
});
