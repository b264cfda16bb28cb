/** @file From how many groups (artists, albums) an interval can be told. Pure. */

/**
 * Fewest groups that an interval is told of. Of g groups there are C(2g − 1, g) different resamples (Efron and Tibshirani 1993, section 6.2): 3 of two, 35 of
 * four, 126 of five. Each end of a 95 % interval leaves out one in forty, so that of fewer than five groups an end is no more than one of the few resamples there
 * are. For a ranking it is groups with the rarer answer that count, so that there are as many examples of it at least.
 */
export const leastGroups = 5;

/** Answers of one label. A weight of 0 says that nothing is known of an example. */
export type GroupedAnswers = { answers: ArrayLike<number>; weights: ArrayLike<number> };

/**
 * How many groups a ranking hangs on: those that have the rarer of a label's two answers, of all labels together; labels with one answer alone are not ranked.
 * @param groups of each example the number of its group
 */
export function bearingGroups(labels: readonly GroupedAnswers[], groups: ArrayLike<number>): number {
  const bearing = new Set<number>();
  for (const { answers, weights } of labels) {
    const [no, yes] = [new Set<number>(), new Set<number>()];
    for (let row = 0; row < groups.length; row++)
      if ((weights[row] as number) > 0) (answers[row] === 1 ? yes : no).add(groups[row] as number);
    if (no.size === 0 || yes.size === 0) continue;
    for (const group of yes.size <= no.size ? yes : no) bearing.add(group);
  }
  return bearing.size;
}
