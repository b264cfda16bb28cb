/** @file What belongs to a file beside the field that is written stays, and comes back: attributes, times, hard links, and every byte around the sound. */
import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, readdirSync, readFileSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { finishWriting } from '../../../src-main/audio/about.ts';
import { finishingName } from '../../../src-main/audio/fields/temporary-name.ts';
import { readTags } from '../../../src-main/audio/index.ts';
import type { Field } from '../../../src-main/audio/index.ts';
import { makeFolder } from '../../support/decode-all.ts';
import { kinds, makeAudio, tone } from '../../support/make-audio.ts';
import type { KindName } from '../../support/make-audio.ts';
import { putBack, samplesOf, stateOf, write } from '../../support/write-field.ts';

const folder = makeFolder();
afterAll(folder.remove);

const genre: Field = { name: 'genre', customName: '' };
const own: Field = { name: 'custom', customName: 'Earmark tags' };
const values = [['Jazz'], ['long '.repeat(9_000).trim()], ['x'.repeat(64_200)]];

let made = 0;
function bare(kind: KindName): string {
  const path = folder.path(`file ${made++}.${kinds[kind].extension}`);
  makeAudio(path, { kind, seconds: 1, sound: tone(440) });
  return path;
}

const probe = bare('wav');
const hasAttributes = spawnSync('setfattr', ['-n', 'user.earmark', '-v', 'x', probe]).status === 0;

/** Empty where the file system keeps none, or the programs that read them are not there. */
function attributesOf(path: string): string {
  return hasAttributes ? spawnSync('getfattr', ['--absolute-names', '-d', path]).stdout.toString().replace(path, '') : '';
}

/** Times in nanoseconds, permissions, and how many names the file has. */
function looksOf(path: string): unknown {
  const { mtimeNs, mode, nlink, uid, gid } = statSync(path, { bigint: true });
  return { mtimeNs, mode, nlink, uid, gid };
}

const searchPath = process.env['PATH'] ?? '';
afterEach(() => {
  process.env['PATH'] = searchPath;
});

