/** @file What is drawn of a track besides its position. */
import type { SegmentTimes } from '../../src-main/contract/index.ts';

/** A track's waveform. */
export interface TrackPeaks {
  readonly trackId: number;
  readonly durationMs: number;
  /** One byte a bin, 255 = full scale. */
  readonly peaks: Uint8Array;
}

/** One feature over a track's time. */
export interface TrackProfile {
  readonly trackId: number;
  readonly feature: number;
  readonly times: SegmentTimes;
  readonly values: Float32Array;
  /** The values at the bottom and at the top of the plot: the feature's range over the library. */
  readonly least: number;
  readonly most: number;
}

/** The range of these values alone; 0 to 0 when there are none. */
export function rangeOfValues(values: Float32Array): { least: number; most: number } {
  if (values.length === 0) return { least: 0, most: 0 };
  return { least: values.reduce((so, value) => Math.min(so, value)), most: values.reduce((so, value) => Math.max(so, value)) };
}
