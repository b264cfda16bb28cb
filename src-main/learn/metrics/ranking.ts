/**
 * @file How well scores order examples: area under the ROC curve and average precision, as scikit-learn defines them. Weights let an example count
 * more or less, and make resampling cheap: a bootstrap changes weights, never the order.
 */

/** Examples by falling score, cut where the score changes. */
export type Ranking = {
  /** Examples, the highest score first. */
  order: Uint32Array;
  /** Of each run of equal scores the place behind its last, in `order`. */
  ends: Uint32Array;
};

/** Orders examples by their scores. A score that is not a number stands last. */
export function rankScores(scores: ArrayLike<number>): Ranking {
  const keys = Float64Array.from(scores, (score) => (Number.isNaN(score) ? -Infinity : score));
  const order = Uint32Array.from(keys, (_, example) => example).sort((a, b) => (keys[b] as number) - (keys[a] as number) || a - b);
  const ends: number[] = [];
  for (let at = 1; at <= order.length; at++)
    if (at === order.length || keys[order[at] as number] !== keys[order[at - 1] as number]) ends.push(at);
  return { order, ends: Uint32Array.from(ends) };
}

/** Both figures of a ranking. */
export type RankingFigures = { rocAuc: number; averagePrecision: number };

/**
 * Area under the ROC curve: how likely an example with the label scores higher than one without; ties count half.
 * @param labels 1 or 0 an example
 * @param scores a number an example, or their ranking
 * @param weights how much an example counts; 1 each when absent
 * @returns NaN where only one class has weight
 */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number> | Ranking, weights?: ArrayLike<number>): number {
  return figuresOfRanking(labels, scores, weights).rocAuc;
}

/**
 * Average precision: precision at each threshold, weighted by the recall that it adds; examples of one score enter together, nothing is interpolated.
 * @param labels 1 or 0 an example
 * @param scores a number an example, or their ranking
 * @param weights how much an example counts; 1 each when absent
 * @returns NaN where no example with the label has weight
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number> | Ranking, weights?: ArrayLike<number>): number {
  return figuresOfRanking(labels, scores, weights).averagePrecision;
}

/** {@link rocAuc} and {@link averagePrecision} by one walk along the ranking. */
export function figuresOfRanking(
  labels: ArrayLike<number>,
  scores: ArrayLike<number> | Ranking,
  weights?: ArrayLike<number>,
): RankingFigures {
  const { order, ends } = 'order' in scores ? scores : rankScores(scores);
  let [positives, negatives, area, sum, at] = [0, 0, 0, 0, 0];
  for (const end of ends) {
    let [here, beside] = [0, 0];
    for (; at < end; at++) {
      const example = order[at] as number;
      const weight = weights === undefined ? 1 : (weights[example] as number);
      if (labels[example] === 1) here += weight;
      else beside += weight;
    }
    area += beside * (positives + here / 2);
    positives += here;
    negatives += beside;
    if (here > 0) sum += (here * positives) / (positives + negatives);
  }
  return {
    rocAuc: positives > 0 && negatives > 0 ? area / (positives * negatives) : NaN,
    averagePrecision: positives > 0 ? sum / positives : NaN,
  };
}
