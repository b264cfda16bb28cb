/** @file The bands of a mel spectrogram: triangles over frequencies, equally far apart in mel (Stevens, Volkmann and Newman 1937; O'Shaughnessy 1987). */
import type { MelSettings } from './settings.ts';

type Scale = MelSettings['scale'];
/** What bands follow from. */
export type BandSettings = Pick<MelSettings, 'sampleRate' | 'window' | 'bands' | 'lowestHz' | 'highestHz' | 'scale' | 'norm'>;

/** Where the Slaney scale turns from linear to logarithmic, and how fast it rises then. */
const [linearHz, linearMel, turnHz] = [200, 3, 1000];
const turnMel = (turnHz / linearHz) * linearMel;
const logStep = Math.log(6.4) / 27;

/** @param frequency in hertz */
export function melOf(frequency: number, scale: Scale): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + frequency / 700);
  return frequency < turnHz ? (frequency / linearHz) * linearMel : turnMel + Math.log(frequency / turnHz) / logStep;
}

/** The inverse of {@link melOf}, in hertz. */
export function hertzOf(mel: number, scale: Scale): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < turnMel ? (mel / linearMel) * linearHz : turnHz * Math.exp(logStep * (mel - turnMel));
}

/** Weights `[window / 2 + 1, bands]` of every frequency of the transform in every band. */
export function melBands({ sampleRate, window, bands, lowestHz, highestHz, scale, norm }: BandSettings): Float32Array {
  const frequencies = window / 2 + 1;
  const nyquist = sampleRate / 2;
  const [least, most] = [melOf(lowestHz, scale), melOf(highestHz, scale)];
  const edges = Array.from({ length: bands + 2 }, (_, index) => hertzOf(least + ((most - least) * index) / (bands + 1), scale));
  const weights = new Float32Array(frequencies * bands);
  for (let band = 0; band < bands; band++) {
    const [low = 0, centre = 0, high = 0] = edges.slice(band, band + 3);
    const height = norm === 'slaney' ? 2 / (high - low) : 1;
    for (let at = 0; at < frequencies; at++) {
      const frequency = (nyquist * at) / (frequencies - 1);
      const inside = Math.min((frequency - low) / (centre - low), (high - frequency) / (high - centre));
      weights[at * bands + band] = height * Math.max(0, inside);
    }
  }
  return weights;
}
