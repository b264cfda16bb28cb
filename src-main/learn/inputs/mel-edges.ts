/** @file Where the bands of a mel spectrogram lie: equally far apart in mel (Stevens, Volkmann and Newman 1937; O'Shaughnessy 1987). Pure. */
import type { MelSettings } from './settings.ts';

type Scale = MelSettings['scale'];

/** Where the Slaney scale turns from linear to logarithmic, and how fast it rises then. */
const [linearHz, linearMel, turnHz] = [200, 3, 1000];
const turnMel = (turnHz / linearHz) * linearMel;
const logStep = Math.log(6.4) / 27;

/** @param frequency in hertz */
export function melOf(frequency: number, scale: Scale): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + frequency / 700);
  return frequency < turnHz ? (frequency / linearHz) * linearMel : turnMel + Math.log(frequency / turnHz) / logStep;
}

/** The inverse of {@link melOf}, in hertz. */
export function hertzOf(mel: number, scale: Scale): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < turnMel ? (mel / linearMel) * linearHz : turnHz * Math.exp(logStep * (mel - turnMel));
}

/** `bands + 2` frequencies in hertz: band `b` rises from `b` to `b + 1` and falls to `b + 2`. */
export function melEdges(mel: Pick<MelSettings, 'sampleRate' | 'bands' | 'lowestHz' | 'highestHz' | 'scale'>): number[] {
  const { bands, lowestHz, highestHz, scale } = mel;
  const [least, most] = [melOf(lowestHz, scale), melOf(highestHz, scale)];
  return Array.from({ length: bands + 2 }, (_, index) => hertzOf(least + ((most - least) * index) / (bands + 1), scale));
}
