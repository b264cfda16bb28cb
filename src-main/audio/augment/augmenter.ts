/** @file The augmentation chain: crops in, views out, in CLMR's order (Spijkervet 2021). */
import type { Random } from '../../base/index.ts';
import { describeTransforms, drawTransforms } from './draw.ts';
import type { DrawnTransforms } from './draw.ts';
import { passFirstOrder } from './first-order-filter.ts';
import { addDelay, addNoise, scale } from './level.ts';
import { PassFilter } from './pass-filter.ts';
import { PitchShift } from './pitch-shift.ts';
import { Reverb } from './reverb.ts';
import type { AugmentationSettings } from './settings.ts';

/**
 * The chain at one rate. What comes out depends on the crop, the settings and the random stream alone; buffers are kept between calls. Nothing
 * is limited to ±1, unlike in sox: an encoder's first layer takes any level.
 */
export class Augmenter {
  readonly #sampleRate: number;
  readonly #settings: AugmentationSettings;
  readonly #filter = new PassFilter();
  readonly #pitch: PitchShift;
  readonly #reverb: Reverb;

  /** @param options the rate in hertz, and the chain's settings */
  constructor({ sampleRate, settings }: { sampleRate: number; settings: AugmentationSettings }) {
    this.#sampleRate = sampleRate;
    this.#settings = settings;
    this.#pitch = new PitchShift(sampleRate);
    this.#reverb = new Reverb(sampleRate);
  }

  /**
   * Draws transforms and applies them in place; the length stays.
   * @returns what was applied, in order, for example `pitch +3.2 semitones`
   */
  augment(crop: Float32Array, random: Random): string[] {
    const drawn = drawTransforms(this.#settings, random);
    this.apply(crop, drawn);
    return describeTransforms(drawn);
  }

  /** Applies transforms that were drawn, in place. */
  apply(crop: Float32Array, { polarity, noise, gain, filter, delay, pitch, reverb }: DrawnTransforms): void {
    if (polarity !== null) scale(crop, -1);
    if (noise !== null) addNoise(crop, noise);
    if (gain !== null) scale(crop, 10 ** (gain.db / 20));
    if (filter !== null) this.#applyFilter(crop, filter);
    if (delay !== null) addDelay(crop, { ...delay, samples: Math.round((delay.ms * this.#sampleRate) / 1000) });
    if (pitch !== null && pitch.semitones !== 0) this.#pitch.apply(crop, pitch.semitones);
    if (reverb !== null) this.#reverb.apply(crop, reverb);
  }

  #applyFilter(crop: Float32Array, { slope, ...filter }: NonNullable<DrawnTransforms['filter']>): void {
    const options = { ...filter, sampleRate: this.#sampleRate };
    if (slope === 'gentle') passFirstOrder(crop, options);
    else this.#filter.apply(crop, options);
  }
}