describe('a file that is written to', () => {
  it.each([
    ['with the system’s cp', searchPath],
    ['without it', ''],
  ])('keeps its time of change, permissions and extended attributes, and so when it is put back (%s)', async (_, path) => {
    for (const kind of ['mp3', 'flac', 'ogg', 'm4a', 'wav'] as const) {
      const file = bare(kind);
      chmodSync(file, 0o640);
      spawnSync('touch', ['-d', '2001-02-03 04:05:06.123456789', file]);
      if (hasAttributes) spawnSync('setfattr', ['-n', 'user.rating', '-v', 'five stars', file]);
      const [original, attributes] = [readFileSync(file), attributesOf(file)];
      const looks = looksOf(file) as { mtimeNs: bigint };
      process.env['PATH'] = path;
      const before = await stateOf(file, own);
      await write(file, own, before, ['rainy']);
      const after = await stateOf(file, own);
      await putBack(file, own, before, ['rainy']);
      await write(file, own, before, ['rainy']);
      process.env['PATH'] = searchPath;
      expect(after.values).toEqual(['rainy']);
      expect(attributesOf(file)).toBe(attributes);
      const { mtimeNs, ...others } = looksOf(file) as { mtimeNs: bigint };
      expect(others).toEqual({ ...looks, mtimeNs: undefined });
      // Node sets times as floating-point seconds.
      expect(Number(mtimeNs - looks.mtimeNs)).toBeCloseTo(0, path === '' ? -4 : 0);
      await putBack(file, own, before, ['rainy']);
      expect(readFileSync(file).equals(original)).toBe(true);
      expect(attributesOf(file)).toBe(attributes);
    }
    expect(readdirSync(folder.path('.')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('under two names stays one file under both', async () => {
    const file = bare('mp3');
    const second = folder.path('second name.mp3');
    linkSync(file, second);
    utimesSync(file, 1_000_000_000, 1_000_000_000);
    const [original, looks] = [readFileSync(file), looksOf(file)];
    const before = await stateOf(file, own);
    for (const after of values) {
      await write(file, own, before, after);
      expect((await stateOf(second, own)).values).toEqual(after);
      expect(statSync(second).ino).toBe(statSync(file).ino);
      expect(looksOf(second)).toEqual(looks);
      await putBack(second, own, before, after);
      expect(readFileSync(file).equals(original)).toBe(true);
      expect(looksOf(file)).toEqual(looks);
    }
    expect(readdirSync(folder.path('.')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('in place by a process that was killed is finished by whoever finds the copy', () => {
    const [file, second] = [bare('mp3'), folder.path('other name.mp3')];
    linkSync(file, second);
    const [inode, whole] = [statSync(file, { bigint: true }).ino, Buffer.alloc(70_000, 7)];
    const journal = folder.path(finishingName(inode));
    writeFileSync(journal, whole);
    truncateSync(file, 1000);
    expect(finishWriting(journal)).toBe(true);
    expect(readFileSync(second).equals(whole)).toBe(true);
    expect(statSync(file).ino).toBe(Number(inode));
    writeFileSync(journal, whole);
    renameSync(file, `${file}.moved.mp3`);
    expect(finishWriting(journal)).toBe(true);
    const orphan = folder.path(finishingName(inode + 1_000_000n));
    writeFileSync(orphan, whole);
    expect(finishWriting(orphan)).toBe(false);
    expect(readFileSync(orphan).equals(whole)).toBe(true);
    renameSync(orphan, folder.path('kept'));
  });
});

describe('what entries alone would not bring back', () => {
  /** A frame in plain Latin-1. */
  function frame(id: string, text: string): Buffer {
    const head = Buffer.alloc(10);
    head.write(id, 0, 'latin1');
    head.writeUInt8(text.length, 7);
    return Buffer.concat([head, Buffer.from(text, 'latin1')]);
  }

  function mp3(...parts: Buffer[]): string {
    const path = bare('mp3');
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([...parts, bytes.subarray(bytes.indexOf(Buffer.from([0xff, 0xfb])))]));
    return path;
  }

  const files: Record<string, () => string> = {
    'a footer': () => {
      const frames = Buffer.concat([frame('TIT2', '\0Title'), frame('TCON', '\0Rock'), Buffer.alloc(30)]);
      const size = [0, 0, 0, frames.length];
      const [head, foot] = ['ID3', '3DI'].map((mark) => Buffer.concat([Buffer.from(mark), Buffer.from([4, 0, 0x10, ...size])]));
      return mp3(head as Buffer, frames, foot as Buffer);
    },
    'an extended header': () => {
      const frames = Buffer.concat([Buffer.from([0, 0, 0, 6, 1, 0]), frame('TIT2', '\0Title')]);
      return mp3(Buffer.from('ID3'), Buffer.from([4, 0, 0x40, 0, 0, 0, frames.length]), frames);
    },
    'sizes that were wrong, and no byte to make the last chunk even': () => {
      const path = bare('wav');
      const bytes = readFileSync(path);
      bytes.writeUInt32LE(0xffff_ffff, 4);
      const data = bytes.indexOf('data');
      bytes.writeUInt32LE(bytes.length - data - 9, data + 4);
      writeFileSync(path, bytes.subarray(0, -1));
      return path;
    },
    'the lack of a place for tags': () => {
      const path = bare('m4a');
      const bytes = readFileSync(path);
      const [moov, udta] = [bytes.indexOf('moov') - 4, bytes.indexOf('udta') - 4];
      const length = bytes.readUInt32BE(udta);
      bytes.writeUInt32BE(bytes.readUInt32BE(moov) - length, moov);
      expect(bytes.indexOf('mdat')).toBeLessThan(moov);
      writeFileSync(path, Buffer.concat([bytes.subarray(0, udta), bytes.subarray(udta + length)]));
      return path;
    },
    'a list of user data that holds a QuickTime name': () => {
      const path = bare('m4a');
      const bytes = readFileSync(path);
      const [moov, udta] = [bytes.indexOf('moov') - 4, bytes.indexOf('udta') - 4];
      const length = bytes.readUInt32BE(udta);
      const name = Buffer.from([0, 0, 0, 16, 0xa9, 0x6e, 0x61, 0x6d, 0, 4, 0, 0, 0x4e, 0x61, 0x6d, 0x65]);
      const list = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('udta'), name]);
      bytes.writeUInt32BE(bytes.readUInt32BE(moov) - length + list.length, moov);
      writeFileSync(path, Buffer.concat([bytes.subarray(0, udta), list, bytes.subarray(udta + length)]));
      return path;
    },
  };

  it.each(Object.keys(files))('comes back: %s', async (name) => {
    for (const field of [genre, own]) {
      for (const after of values) {
        const path = files[name]?.() ?? '';
        const [original, samples] = [readFileSync(path), samplesOf(path)];
        const before = await stateOf(path, field);
        expect(before.whole).not.toBeNull();
        await write(path, field, before, after);
        expect(samplesOf(path).equals(samples)).toBe(true);
        await putBack(path, field, before, after);
        expect(readFileSync(path).equals(original)).toBe(true);
      }
    }
  });

  it('stays away where another program changed the file meanwhile: its change is kept', async () => {
    const path = files['a footer']?.() ?? '';
    const before = await stateOf(path, genre);
    await write(path, genre, before, ['Jazz']);
    const bytes = readFileSync(path);
    bytes.write('Other', bytes.indexOf('Title'));
    writeFileSync(path, bytes);
    await putBack(path, genre, before, ['Jazz']);
    expect(await readTags(path)).toMatchObject({ title: 'Other', genres: ['Rock'] });
  });

  it('is not kept where entries are enough', async () => {
    for (const kind of ['mp3', 'flac', 'ogg', 'opus', 'm4a', 'wav', 'aiff'] as const)
      expect((await stateOf(bare(kind), own)).whole, kind).toBeNull();
  });
});
