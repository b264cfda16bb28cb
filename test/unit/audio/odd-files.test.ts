import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeMono, isAudioName, probeAudio } from '../../../src-main/audio/index.ts';
import { toStoredPath, toSystemPath } from '../../../src-main/base/index.ts';
import { decodeAll, errorOf, makeFolder } from '../../support/decode-all.ts';
import { kinds, makeAudio } from '../../support/make-audio.ts';
import type { Kind, KindName } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

/** Busy enough that a constant bit rate does not end up in padding. */
const sound = (time: number, channel: number): number => 0.3 * Math.sin(3000 * time * (1 + time)) + 0.2 * Math.sin(17_000 * time + channel);
const fileOf = (name: KindName): string => folder.path(`${name}.${kinds[name].extension}`);
const allKinds = Object.entries(kinds) as [KindName, Kind][];

beforeAll(() => {
  for (const [name] of allKinds) makeAudio(fileOf(name), { kind: name, seconds: 4, sound });
});

describe('a file that is cut off', () => {
  /** These have their index at the end; without it there is nothing to decode. */
  const indexAtEnd: KindName[] = ['m4a', 'alac'];

  it.each(allKinds.filter(([name]) => !indexAtEnd.includes(name)))(
    'is decoded as far as it goes and marked, as %s',
    (name, { extension }) => {
      const path = folder.path(`cut-${name}.${extension}`);
      copyFileSync(fileOf(name), path);
      const bytes = readFileSync(path).length;
      truncateSync(path, Math.round(bytes * 0.6) + 1);
      const whole = decodeAll(fileOf(name), { sampleRate: 22_050 }).summary;
      const { samples, summary } = decodeAll(path, { sampleRate: 22_050 });
      expect(summary.truncated).toBe(true);
      // Ogg is written in pages of about a second, and only whole ones count.
      expect(summary.reason).toMatch(/^The file ends .*\.$/);
      expect(summary.durationMs).toBeGreaterThan(whole.durationMs * (name === 'ogg' ? 0.2 : 0.4));
      expect(summary.durationMs).toBeLessThan(whole.durationMs * 0.8);
      expect(samples.every((sample) => Math.abs(sample) <= 1.5)).toBe(true);
    },
  );

  it.each(indexAtEnd)('says so when its index is gone with its end, as %s', (name) => {
    const path = folder.path(`cut-${name}`);
    copyFileSync(fileOf(name), path);
    truncateSync(path, Math.round(readFileSync(path).length * 0.6));
    const error = errorOf(() => decodeAll(path, { sampleRate: 22_050 }));
    expect(error.code).toBe('NOT_AUDIO');
    expect(error.message).toMatch(/without its index/);
  });

  it.each(allKinds)('ends in a summary or an error with a code wherever it is cut, as %s', (name, { extension }) => {
    const bytes = readFileSync(fileOf(name));
    for (let step = 1; step < 12; step++) {
      const path = folder.path(`cut-${step}-${name}.${extension}`);
      writeFileSync(path, bytes.subarray(0, Math.max(1, Math.floor((bytes.length * step * step) / 145))));
      try {
        expect(decodeAll(path, { sampleRate: 8000 }).summary.samples).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(NOT_AUDIO|NO_AUDIO_STREAM|DECODE_FAILED)$/) as string });
      }
    }
  });

  it.each(allKinds)('ends in a summary or an error with a code when bytes in it are wrong, as %s', (name, { extension }) => {
    const original = readFileSync(fileOf(name));
    let seed = 99;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 10; round++) {
      const path = folder.path(`wrong-${round}-${name}.${extension}`);
      const bytes = Buffer.from(original);
      for (let i = 0; i < 40; i++) bytes[next(round < 5 ? bytes.length : 2000)] = next(256);
      writeFileSync(path, bytes);
      try {
        const { samples } = decodeAll(path, { sampleRate: 8000 });
        expect(samples.every((sample) => Number.isFinite(sample))).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(NOT_AUDIO|NO_AUDIO_STREAM|DECODE_FAILED|PROTECTED)$/) as string });
      }
    }
  });
});

