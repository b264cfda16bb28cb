/** @file How well probabilities mean what they say. */

/** Probabilities of a label and whether examples carry it (1 or 0). Weights count examples; 1 each when absent. */
export type ProbabilityExamples = { labels: ArrayLike<number>; probabilities: ArrayLike<number>; weights?: ArrayLike<number> };

/** Probabilities nearer than this to 0 or 1 count as this far from it in the log loss: the spacing of 64-bit numbers at 1, as in scikit-learn. */
const nearest = Number.EPSILON;

/** Mean squared difference between probability and truth (Brier 1950). NaN without examples. */
export function brierScore(examples: ProbabilityExamples): number {
  return weightedMean(examples, (label, probability) => (label - probability) ** 2);
}

/** Mean negative logarithm of the probability that was given to what is true. NaN without examples. */
export function logLoss(examples: ProbabilityExamples): number {
  return weightedMean(examples, (label, probability) => {
    const kept = Math.min(1 - nearest, Math.max(nearest, probability));
    return -Math.log(label === 1 ? kept : 1 - kept);
  });
}

/**
 * Expected calibration error (Naeini, Cooper and Hauskrecht 2015): over bins of equal width, how far the mean probability lies from the share of
 * examples with the label, weighted by the bins' sizes. NaN without examples.
 */
export function calibrationError({ labels, probabilities, weights }: ProbabilityExamples, bins = 10): number {
  const sums = Array.from({ length: bins }, () => ({ difference: 0 }));
  let all = 0;
  for (let example = 0; example < labels.length; example++) {
    const probability = probabilities[example] as number;
    const weight = weights === undefined ? 1 : (weights[example] as number);
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.floor(probability * bins)))];
    if (bin !== undefined) bin.difference += weight * (probability - (labels[example] as number));
    all += weight;
  }
  return sums.reduce((sum, { difference }) => sum + Math.abs(difference), 0) / all;
}

function weightedMean({ labels, probabilities, weights }: ProbabilityExamples, of: (label: number, probability: number) => number): number {
  let [sum, all] = [0, 0];
  for (let example = 0; example < labels.length; example++) {
    const weight = weights === undefined ? 1 : (weights[example] as number);
    sum += weight * of(labels[example] as number, probabilities[example] as number);
    all += weight;
  }
  return sum / all;
}
