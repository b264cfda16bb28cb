/** @file Ogg files that older programs wrote: their audio begins on the last page of the headers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readPage, renumber } from '../../../src-main/audio/fields/ogg-pages.ts';
import type { OggPage } from '../../../src-main/audio/fields/ogg-pages.ts';
import type { Field } from '../../../src-main/audio/index.ts';
import { makeFolder } from '../../support/decode-all.ts';
import { makeAudio, tone } from '../../support/make-audio.ts';
import { putBack, samplesOf, stateOf, write } from '../../support/write-field.ts';

const folder = makeFolder();
afterAll(folder.remove);

const own: Field = { name: 'custom', customName: 'Earmark tags' };

describe('an Ogg file whose audio shares the last page of its headers', () => {
  /** The header pages and the first pages of audio as one page, as older programs wrote them. */
  function joined(kind: 'ogg' | 'opus'): string {
    const path = folder.path(`joined.${kind}`);
    makeAudio(path, { kind, seconds: 1, sound: tone(440) });
    const bytes = readFileSync(path);
    const pages: OggPage[] = [];
    for (let at = 0; at < bytes.length; at = pages.at(-1)?.end ?? bytes.length)
      pages.push(readPage((from, length) => bytes.subarray(from, from + length), at));
    const [first, ...others] = pages as [OggPage, ...OggPage[]];
    const shared = others.slice(0, others.findIndex(({ granule }) => granule > 0n) + 1);
    const lacing = Buffer.concat(shared.map((page) => page.lacing));
    const last = shared.at(-1) as OggPage;
    const head = Buffer.from(bytes.subarray(last.start, last.start + 27));
    head[5] = last.flags & ~1;
    head[26] = lacing.length;
    const page = renumber(Buffer.concat([head, lacing, ...shared.map(({ content }) => content)]), 1);
    const behind = others
      .slice(shared.length)
      .map(({ start, end, sequence }) => renumber(Buffer.from(bytes.subarray(start, end)), sequence - shared.length + 1));
    writeFileSync(path, Buffer.concat([bytes.subarray(0, first.end), page, ...behind]));
    return path;
  }

  it.each(['ogg', 'opus'] as const)('keeps all of its sound, and is put back to the byte (%s)', async (kind) => {
    for (const after of [['Jazz'], ['long '.repeat(9_000).trim()], ['x'.repeat(64_200)]]) {
      const path = joined(kind);
      const [original, samples] = [readFileSync(path), samplesOf(path)];
      expect(samples.length).toBeGreaterThan(4 * 43_000);
      const before = await stateOf(path, own);
      await write(path, own, before, after);
      expect((await stateOf(path, own)).values).toEqual(after);
      expect(samplesOf(path).equals(samples)).toBe(true);
      await putBack(path, own, before, after);
      expect(readFileSync(path).equals(original)).toBe(true);
      expect((await stateOf(path, own)).values).toEqual([]);
      expect(samplesOf(path).equals(samples)).toBe(true);
    }
  });
});
