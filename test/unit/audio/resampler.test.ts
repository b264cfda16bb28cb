import { afterAll, describe, expect, it } from 'vitest';
import { resamplerSettings } from '../../../src-main/audio/index.ts';
import { decodeAll, makeFolder } from '../../support/decode-all.ts';
import { amplitudeAt, writeFloatWav } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

/** Level in dB, relative to the input's, of what a pure tone becomes. */
function levels(from: number, to: number, frequency: number): { atItsPlace: number; loudest: number } {
  const path = folder.path('tone.wav');
  const seconds = 1;
  const frames = Float32Array.from({ length: from * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * frequency * i) / from));
  writeFloatWav(path, frames, { sampleRate: from, channels: 1 });
  const { samples } = decodeAll(path, { sampleRate: to });
  // The edges are cut off: a tone that starts suddenly has every frequency in it.
  const middle = samples.subarray(Math.round(0.3 * to), Math.round(0.7 * to));
  const decibels = (amplitude: number): number => 20 * Math.log10(amplitude / 0.5 + 1e-12);
  return { atItsPlace: decibels(amplitudeAt(middle, to, frequency)), loudest: decibels(Math.max(...middle.map(Math.abs))) };
}

const conversions: readonly (readonly [number, number])[] = [
  [44_100, 22_050],
  [48_000, 22_050],
  [44_100, 16_000],
  [48_000, 16_000],
  [48_000, 8000],
  [96_000, 22_050],
  [192_000, 22_050],
  [44_056, 22_050],
];

describe('the resampler', () => {
  it('keeps its frozen settings', () => {
    expect(resamplerSettings).toEqual({ filter_size: 128, phase_shift: 10, cutoff: 0.98, filter_type: 'kaiser', kaiser_beta: 12 });
  });

  it.each(conversions)('lets nothing above 1.1 times the new Nyquist frequency through, from %d to %d Hz', (from, to) => {
    const nyquist = to / 2;
    for (const part of [1.1, 1.2, 1.37, 1.5, 1.75, 1.9]) {
      const frequency = part * nyquist;
      if (frequency < from / 2) expect(levels(from, to, frequency).loudest).toBeLessThan(-100);
    }
  });

  it.each(conversions)('keeps the level up to 0.9 of the new Nyquist frequency, from %d to %d Hz', (from, to) => {
    for (const part of [0.01, 0.25, 0.5, 0.75, 0.9]) expect(Math.abs(levels(from, to, (part * to) / 2).atItsPlace)).toBeLessThan(0.01);
  });

  it('keeps sound in its place', () => {
    const path = folder.path('click.wav');
    const frames = new Float32Array(44_100);
    frames[20_000] = 1;
    writeFloatWav(path, frames, { sampleRate: 44_100, channels: 1 });
    const { samples } = decodeAll(path, { sampleRate: 22_050 });
    expect(samples.indexOf(Math.max(...samples))).toBe(10_000);
    expect(samples.length).toBe(22_050);
  });

  it('leaves samples that have the wanted rate as they are', () => {
    const path = folder.path('same.wav');
    const frames = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i * i) * 0.9);
    writeFloatWav(path, frames, { sampleRate: 22_050, channels: 1 });
    expect(decodeAll(path, { sampleRate: 22_050 }).samples).toEqual(frames);
  });
});
