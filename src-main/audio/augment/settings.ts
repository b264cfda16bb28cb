/** @file Settings of the augmentation chain: CLMR's transforms (Spijkervet 2021) with their probabilities and ranges. */

/** Bounds that a value is drawn between, uniformly. */
export type Range = { least: number; most: number };

/** The same shape as the contract's, which checks the ranges; this room may not enter that one, a test holds them together. */
export type AugmentationSettings = {
  /** `symmetric`: both views go through the chain. `asymmetric`: the second is the crop alone (Fig. 6.3). */
  views: 'symmetric' | 'asymmetric';
  polarity: { probability: number };
  /** `snr`: decibels of signal over noise. `relative`: the noise's deviation as a share of the signal's. */
  noise: { probability: number; kind: 'snr' | 'relative'; snrDb: Range; deviation: Range };
  gain: { probability: number; db: Range };
  filter: { probability: number; lowPassHz: Range; highPassHz: Range };
  delay: { probability: number; ms: Range; stepMs: number; feedback: number; halve: boolean };
  pitch: { probability: number; semitones: Range };
  /** Percent, as sox names and maps them. */
  reverb: { probability: number; roomSize: Range; reverberance: Range; damping: Range };
};
