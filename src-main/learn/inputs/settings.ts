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

/** Myna's (Yonay, Hammond and Yang 2025, released code, which takes nnAudio's defaults): 128 ms, a quarter of it between frames, up to half the rate. */
export const mynaMel: Omit<MelSettings, 'sampleRate' | 'highestHz'> = {
  window: 2048,
  hop: 512,
  bands: 128,
  lowestHz: 0,
  scale: 'slaney',
  norm: 'slaney',
  power: 2,
  compression: 'none',
  normalisation: 'none',
};

const [longestWindow, lowestRate, highestRate] = [2 ** 16, 100, 768_000];

/** Whether something of any origin has the form of these settings. */
export function isMelSettings(value: unknown): value is MelSettings {
  const mel = (typeof value === 'object' && value !== null ? value : {}) as MelSettings;
  const isWhole = (number: unknown, least: number, most: number): boolean =>
    Number.isInteger(number) && (number as number) >= least && (number as number) <= most;
  return (
    isWhole(mel.window, 4, longestWindow) &&
    isWhole(mel.hop, 1, mel.window) &&
    isWhole(mel.bands, 1, mel.window / 2) &&
    isWhole(mel.sampleRate, lowestRate, highestRate) &&
    Number.isFinite(mel.lowestHz) &&
    Number.isFinite(mel.highestHz) &&
    ['htk', 'slaney'].includes(mel.scale) &&
    ['slaney', 'none'].includes(mel.norm) &&
    [1, 2].includes(mel.power) &&
    ['log1p', 'decibel', 'none'].includes(mel.compression) &&
    ['min-max', 'none'].includes(mel.normalisation)
  );
}
