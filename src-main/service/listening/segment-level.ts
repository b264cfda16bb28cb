/** @file How loud a segment is, from its track's waveform. */
import type { SegmentTiming } from '../../contract/index.ts';
import type { StoredPeaks } from '../../store/index.ts';

/** Peaks up to this, of 255, are silence: noise of a converter, or dither. About −42 dB of full scale. */
const silentPeak = 2;

/** The mean of a segment's peaks in decibels of full scale; null for silence. */
export function segmentLevel({ peaksPerSecond, bins }: StoredPeaks, segment: number, timing: SegmentTiming): number | null {
  const from = Math.floor((segment * timing.hopMs * peaksPerSecond) / 1000);
  const heard = bins.subarray(from, from + Math.max(1, Math.ceil((timing.segmentMs * peaksPerSecond) / 1000)));
  const loudest = heard.reduce((most, bin) => Math.max(most, bin), 0);
  if (loudest <= silentPeak) return null;
  return 20 * Math.log10(heard.reduce((sum, bin) => sum + bin, 0) / heard.length / 255);
}
