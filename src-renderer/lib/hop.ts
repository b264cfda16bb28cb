/** @file The hop between segments, typed in samples or seconds. */

/** Fewest and most samples that the core takes. */
export const hopRange = [256, 10_000_000] as const;

/** A hop that was understood, or why not. */
export type HopReading = { hopSamples: number } | { problem: string };

/**
 * Reads what was typed.
 * @param text a number
 * @param unit what the number counts
 * @param sampleRate Hz, of the encoder
 */
export function readHop(text: string, unit: 'samples' | 'seconds', sampleRate: number): HopReading {
  const number = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(number)) return { problem: `Type a number of ${unit}.` };
  const hopSamples = Math.round(unit === 'samples' ? number : number * sampleRate);
  if (hopSamples < hopRange[0]) return { problem: `The hop is at least ${hopRange[0]} samples (${seconds(hopRange[0], sampleRate)} s).` };
  if (hopSamples > hopRange[1]) return { problem: `The hop is at most ${hopRange[1]} samples (${seconds(hopRange[1], sampleRate)} s).` };
  return { hopSamples };
}

/** Samples as seconds, with as many decimals as say something. */
export function seconds(samples: number, sampleRate: number): string {
  return String(Number((samples / sampleRate).toFixed(3)));
}
