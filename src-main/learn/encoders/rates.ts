/** @file Sample rates that a person chooses from. Pure. */
import { choice } from '../../base/settings.ts';
import type { Setting } from '../../base/settings.ts';

/** Rates of CLMR's thesis, which SampleCNN has strides for, in hertz. */
export const publishedRates = [22050, 16000, 8000] as const;

type Rate = (typeof publishedRates)[number];

/** The setting of an encoder's rate. */
export function rate(usual: Rate): Setting<Rate> {
  return choice(usual, publishedRates, {
    title: 'Sample rate',
    unit: 'Hz',
    about: 'Rate at which tracks are heard. A lower rate trains faster and hears less treble.',
    source: 'Spijkervet 2021; Li et al. 2022: 16\u202f000',
    words: { 22050: '22\u202f050 Hz', 16000: '16\u202f000 Hz', 8000: '8\u202f000 Hz' },
  });
}
