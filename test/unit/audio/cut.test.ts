import { afterAll, expect, it } from 'vitest';
import { decodeAll, largestDifference, makeFolder } from '../../support/decode-all.ts';
import { makeAudio } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

it.each([22_050, 16_000])('cuts at the same sample wherever the cut lies and whatever the blocks, at %d Hz', (sampleRate) => {
  const path = folder.path(`${sampleRate}.flac`);
  makeAudio(path, { kind: 'flac', seconds: 6, sound: (time) => 0.4 * Math.sin(2000 * time * (1 + time / 20)) });
  const { samples } = decodeAll(path, { sampleRate });
  const length = 3000;
  for (let start = 0; start + length <= samples.length; start += 1471) {
    const part = { startMs: (start * 1000) / sampleRate, endMs: ((start + length) * 1000) / sampleRate, blockSamples: length };
    expect(largestDifference(decodeAll(path, { sampleRate, ...part }).samples, samples.slice(start, start + length))).toBe(0);
  }
});
