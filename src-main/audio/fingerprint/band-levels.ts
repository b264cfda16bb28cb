/** @file The energy of a frame of sound in 33 bands of a semitone from 300 to 2 000 Hz. */
import { Fourier } from '../../base/index.ts';
import { printBands, printFrameSamples, printSampleRate } from './fingerprint.ts';

const lowestHz = 300;
const highestHz = 2000;

const fourier = new Fourier(printFrameSamples);
const hann = Float64Array.from({ length: printFrameSamples }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / printFrameSamples));

/** First bin of each band, and the one after the last. */
const edges = Array.from({ length: printBands + 1 }, (_, band) =>
  Math.round((lowestHz * (highestHz / lowestHz) ** (band / printBands) * printFrameSamples) / printSampleRate),
);

/** Measures frames two at a time, as the real and the imaginary part of one transform. */
export class BandLevels {
  readonly #real = new Float64Array(printFrameSamples);
  readonly #imaginary = new Float64Array(printFrameSamples);

  /**
   * @param samples mono at the fingerprint's rate
   * @param first where the first frame begins; the second begins at `second`. Beyond the end there is silence.
   * @param into energies `[2, 33]`
   */
  measure(samples: Float32Array, [first, second]: [number, number], into: Float64Array): void {
    const [real, imaginary] = [this.#real, this.#imaginary];
    for (let i = 0; i < printFrameSamples; i++) {
      const gain = hann[i] as number;
      real[i] = gain * (samples[first + i] ?? 0);
      imaginary[i] = gain * (samples[second + i] ?? 0);
    }
    fourier.forward(real, imaginary);
    for (let band = 0; band < printBands; band++) {
      let [one, other] = [0, 0];
      for (let bin = edges[band] as number; bin < (edges[band + 1] as number); bin++) {
        const at = fourier.places[bin] as number;
        const mirrored = fourier.places[printFrameSamples - bin] as number;
        const [a, b] = [real[at] as number, real[mirrored] as number];
        const [c, d] = [imaginary[at] as number, imaginary[mirrored] as number];
        one += (a + b) ** 2 + (c - d) ** 2;
        other += (c + d) ** 2 + (b - a) ** 2;
      }
      into[band] = one;
      into[printBands + band] = other;
    }
  }
}
