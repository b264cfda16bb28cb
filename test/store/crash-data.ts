/** @file What the crash test writes: every value follows from track, segment and feature, so that the parent can check it. */

export const crashDimensions = 24;
export const crashHop = 1000;
export const crashTracks = 4000;

/** Segments of a track; some tracks are larger than the writer's buffer. */
export function segmentsOf(trackId: number): number {
  return trackId % 97 === 0 ? 300 : 5 + ((trackId * 7) % 60);
}

/** A value that a half holds exactly. */
export function crashValue(trackId: number, segment: number, feature: number): number {
  return ((trackId * 31 + segment * 7 + feature * 3) % 2000) + 1;
}
