/** @file How often one is right who only guesses. */

/** Probability of at least so many right answers of some by guessing one of two each time: the upper tail of the binomial distribution. */
export function byGuessing(right: number, of: number): number {
  let [ways, sum] = [1, 0];
  for (let count = 0; count <= of; count++) {
    if (count >= right) sum += ways;
    ways = (ways * (of - count)) / (count + 1);
  }
  return sum / 2 ** of;
}
