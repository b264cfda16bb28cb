/** @file A spectrogram for the eye: bands that grow with frequency, 80 dB from black to white. */

const window = 1024;
const hop = 256;
const bands = 96;
const lowestHz = 40;
const rangeDb = 80;

/** @returns `data` `[bands, frames]`, lowest band first, 0 to 255 */
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
    transform(real, imaginary);
    for (let band = 0; band < bands; band++) {
      const from = Math.floor(edges[band] ?? 0);
      const to = Math.max(from + 1, Math.ceil(edges[band + 1] ?? 0));
      let power = 0;
      for (let bin = from; bin < to; bin++) power = Math.max(power, (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2);
      levels[band * frames + frame] = 10 * Math.log10(power + 1e-12);
    }
  }
  const loudest = levels.reduce((most, level) => Math.max(most, level), -Infinity);
  const data = Uint8Array.from(levels, (level) => Math.round(255 * Math.max(0, 1 + (level - loudest) / rangeDb)));
  return { data, bands, frames };
}

/** The discrete Fourier transform in place, radix 2 (Cooley and Tukey 1965). */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j] ?? 0, real[i] ?? 0];
      [imaginary[i], imaginary[j]] = [imaginary[j] ?? 0, imaginary[i] ?? 0];
    }
  }
  for (let span = 2; span <= size; span <<= 1) {
    const angle = (-2 * Math.PI) / span;
    for (let start = 0; start < size; start += span) {
      for (let k = 0; k < span / 2; k++) {
        const [c, s] = [Math.cos(angle * k), Math.sin(angle * k)];
        const [even, odd] = [start + k, start + k + span / 2];
        const re = (real[odd] ?? 0) * c - (imaginary[odd] ?? 0) * s;
        const im = (real[odd] ?? 0) * s + (imaginary[odd] ?? 0) * c;
        real[odd] = (real[even] ?? 0) - re;
        imaginary[odd] = (imaginary[even] ?? 0) - im;
        real[even] = (real[even] ?? 0) + re;
        imaginary[even] = (imaginary[even] ?? 0) + im;
      }
    }
  }
}
