import { describe, expect, it } from 'vitest';
import { combFeedback, Reverb } from '../../../../src-main/audio/augment/reverb.ts';
import type { ReverbOptions } from '../../../../src-main/audio/augment/reverb.ts';
import { largestDifference } from '../../../support/decode-all.ts';
import { hasSox, soxEffects } from '../../../support/sox.ts';
import { cropSamples, levelOf, musicLike, sampleRate } from './settings-for-test.ts';

function reverberated(crop: Float32Array, options: ReverbOptions, rate = sampleRate): Float32Array {
  const copy = crop.slice();
  new Reverb(rate).apply(copy, options);
  return copy;
}

const rooms: ReverbOptions[] = [
  { roomSize: 0, reverberance: 0, damping: 0, stereoDepth: 0 },
  { roomSize: 50, reverberance: 50, damping: 50, stereoDepth: 100 },
  { roomSize: 100, reverberance: 100, damping: 100, stereoDepth: 100 },
  { roomSize: 83, reverberance: 12, damping: 97, stereoDepth: 50 },
  { roomSize: 7, reverberance: 91, damping: 3, stereoDepth: 100 },
];

/** Level of the last fifth after a click at the beginning. */
function tailLevel(options: ReverbOptions): number {
  const click = new Float32Array(cropSamples);
  click[0] = 1;
  return levelOf(reverberated(click, options).subarray(cropSamples * 0.8));
}

describe('the reverb', () => {
  it.skipIf(!hasSox).each(rooms)(
    'equals sox’s, sample by sample: $roomSize/$reverberance/$damping, depth $stereoDepth',
    ({ roomSize, reverberance, damping, stereoDepth }) => {
      for (const rate of [22_050, 16_000, 8000, 44_100]) {
        const crop = musicLike(6, 30_000);
        const ours = reverberated(crop, { roomSize, reverberance, damping, stereoDepth }, rate);
        const theirs = soxEffects(crop, rate, ['reverb', ...[reverberance, damping, roomSize, stereoDepth].map(String)]);
        expect(levelOf(ours.map((value, i) => value - (crop[i] ?? 0)))).toBeGreaterThan(1e-3);
        expect(largestDifference(ours, theirs.subarray(0, crop.length))).toBeLessThan(2e-6);
      }
    },
  );

  it('rings longer in a more reverberant room, and shorter in a damped one', () => {
    const room = { roomSize: 50, reverberance: 50, damping: 50, stereoDepth: 100 };
    expect(tailLevel({ ...room, reverberance: 95 })).toBeGreaterThan(5 * tailLevel(room));
    expect(tailLevel({ ...room, reverberance: 95, damping: 100 })).toBeLessThan(tailLevel({ ...room, reverberance: 95, damping: 0 }));
  });

  it('feeds back between 0.3 and 0.98', () => {
    expect(combFeedback(0)).toBeCloseTo(0.3, 10);
    expect(combFeedback(100)).toBeCloseTo(0.98, 10);
  });

  it('begins every crop in a silent room', () => {
    const reverb = new Reverb(sampleRate);
    reverb.apply(musicLike(7), { roomSize: 100, reverberance: 100, damping: 0, stereoDepth: 100 });
    const room = { roomSize: 100, reverberance: 90, damping: 0, stereoDepth: 30 };
    const second = musicLike(8);
    reverb.apply(second, room);
    expect(second).toEqual(reverberated(musicLike(8), room));
  });
});
