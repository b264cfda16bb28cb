/** @file What is told of the likeness of top segments. Pure: pages draw it. */

/** A figure and its 95 % interval; null where fewer than `leastTracks` tracks tell. */
export type Ranged = { value: number; low: number | null; high: number | null };

/** What top segments have in common. */
export type TopLikeness = {
  /** Cosine of what stands out on both sides, −1 to 1; null where nothing does. */
  likeness: Ranged | null;
  /** Between these lie 95 % of what as many segments give that are drawn from as many tracks; null where nothing could be drawn. */
  chance: { low: number; high: number } | null;
  /** Share of such draws that are as alike, the real one counted with them. */
  byChance: number | null;
  /** Of each side, by how many deviations each statistic stands out. */
  sides: [Ranged[], Ranged[]];
};
