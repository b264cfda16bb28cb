import { describe, expect, it } from 'vitest';
import { toStoredPath, toSystemPath } from '../../../src-main/base/index.ts';

const bytesOf = (path: string | Buffer): Buffer => (typeof path === 'string' ? Buffer.from(path, 'utf8') : path);

describe('file paths', () => {
  it('keeps valid UTF-8 names as they are', () => {
    for (const name of ['/music/a.mp3', '/música/Ωμέγα 🎧.flac', '', '\ufeffbom', 'a\ufffdb'])
      expect(toStoredPath(Buffer.from(name, 'utf8'))).toBe(name);
  });

  it('keeps every byte string exactly through text that is well formed', () => {
    let seed = 7;
    const next = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 8;
    for (let round = 0; round < 2000; round++) {
      const bytes = Buffer.from(Array.from({ length: next() % 12 }, () => (next() % 3 === 0 ? next() % 128 : next() % 256)));
      const stored = toStoredPath(bytes);
      expect(stored.isWellFormed()).toBe(true);
      expect(bytesOf(toSystemPath(stored)).equals(bytes)).toBe(true);
    }
  });

  it('gives bytes only for names that are not UTF-8, and different text for different bytes', () => {
    const latin = Buffer.from([0x62, 0xe9, 0x2e, 0x6d, 0x70, 0x33]);
    const stored = toStoredPath(latin);
    expect(Buffer.isBuffer(toSystemPath(stored))).toBe(true);
    expect(toStoredPath(Buffer.from(stored, 'utf8'))).not.toBe(stored);
    expect(toSystemPath('/music/bé.mp3')).toBe('/music/bé.mp3');
  });
});
