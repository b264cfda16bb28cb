/** @file Playing files of the same recording from the same moment of its music. Pure. */

/** Where a file's sound lies, and how long it is, in ms. */
export type Aligned = { readonly offsetMs: number; readonly durationMs: number };

/** Into the music, where something is to be heard. */
const firstMomentMs = 20_000;

/**
 * Where a file begins to play, in ms: at the moment that is heard in another file of the group, else at one that every file has.
 * @param heard the other file that plays, and where it is
 */
export function alignedStart(files: readonly Aligned[], file: Aligned, heard: { offsetMs: number; positionMs: number } | null): number {
  const shortest = Math.min(...files.map(({ offsetMs, durationMs }) => durationMs - offsetMs));
  const moment = heard === null ? Math.max(0, Math.min(firstMomentMs, shortest / 4)) : heard.positionMs - heard.offsetMs;
  return Math.max(0, Math.min(moment + file.offsetMs, file.durationMs));
}

/** `+1.48 s`, `−0.20 s`, `0 s`. */
export function offsetText(offsetMs: number): string {
  if (Math.abs(offsetMs) < 5) return '0 s';
  return `${offsetMs > 0 ? '+' : '−'}${(Math.abs(offsetMs) / 1000).toFixed(2)} s`;
}
