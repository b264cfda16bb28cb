/** @file The bands of a mel spectrogram: triangles over frequencies. */
import { melEdges } from './mel-edges.ts';
import type { MelSettings } from './settings.ts';

/** What bands follow from. */
export type BandSettings = Pick<MelSettings, 'sampleRate' | 'window' | 'bands' | 'lowestHz' | 'highestHz' | 'scale' | 'norm'>;

/** Weights `[window / 2 + 1, bands]` of every frequency of the transform in every band. */
export function melBands(settings: BandSettings): Float32Array {
  const { sampleRate, window, bands, norm } = settings;
  const frequencies = window / 2 + 1;
  const nyquist = sampleRate / 2;
  const edges = melEdges(settings);
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