describe('a file that is not what its name says', () => {
  it('is decoded by its content', () => {
    const path = folder.path('flac-inside.mp3');
    copyFileSync(fileOf('flac'), path);
    expect(probeAudio(path)).toEqual(probeAudio(fileOf('flac')));
    expect(decodeAll(path, { sampleRate: 22_050 }).samples).toEqual(decodeAll(fileOf('flac'), { sampleRate: 22_050 }).samples);
  });

  it.each([
    ['a text file', Buffer.from('Lyrics\nla la la\n'.repeat(300))],
    ['a JPEG picture', Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100', 'hex'), Buffer.alloc(3000, 3)])],
    ['a PNG picture', Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), deflateSync(Buffer.alloc(4000, 9))])],
    ['a ZIP archive', Buffer.concat([Buffer.from('PK\x03\x04\x14\x00', 'latin1'), Buffer.alloc(2000, 1)])],
    ['a PDF document', Buffer.from('%PDF-1.4\n'.padEnd(3000, '\x01'), 'latin1')],
    ['a playlist', Buffer.from('#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:4,\n/etc/hostname\n#EXT-X-ENDLIST\n')],
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>404 Not Found</body></html>')],
    ['empty space', Buffer.alloc(20_000)],
  ])('is refused with its kind when it is %s', (kind, bytes) => {
    const path = folder.path('pretends.mp3');
    writeFileSync(path, bytes);
    for (const run of [() => probeAudio(path), () => decodeAll(path, { sampleRate: 22_050 })]) {
      const error = errorOf(run);
      expect(error.code).toBe('NOT_AUDIO');
      expect(error.message).toContain(kind);
      expect(error.message).toContain('pretends.mp3');
    }
  });

  it('is refused when it is random bytes', () => {
    const path = folder.path('random.mp3');
    let seed = 5;
    writeFileSync(path, Buffer.from(Array.from({ length: 60_000 }, () => (seed = (seed * 48_271) % 2_147_483_647) & 255)));
    expect(errorOf(() => decodeAll(path, { sampleRate: 22_050 })).code).toMatch(/^(NOT_AUDIO|DECODE_FAILED)$/);
  });
});

describe('a WAV file with a chunk of an odd length that is not padded', () => {
  it.each(['LIST', 'bext', 'junk'])('is decoded like the same one without it: %s', (name) => {
    const plain = readFileSync(fileOf('wav'));
    const before = plain.indexOf('data');
    const chunk = Buffer.alloc(8 + 1001);
    chunk.write(name, 'latin1');
    chunk.writeUInt32LE(1001, 4);
    const path = folder.path(`unpadded-${name}.wav`);
    const whole = decodeAll(fileOf('wav'), { sampleRate: 22_050 });
    for (const padding of [0, 1]) {
      writeFileSync(path, Buffer.concat([plain.subarray(0, before), chunk, Buffer.alloc(padding), plain.subarray(before)]));
      const { samples, summary } = decodeAll(path, { sampleRate: 22_050 });
      expect(summary.truncated).toBe(false);
      expect(samples).toEqual(whole.samples);
    }
  });
});

describe('a file that cannot be read', () => {
  it('is named with the reason', () => {
    writeFileSync(folder.path('empty.mp3'), '');
    mkdirSync(folder.path('folder.mp3'));
    expect(errorOf(() => probeAudio(folder.path('empty.mp3'))).code).toBe('FILE_EMPTY');
    expect(errorOf(() => probeAudio(folder.path('gone.mp3'))).code).toBe('FILE_GONE');
    expect(errorOf(() => probeAudio(folder.path('folder.mp3'))).code).toBe('BAD_INPUT');
    expect(errorOf(() => decodeMono(folder.path('gone.mp3'), { sampleRate: 22_050 }).next()).message).toContain('gone.mp3');
  });

  it('is an error when it has no sound in it', () => {
    const path = folder.path('no-samples.wav');
    const header = readFileSync(fileOf('wav')).subarray(0, 44);
    header.writeUInt32LE(0, 40);
    writeFileSync(path, header);
    for (const run of [() => decodeAll(path, { sampleRate: 22_050 }), () => probeAudio(path)])
      expect(errorOf(run).code).toMatch(/^(NOT_AUDIO|DECODE_FAILED)$/);
  });
});

