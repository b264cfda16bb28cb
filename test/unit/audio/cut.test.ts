import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { decodeAll, largestDifference, makeFolder } from '../../support/decode-all.ts';
import { kinds, makeAudio } from '../../support/make-audio.ts';
import type { KindName } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);
const chirp = (time: number): number => 0.4 * Math.sin(2000 * time * (1 + time / 20));

/** The largest difference between cuts of a file and the same places of the whole. */
function differenceOfCuts(path: string, { sampleRate, length, hop }: { sampleRate: number; length: number; hop: number }): number {
  const { samples } = decodeAll(path, { sampleRate, inParts: true });
  let largest = 0;
  for (let start = 0; start < samples.length; start += hop) {
    const part = { startMs: (start * 1000) / sampleRate, endMs: ((start + length) * 1000) / sampleRate, blockSamples: length };
    const cut = decodeAll(path, { sampleRate, ...part, inParts: true }).samples;
    largest = Math.max(largest, largestDifference(cut, samples.slice(start, start + length)));
  }
  return largest;
}

describe('a cut', () => {
  it.each([22_050, 16_000])('lies at the same sample wherever it lies and whatever the blocks, at %d Hz', (sampleRate) => {
    const path = folder.path(`${sampleRate}.flac`);
    makeAudio(path, { kind: 'flac', seconds: 6, sound: chirp });
    const { samples } = decodeAll(path, { sampleRate });
    const length = 3000;
    for (let start = 0; start + length <= samples.length; start += 1471) {
      const part = { startMs: (start * 1000) / sampleRate, endMs: ((start + length) * 1000) / sampleRate, blockSamples: length };
      expect(largestDifference(decodeAll(path, { sampleRate, ...part }).samples, samples.slice(start, start + length))).toBe(0);
    }
  });

  // Noise at low rates: encoders leave bands to the decoder's generator of noise, and predict from frame to frame.
  it.each<KindName>(['mp3', 'flac', 'ogg', 'opus', 'm4a', 'adts', 'wma', 'wav'])(
    'of %s has the very samples that the whole has',
    (kind) => {
      const path = folder.path(`noise.${kinds[kind].extension}`);
      const random = seededRandom(5);
      makeAudio(path, {
        kind,
        seconds: 12.3,
        channels: 1,
        bitRate: 32_000,
        sound: (time) => chirp(time) / 2 + 0.4 * (random.uniform() - 0.5),
      });
      expect(differenceOfCuts(path, { sampleRate: 22_050, length: 30_000, hop: 57_777 })).toBe(0);
    },
  );

  it.each<KindName>(['mp3', 'flac', 'ogg', 'opus', 'm4a', 'wavpack'])('of %s is what decoding in one go gives', (kind) => {
    const path = folder.path(`tones.${kinds[kind].extension}`);
    makeAudio(path, { kind, seconds: 21.7, channels: 1, sound: (time) => 0.3 * Math.sin(2764.6 * time) + 0.2 * Math.sin(697.4 * time) });
    const [whole, parts] = [false, true].map((inParts) => decodeAll(path, { sampleRate: 16_000, inParts }).samples);
    expect(largestDifference(whole as Float32Array, parts as Float32Array)).toBeLessThan(kinds[kind].isLossy ? 1e-4 : 1e-6);
  });

  it.each(['ogg', 'mp3', 'flac'] as const)('of a %s file that lacks a stretch has the very samples that the whole has', (kind) => {
    const path = folder.path(`hole.${kind}`);
    const random = seededRandom(6);
    makeAudio(path, { kind, seconds: 24, channels: 1, sound: (time) => chirp(time) / 2 + 0.2 * (random.uniform() - 0.5) });
    const bytes = readFileSync(path);
    const [from, to] = [Math.floor(bytes.length * 0.3), Math.floor(bytes.length * 0.55)];
    writeFileSync(path, Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]));
    expect(differenceOfCuts(path, { sampleRate: 22_050, length: 30_000, hop: 81_111 })).toBe(0);
  });
});
