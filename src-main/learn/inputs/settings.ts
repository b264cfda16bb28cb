/** @file Settings of a mel spectrogram. Pure. */

/** How a wave becomes a mel spectrogram. Lengths are in samples, frequencies in hertz. */
export type MelSettings = {
  sampleRate: number;
  /** Length of the window and of the transform; the window is Hann's. */
  window: number;
  hop: number;
  bands: number;
  lowestHz: number;
  /** May lie above half the rate: the last bands then reach beyond what is heard, as in VICMus's released code. */
  highestHz: number;
  /** How frequencies are spaced: 2595 · log10(1 + f / 700), or linear below 1 kHz and logarithmic above (Slaney 1998). */
  scale: 'htk' | 'slaney';
  /** `slaney`: each band has the same area. `none`: each has the same height. */
  norm: 'slaney' | 'none';
  /** Of the magnitude: 1, or 2 for power. */
  power: 1 | 2;
  /** `log1p`: log(1 + 1e-5 + x). `decibel`: 10 · log10 of the power (20 of the magnitude), no lower than 80 below the example's greatest. `none`: as it is. */
  compression: 'log1p' | 'decibel' | 'none';
  /** `min-max`: each example is scaled to −1 … 1. */
  normalisation: 'min-max' | 'none';
};

/** VICMus's (Löf et al. 2024, released code): 46 ms, half overlapping, 128 bands up to 11 050 Hz, 25 Hz above half its rate. */
export const vicmusMel: Omit<MelSettings, 'sampleRate'> = {
  window: 1024,
  hop: 512,
  bands: 128,
  lowestHz: 0,
  highestHz: 11_050,
  scale: 'htk',
  norm: 'slaney',
  power: 2,
  compression: 'log1p',
  normalisation: 'min-max',
};
