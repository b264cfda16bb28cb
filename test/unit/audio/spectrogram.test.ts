import { describe, expect, it } from 'vitest';
import { spectrogramOf } from '../../../src-main/audio/index.ts';

const sampleRate = 8000;
const tone = (hertz: number): Float32Array =>
  Float32Array.from({ length: 8192 }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / sampleRate));

/** The band that stands for a frequency: bands grow from 40 Hz to half the rate in equal steps of pitch. */
const bandOf = (hertz: number, bands: number): number => Math.floor((bands * Math.log(hertz / 40)) / Math.log(sampleRate / 2 / 40));

describe('a spectrogram', () => {
  it.each([300, 1000, 2500])('is brightest where a tone of %i Hz is', (hertz) => {
    const { data, bands, frames } = spectrogramOf(tone(hertz), sampleRate);
    for (let frame = 0; frame < frames; frame++) {
      const column = Array.from({ length: bands }, (_, band) => data[band * frames + frame] ?? 0);
      expect(Math.abs(column.indexOf(Math.max(...column)) - bandOf(hertz, bands))).toBeLessThanOrEqual(1);
      expect(column[bandOf(hertz, bands) - 30] ?? 0).toBeLessThan(60);
    }
  });
});
