/** @file Tails of the normal distribution, and the way back from a tail to how far out it begins. */

/** Probability that a normal variable is greater than `x` ≥ 0: a power series near 0, a continued fraction beyond (Abramowitz and Stegun 26.2.10, 26.2.14). */
export function normalTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let [term, sum] = [x, x];
    for (let k = 1; k < 100; k++) {
      term *= (-x * x) / (2 * k);
      sum += term / (2 * k + 1);
    }
    return 0.5 - sum / Math.sqrt(2 * Math.PI);
  }
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / fraction;
  return density / fraction;
}

/** How far out the tail of that probability begins, by bisection. @param probability at most 0.5 */
export function beyond(probability: number): number {
  let [low, high] = [0, 40];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The normal variable that is not exceeded with that probability. @param probability between 0 and 1 */
export function normalQuantile(probability: number): number {
  return probability < 0.5 ? -beyond(probability) : beyond(1 - probability);
}
