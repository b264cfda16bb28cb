import { appendFileSync, copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { TagLib } from 'taglib-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeAudio, readTags } from '../../../src-main/audio/index.ts';
import { makeFolder } from '../../support/decode-all.ts';
import { kinds, makeAudio } from '../../support/make-audio.ts';
import type { Kind, KindName } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

let tagLib: TagLib;
beforeAll(async () => {
  tagLib = await TagLib.initialize();
});

const sound = (time: number, channel: number): number => 0.4 * Math.sin(2000 * time * (1 + time)) + 0.1 * Math.sin(9000 * time + channel);

async function retag(path: string, pictureBytes = 50_000): Promise<void> {
  const file = await tagLib.open(path);
  file.setProperties({ title: ['Another title'], artist: ['Someone'], comment: ['x'.repeat(20_000)], genre: ['Rock'] });
  file.setPictures([{ mimeType: 'image/jpeg', data: new Uint8Array(pictureBytes).fill(7), type: 'FrontCover', description: 'cover' }]);
  await file.saveToFile();
  file.dispose();
}

/** TagLib writes no tags to raw AAC. */
const taggable = (Object.entries(kinds) as [KindName, Kind][]).filter(([name]) => name !== 'adts');

describe('the audio hash', () => {
  it.each(taggable)('stays when a %s file gets tags, a picture and another name', async (name, { extension }) => {
    const path = folder.path(`${name}.${extension}`);
    makeAudio(path, { kind: name, seconds: 2, sound });
    const before = probeAudio(path);
    const bytes = readFileSync(path);
    await retag(path);
    expect(readFileSync(path).equals(bytes)).toBe(false);
    expect((await readTags(path)).title).toBe('Another title');
    const renamed = folder.path(`${name}-elsewhere`);
    renameSync(path, renamed);
    // TagLib leaves an ASF header without the length.
    const { declaredDurationMs } = probeAudio(renamed);
    expect(probeAudio(renamed)).toEqual({ ...before, declaredDurationMs });
  });

  it.each(['mp3', 'flac', 'ogg', 'm4a', 'aiff'] as const)('stays when a %s file gets a picture of several megabytes', async (name) => {
    const path = folder.path(`big-${name}.${kinds[name].extension}`);
    makeAudio(path, { kind: name, seconds: 2, sound });
    const before = probeAudio(path);
    await retag(path, 6_000_000);
    expect(probeAudio(path)).toEqual(before);
  });

  it('stays when old tags are put at the end of an MP3', () => {
    const path = folder.path('old.mp3');
    makeAudio(path, { kind: 'mp3', seconds: 2, sound });
    const before = probeAudio(path).audioHash;
    const id3v1 = Buffer.alloc(128);
    id3v1.write('TAGTitle of the song', 0, 'latin1');
    const ape = Buffer.alloc(32);
    ape.write('APETAGEX', 0, 'latin1');
    ape.writeUInt32LE(2000, 8);
    ape.writeUInt32LE(32, 12);
    appendFileSync(path, Buffer.concat([ape, id3v1]));
    expect(probeAudio(path).audioHash).toBe(before);
  });

  it('differs between sounds, and when one byte of the sound changes', () => {
    const [a, b, c] = [folder.path('a.flac'), folder.path('b.flac'), folder.path('c.flac')];
    makeAudio(a, { kind: 'flac', seconds: 1, sound });
    makeAudio(b, { kind: 'flac', seconds: 1, sound: (time, channel) => -sound(time, channel) });
    const bytes = readFileSync(a);
    bytes.writeUInt8((bytes[bytes.length - 1000] ?? 0) ^ 1, bytes.length - 1000);
    writeFileSync(c, bytes);
    expect(new Set([a, b, c].map((path) => probeAudio(path).audioHash)).size).toBe(3);
  });

  it('is the same for copies', () => {
    const [a, copy] = [folder.path('original.ogg'), folder.path('copy.ogg')];
    makeAudio(a, { kind: 'ogg', seconds: 1, sound });
    copyFileSync(a, copy);
    expect(probeAudio(copy)).toEqual(probeAudio(a));
  });
});
