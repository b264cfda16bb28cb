/** @file Levels in bands of frequency over time, to tell whether two sounds are alike to the ear. */
import { Fourier } from '../../../../src-main/base/index.ts';

const size = 2048;
const bands = 48;
const bits = Math.log2(size);

/** Decibels `[frames, bands]` above a floor; bands are a fixed ratio wide. */
export function bandLevels(samples: Float32Array): Float64Array {
  const fourier = new Fourier(size);
  const frames = Math.floor(samples.length / size);
  const levels = new Float64Array(frames * bands);
  for (let frame = 0; frame < frames; frame++) {
    const real = Float64Array.from({ length: size }, (_, i) => (samples[frame * size + i] ?? 0) * Math.sin((Math.PI * i) / size) ** 2);
    const imaginary = new Float64Array(size);
    fourier.forward(real, imaginary);
    const energy = new Float64Array(bands).fill(1e-3);
    for (let bin = 4; bin < size / 2; bin++) {
      const place = reversed(bin);
      const band = Math.min(bands - 1, Math.floor((Math.log2(bin / 4) / 8) * bands));
      energy[band] = (energy[band] ?? 0) + (real[place] ?? 0) ** 2 + (imaginary[place] ?? 0) ** 2;
    }
    energy.forEach((value, band) => (levels[frame * bands + band] = 10 * Math.log10(value)));
  }
  return levels;
}

function reversed(bin: number): number {
  let place = 0;
  for (let bit = 0; bit < bits; bit++) if ((bin >> bit) & 1) place |= 1 << (bits - 1 - bit);
  return place;
}

/** Pearson's correlation. */
export function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  a.forEach((value, i) => {
    const other = (b[i] ?? 0) - meanB;
    both += (value - meanA) * other;
    squareA += (value - meanA) ** 2;
    squareB += other * other;
  });
  return both / Math.sqrt(squareA * squareB);
}
