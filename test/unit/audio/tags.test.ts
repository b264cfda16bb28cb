import { readFileSync, writeFileSync } from 'node:fs';
import { TagLib } from 'taglib-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPicture, readTags } from '../../../src-main/audio/index.ts';
import { toStoredPath } from '../../../src-main/base/index.ts';
import { makeFolder } from '../../support/decode-all.ts';
import { kinds, makeAudio, tone } from '../../support/make-audio.ts';
import type { KindName } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

let tagLib: TagLib;
beforeAll(async () => {
  tagLib = await TagLib.initialize();
});

const noTags = {
  title: null,
  artist: null,
  album: null,
  albumArtist: null,
  year: null,
  genres: [],
  trackNumber: null,
  discNumber: null,
  composer: null,
  bpm: null,
  comment: null,
  mood: null,
  grouping: null,
};

async function tagged(kind: KindName, tags: Record<string, string[]>, name: string = kind): Promise<string> {
  const path = folder.path(`${name}.${kinds[kind].extension}`);
  makeAudio(path, { kind, seconds: 0.5, sound: tone(440) });
  const file = await tagLib.open(path);
  file.setProperties(tags);
  await file.saveToFile();
  file.dispose();
  return path;
}

/** An ID3v2.3 tag of frames whose bodies are given byte by byte, before an MP3. */
function withFrames(name: string, frames: readonly [string, Buffer][]): string {
  const path = folder.path(name);
  makeAudio(folder.path('bare.mp3'), { kind: 'mp3', seconds: 0.5, sound: tone(440) });
  const body = Buffer.concat(
    frames.flatMap(([id, bytes]) => {
      const head = Buffer.alloc(10);
      head.write(id, 0, 'latin1');
      head.writeUInt32BE(bytes.length, 4);
      return [head, bytes];
    }),
  );
  const size = [21, 14, 7, 0].map((shift) => (body.length >> shift) & 127);
  const bare = readFileSync(folder.path('bare.mp3'));
  const audio = bare.subarray(bare.indexOf(Buffer.from([0xff, 0xfb])));
  writeFileSync(path, Buffer.concat([Buffer.from('ID3\x03\x00\x00', 'latin1'), Buffer.from(size), body, audio]));
  return path;
}

