/** @file A spectrogram for the eye: bands that grow with frequency, 80 dB from black to white. */
import { Fourier } from '../base/index.ts';

const window = 1024;
const fourier = new Fourier(window);
const hop = 256;
const bands = 96;
const lowestHz = 40;
const rangeDb = 80;

/**
 * @param wave mono samples, at least one
 * @returns `data` `[bands, frames]`, lowest band first, 0 to 255
 */
export function spectrogramOf(wave: Float32Array, sampleRate: number): { data: Uint8Array; bands: number; frames: number } {
  const frames = Math.max(1, Math.floor((wave.length - window) / hop) + 1);
  const edges = Array.from(
    { length: bands + 1 },
    (_, band) => (lowestHz * (sampleRate / 2 / lowestHz) ** (band / bands) * window) / sampleRate,
  );
  const levels = new Float64Array(bands * frames);
  const [real, imaginary] = [new Float64Array(window), new Float64Array(window)];
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < window; i++) real[i] = (wave[frame * hop + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window));
    imaginary.fill(0);
    fourier.forward(real, imaginary);
    for (let band = 0; band < bands; band++) {
      const from = Math.floor(edges[band] ?? 0);
      const to = Math.max(from + 1, Math.ceil(edges[band + 1] ?? 0));
      let power = 0;
      for (let bin = from; bin < to; bin++) {
        const place = fourier.places[bin] ?? 0;
        power = Math.max(power, (real[place] ?? 0) ** 2 + (imaginary[place] ?? 0) ** 2);
      }
      levels[band * frames + frame] = 10 * Math.log10(power + 1e-12);
    }
  }
  const loudest = levels.reduce((most, level) => Math.max(most, level), -Infinity);
  const data = Uint8Array.from(levels, (level) => Math.round(255 * Math.max(0, 1 + (level - loudest) / rangeDb)));
  return { data, bands, frames };
}
