/**
 * @file Low-pass and high-pass of first order, which take 6 dB an octave away beyond the cut-off: the analogue filters brought to samples by the
 * bilinear transform, as essentia's `LowPass` and `HighPass` are, which CLMR's first code filters with.
 */
import type { PassOptions } from './pass-filter.ts';

/** Above this share of the rate a cut-off is taken for half the rate: everything passes a low-pass, and nothing a high-pass. */
const mostCutoff = 0.4999;

/** Filters in place, from silence on. */
export function passFirstOrder(crop: Float32Array, { pass, hertz, sampleRate }: PassOptions): void {
  const cutoff = hertz / sampleRate;
  if (cutoff > mostCutoff) {
    if (pass === 'high') crop.fill(0);
    return;
  }
  const tangent = Math.tan(Math.PI * cutoff);
  const pole = (tangent - 1) / (tangent + 1);
  const [gain, sign] = pass === 'low' ? [(1 + pole) / 2, 1] : [(1 - pole) / 2, -1];
  let [lastIn, lastOut] = [0, 0];
  for (let i = 0; i < crop.length; i++) {
    const value = crop[i] as number;
    lastOut = gain * (value + sign * lastIn) - pole * lastOut;
    lastIn = value;
    crop[i] = lastOut;
  }
}