describe('a copy-protected file', () => {
  it.each([
    ['drms', 'Apple FairPlay'],
    ['enca', 'Common Encryption'],
    ['aavd', 'Audible'],
  ])('is refused by name when its sample entry is %s', (entry, protection) => {
    const path = folder.path('protected.m4p');
    const bytes = readFileSync(fileOf('m4a'));
    const at = bytes.indexOf('mp4a', bytes.indexOf('stsd'));
    bytes.write(entry, at, 'latin1');
    writeFileSync(path, bytes);
    const error = errorOf(() => decodeAll(path, { sampleRate: 22_050 }));
    expect(error.code).toBe('PROTECTED');
    expect(error.message).toContain(protection);
    expect(errorOf(() => probeAudio(path)).code).toBe('PROTECTED');
  });

  it.each(['fbb3112223bdd211b4b700a0c955fc6e', '14e68a292226174cb935dae07ee9289c'])(
    'is refused when its ASF header holds the object %s',
    (id) => {
      const path = folder.path('protected.wma');
      const bytes = readFileSync(fileOf('wma'));
      const object = Buffer.alloc(40);
      Buffer.from(id, 'hex').copy(object);
      object.writeBigUInt64LE(40n, 16);
      const header = Buffer.from(bytes.subarray(0, 30));
      header.writeBigUInt64LE(header.readBigUInt64LE(16) + 40n, 16);
      header.writeUInt32LE(header.readUInt32LE(24) + 1, 24);
      writeFileSync(path, Buffer.concat([header, object, bytes.subarray(30)]));
      expect(errorOf(() => probeAudio(path)).code).toBe('PROTECTED');
    },
  );
});

describe('names', () => {
  it('of audio files are told by their extension', () => {
    expect(['a.mp3', 'A.FLAC', 'x.y.opus', '🎧.m4a'].every(isAudioName)).toBe(true);
    expect(['a.jpg', 'mp3', '.mp3', '._a.mp3', 'a.mp3.part', ''].some(isAudioName)).toBe(false);
  });

  it('may be emoji, long, or full of characters with a meaning elsewhere', () => {
    for (const name of [
      '🎧🎶.mp3',
      `${'é'.repeat(120)}.mp3`,
      'a%20b?c#d&e.mp3',
      'concat:x|y.mp3',
      'it\'s "q" \\ back.mp3',
      'http:__x.mp3',
      '-i.mp3',
      'new\nline.mp3',
    ]) {
      const path = folder.path(name);
      copyFileSync(fileOf('mp3'), path);
      expect(decodeAll(path, { sampleRate: 22_050 }).summary.truncated).toBe(false);
    }
  });

  it.skipIf(process.platform !== 'linux')('may be no UTF-8 (only Linux has such names)', () => {
    const system = Buffer.concat([Buffer.from(folder.path('')), Buffer.from([0x2f, 0x62, 0xe9, 0xff, 0x2e, 0x6d, 0x70, 0x33])]);
    writeFileSync(system, readFileSync(fileOf('mp3')));
    const stored = toStoredPath(system);
    expect(Buffer.isBuffer(toSystemPath(stored))).toBe(true);
    expect(probeAudio(stored)).toEqual(probeAudio(fileOf('mp3')));
    expect(decodeAll(stored, { sampleRate: 22_050 }).summary.truncated).toBe(false);
  });
});
