import { describe, expect, it } from 'vitest';
import { Fourier, seededRandom } from '../../../src-main/base/index.ts';

/** By the definition, in plain order. */
function slowTransform(real: Float64Array, imaginary: Float64Array): { real: number; imaginary: number }[] {
  return Array.from(real, (_, bin) => {
    let [sumReal, sumImaginary] = [0, 0];
    real.forEach((value, i) => {
      const angle = (-2 * Math.PI * bin * i) / real.length;
      const other = imaginary[i] ?? 0;
      sumReal += value * Math.cos(angle) - other * Math.sin(angle);
      sumImaginary += value * Math.sin(angle) + other * Math.cos(angle);
    });
    return { real: sumReal, imaginary: sumImaginary };
  });
}

const size = 64;
const random = seededRandom(1);
const signal = { real: Float64Array.from({ length: size }, random.normal), imaginary: Float64Array.from({ length: size }, random.normal) };

describe('the Fourier transform', () => {
  it('gives the spectrum by its definition, in bit-reversed order', () => {
    const [real, imaginary] = [signal.real.slice(), signal.imaginary.slice()];
    new Fourier(size).forward(real, imaginary);
    slowTransform(signal.real, signal.imaginary).forEach((expected, bin) => {
      const place = Number.parseInt([...bin.toString(2).padStart(6, '0')].reverse().join(''), 2);
      expect(real[place]).toBeCloseTo(expected.real, 10);
      expect(imaginary[place]).toBeCloseTo(expected.imaginary, 10);
    });
  });

  it('is undone by its inverse, up to the size', () => {
    const [real, imaginary] = [signal.real.slice(), signal.imaginary.slice()];
    const fourier = new Fourier(size);
    fourier.forward(real, imaginary);
    fourier.inverse(real, imaginary);
    real.forEach((value, i) => expect(value / size).toBeCloseTo(signal.real[i] ?? NaN, 12));
    imaginary.forEach((value, i) => expect(value / size).toBeCloseTo(signal.imaginary[i] ?? NaN, 12));
  });
});
