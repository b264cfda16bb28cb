/** @file What is known of tracks before it is decided which of them are learnt from. */

/** A row of a table that names no chosen track, as it is written. `line`: from 1. */
export type MissingRow = { line: number; text: string };

/**
 * Labels of tracks, as objectives over labels take them: 1 where a label fits, 0 where it does not, down to −1 an answer that counts less, −1 not at all.
 * `isExclusive`: each track has one class. `leftOut`: tracks that have none or several, where they must have one. `missing`: rows of a table that name no
 * track.
 */
export type KnownLabels = {
  names: string[];
  isExclusive: boolean;
  answers: Map<number, Float32Array>;
  leftOut: number;
  missing: MissingRow[];
};
