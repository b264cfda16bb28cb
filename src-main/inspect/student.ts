/** @file Student's distribution: its upper quantiles, by the incomplete beta function (Abramowitz and Stegun 26.5.8, 26.7.1). */

/** Logarithm of the gamma function (Lanczos 1964, with nine terms). @param x above 0 */
function logGamma(x: number): number {
  const terms = [
    ...[0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_6],
    ...[12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7],
  ];
  const base = x + 6.5;
  const sum = terms.reduce((total, term, at) => (at === 0 ? term : total + term / (x - 1 + at)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/** The regularised incomplete beta function by its continued fraction, evaluated from its far end. @param x at most (a + 1) / (a + b + 2) */
function incompleteBeta(x: number, a: number, b: number): number {
  let fraction = 1;
  for (let m = 200; m >= 1; m--) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    fraction = 1 + even / (1 + odd / fraction);
  }
  const first = (-(a + b) * x) / (a + 1);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  return front / a / (1 + first / fraction);
}

/** Probability that Student's variable is greater than `t` ≥ 0. @param freedom degrees of freedom, 1 or more, need not be whole */
export function studentTail(t: number, freedom: number): number {
  const x = freedom / (freedom + t * t);
  const [a, b] = [freedom / 2, 0.5];
  const beta = x <= (a + 1) / (a + b + 2) ? incompleteBeta(x, a, b) : 1 - incompleteBeta(1 - x, b, a);
  return beta / 2;
}

/** What Student's variable does not exceed with a probability above 0.5, by bisection. */
export function studentQuantile(probability: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (studentTail(high, freedom) > 1 - probability) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, freedom) > 1 - probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