describe('reading tags', () => {
  it.each(['mp3', 'flac', 'ogg', 'opus', 'm4a', 'alac', 'wav', 'aiff', 'wma', 'wavpack'] as const)(
    'gives every field of a %s file',
    async (kind) => {
      const path = await tagged(kind, {
        title: ['  Tïtle 🎧 '],
        artist: ['Someone'],
        album: ['Album'],
        albumArtist: ['Everyone'],
        date: ['1999-05-03'],
        genre: ['Drum & Bass; Jungle'],
        trackNumber: ['3'],
        discNumber: ['2'],
        composer: ['Composer'],
        bpm: ['174'],
        comment: ['Line one\nline two'],
        mood: ['calm'],
      });
      expect(await readTags(path)).toMatchObject({
        title: 'Tïtle 🎧',
        artist: 'Someone',
        album: 'Album',
        albumArtist: 'Everyone',
        year: 1999,
        genres: ['Drum & Bass', 'Jungle'],
        trackNumber: 3,
        discNumber: 2,
        composer: 'Composer',
        bpm: 174,
        comment: 'Line one\nline two',
        mood: 'calm',
      });
    },
  );

  it('gives empty fields where there are none', async () => {
    const path = folder.path('none.wav');
    makeAudio(path, { kind: 'wav', seconds: 0.2, sound: tone(440) });
    const tags = await readTags(path);
    expect(tags).toMatchObject(noTags);
    expect(tags.problem).toBeUndefined();
    expect(await readPicture(path)).toBeNull();
  });

  it('keeps several artists, other tags, and values of ten thousand characters', async () => {
    const long = 'ab 🎶'.repeat(2000);
    const tags = await readTags(await tagged('flac', { artist: ['A', 'B'], INITIALKEY: ['Am'], comment: [long] }, 'long'));
    expect(tags).toMatchObject({ artist: 'A, B', comment: long });
    expect(Object.values(tags.other).flat()).toContain('Am');
    expect(tags.problem).toBeUndefined();
  });

  it('cuts what no person reads, and says so', async () => {
    const tags = await readTags(await tagged('flac', { comment: ['x'.repeat(300_000)] }, 'huge'));
    expect(tags.comment?.length).toBe(100_000);
    expect(tags.problem).toMatch(/longer than 100000 characters/);
  });

  it('takes nonsense in numeric fields for nothing', async () => {
    const tags = { date: ['someday'], trackNumber: ['x'], bpm: ['fast'], discNumber: ['0'] };
    const read = await readTags(await tagged('ogg', tags, 'nonsense'));
    expect(read).toMatchObject({ year: null, trackNumber: null, discNumber: null, bpm: null });
  });

  it('survives text in a broken encoding, and says so', async () => {
    const utf16WithHalves = Buffer.from([1, 0xff, 0xfe, 0x41, 0x00, 0x3c, 0xd8, 0x42, 0x00]);
    const path = withFrames('broken.mp3', [
      ['TIT2', utf16WithHalves],
      ['TPE1', Buffer.from([0, 0xe9, 0xff, 0x41])],
      ['TALB', Buffer.from([3, 0x41, 0xff, 0xfe, 0x42])],
      ['TCON', Buffer.from('\x00(17)', 'latin1')],
      ['TYER', Buffer.from('\x001987', 'latin1')],
    ]);
    const tags = await readTags(path);
    expect(tags.artist).toBe('éÿA');
    expect(tags.genres).toEqual(['Rock']);
    expect(tags.year).toBe(1987);
    for (const text of [tags.title, tags.album]) expect((text ?? '').isWellFormed()).toBe(true);
  });

  it('reads the tags of a FLAC that is called .mp3', async () => {
    const path = await tagged('flac', { title: ['Inside'] }, 'honest');
    const liar = folder.path('liar.mp3');
    writeFileSync(liar, readFileSync(path));
    expect((await readTags(liar)).title).toBe('Inside');
  });

  it('gives empty fields and the problem for what is no audio, again and again', async () => {
    const path = folder.path('junk.mp3');
    for (const bytes of [
      Buffer.from('hello'),
      Buffer.alloc(5000),
      Buffer.from('ID3\x04\x00\x00\x7f\x7f\x7f\x7f', 'latin1'),
      Buffer.from('fLaC\x00\xff\xff\xff', 'latin1'),
    ]) {
      writeFileSync(path, bytes);
      const tags = await readTags(path);
      expect(tags).toMatchObject(noTags);
      expect(await readPicture(path)).toBeNull();
    }
    expect((await readTags(await tagged('mp3', { title: ['After'] }, 'after'))).title).toBe('After');
  });

  it('throws only for a file that is not there', async () => {
    await expect(readTags(folder.path('gone.mp3'))).rejects.toMatchObject({ code: 'FILE_GONE' });
  });

  it.skipIf(process.platform !== 'linux')(
    'works for names that are not UTF-8 or hold a backslash (only Linux has such names)',
    async () => {
      const bytes = readFileSync(await tagged('mp3', { title: ['Named'] }, 'named'));
      const system = Buffer.concat([Buffer.from(folder.path('')), Buffer.from([0x2f, 0xe9, 0x2e, 0x6d, 0x70, 0x33])]);
      writeFileSync(system, bytes);
      writeFileSync(folder.path('back\\slash.mp3'), bytes);
      expect((await readTags(toStoredPath(system))).title).toBe('Named');
      expect((await readTags(folder.path('back\\slash.mp3'))).title).toBe('Named');
    },
  );
});

describe('reading pictures', () => {
  it.each(['mp3', 'flac', 'ogg', 'm4a'] as const)('gives the front cover of a %s file with its real type', async (kind) => {
    const path = await tagged(kind, { title: ['x'] }, `cover-${kind}`);
    const png = new Uint8Array(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(900, 4)]));
    const jpeg = new Uint8Array(Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(900, 5)]));
    const file = await tagLib.open(path);
    file.setPictures([
      { mimeType: 'image/jpeg', data: jpeg, type: 'BackCover', description: '' },
      { mimeType: 'image/jpeg', data: png, type: 'FrontCover', description: '' },
    ]);
    await file.saveToFile();
    file.dispose();
    const picture = await readPicture(path);
    // MP4 knows no kinds of pictures: the first one counts.
    expect(picture).toEqual(kind === 'm4a' ? { mimeType: 'image/jpeg', data: jpeg } : { mimeType: 'image/png', data: png });
  });
});
