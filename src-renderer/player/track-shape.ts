/** @file What is drawn of a track besides its position. */

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
  readonly hopMs: number;
  readonly segmentMs: number;
  readonly values: Float32Array;
  /** The value at the top of the plot. */
  readonly most: number;
}

/** Number of the segment that covers a time; null after the last one. */
export function segmentAt(profile: Pick<TrackProfile, 'hopMs' | 'values'>, positionMs: number): number | null {
  if (profile.hopMs <= 0) return null;
  const segment = Math.floor(positionMs / profile.hopMs);
  return segment < profile.values.length ? segment : null;
}
