/** @file What is known of tracks before it is decided which of them are learnt from. */

/**
 * Labels of tracks, as objectives over labels take them: 1 where a label fits, 0 where it does not, down to −1 an answer that counts less, −1 not at all.
 * `isExclusive`: each track has one class. `leftOut`: tracks that have none or several, where they must have one. `notFound`: rows of a table that name no
 * track.
 */
export type KnownLabels = {
  names: string[];
  isExclusive: boolean;
  answers: Map<number, Float32Array>;
  leftOut: number;
  notFound: number;
};
