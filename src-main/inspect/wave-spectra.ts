/** @file Spectra of short waves, as the thesis's filter spectra are made (Spijkervet 2021, MSc thesis, section 7.1): DC removed, a Hamming window, magnitudes. */

/** The spectrum of a filter's wave. */
export type FilterSpectrum = {
  filter: number;
  peakHz: number;
  /** From 0 Hz to half of the rate, the greatest is 1. */
  magnitudes: number[];
};

/**
 * Spectra of waves, sorted by where they are greatest.
 * @param waves `[filters, samples]`
 */
export function filterSpectra(waves: Float32Array, samples: number, sampleRate: number): FilterSpectrum[] {
  const bins = Math.floor(samples / 2) + 1;
  const turns = Float64Array.from({ length: samples }, (_, at) => (2 * Math.PI * at) / samples);
  const [cosines, sines] = [turns.map(Math.cos), turns.map(Math.sin)];
  // A window that repeats after its length, as librosa takes it.
  const window = cosines.map((cosine) => 0.54 - 0.46 * cosine);
  const spectra = Array.from({ length: waves.length / samples }, (_, filter): FilterSpectrum => {
    const wave = waves.subarray(filter * samples, (filter + 1) * samples);
    const mean = wave.reduce((sum, value) => sum + value, 0) / samples;
    const windowed = Float64Array.from(wave, (value, at) => (value - mean) * (window[at] as number));
    const magnitudes = Array.from({ length: bins }, (_, bin) => {
      let [real, imaginary] = [0, 0];
      for (let at = 0, turn = 0; at < samples; at++, turn = (turn + bin) % samples) {
        real += (windowed[at] as number) * (cosines[turn] as number);
        imaginary -= (windowed[at] as number) * (sines[turn] as number);
      }
      return Math.hypot(real, imaginary);
    });
    const greatest = Math.max(...magnitudes);
    const peakHz = (magnitudes.indexOf(greatest) * sampleRate) / samples;
    return { filter, peakHz, magnitudes: magnitudes.map((magnitude) => (greatest > 0 ? magnitude / greatest : 0)) };
  });
  return spectra.sort((a, b) => a.peakHz - b.peakHz || a.filter - b.filter);
}
