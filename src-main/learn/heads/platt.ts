/**
 * @file Turning a head's numbers into probabilities that mean what they say: Platt's sigmoid, with his targets that keep a few examples from claiming
 * certainty (Platt 1999), fitted by the damped Newton method of Lin, Lin and Weng (2007).
 */

/** The probability is `1 / (1 + exp(-(scale · logit + shift)))`. */
export type Calibration = { scale: number; shift: number };

const mostSteps = 100;
/** Slopes, over the sum of weights, at which a fit has converged. */
const tolerance = 1e-7;
/** Slope of a tag whose numbers order nothing: its probability is the share of examples that carry it, whatever the track. */
const flat = 1e-3;

/**
 * Fits a calibration.
 * @param logits of examples that the head has not learnt from
 * @param answers 1 or 0 an example
 * @param weights how much an example counts
 */
export function fitCalibration(logits: ArrayLike<number>, answers: ArrayLike<number>, weights: ArrayLike<number>): Calibration {
  let [yes, no] = [0, 0];
  for (let example = 0; example < logits.length; example++) {
    if (answers[example] === 1) yes += weights[example] as number;
    else no += weights[example] as number;
  }
  const targets = Float64Array.from({ length: logits.length }, (_, example) =>
    answers[example] === 1 ? (yes + 1) / (yes + 2) : 1 / (no + 2),
  );
  const prior = Math.log((yes + 1) / (no + 1));
  const fitted = newton({ logits, targets, weights }, { scale: 0, shift: prior });
  return fitted.scale < flat ? { scale: flat, shift: prior } : fitted;
}

/** A calibrated probability. */
export function calibrated(logit: number, { scale, shift }: Calibration): number {
  return sigmoid(scale * logit + shift);
}

type Targets = { logits: ArrayLike<number>; targets: Float64Array; weights: ArrayLike<number> };

function newton(examples: Targets, from: Calibration): Calibration {
  let current = from;
  let loss = lossOf(examples, current);
  const enough = tolerance * examples.targets.reduce((sum, _, example) => sum + (examples.weights[example] as number), 0);
  for (let step = 0; step < mostSteps; step++) {
    const { slopes, curvature } = derivatives(examples, current);
    const [a, b] = slopes;
    if (Math.max(Math.abs(a), Math.abs(b)) < enough) break;
    const [aa, ab, bb] = curvature;
    const determinant = aa * bb - ab * ab;
    const [byScale, byShift] = [-(bb * a - ab * b) / determinant, -(aa * b - ab * a) / determinant];
    let length = 1;
    let next = current;
    for (; length > 1e-10; length /= 2) {
      next = { scale: current.scale + length * byScale, shift: current.shift + length * byShift };
      const then = lossOf(examples, next);
      if (then > loss + 1e-4 * length * (a * byScale + b * byShift)) continue;
      loss = then;
      break;
    }
    if (length <= 1e-10) break;
    current = next;
  }
  return current;
}

function lossOf({ logits, targets, weights }: Targets, { scale, shift }: Calibration): number {
  let sum = 0;
  for (const [example, target] of targets.entries()) {
    const z = scale * (logits[example] as number) + shift;
    sum += (weights[example] as number) * (Math.max(z, 0) - target * z + Math.log1p(Math.exp(-Math.abs(z))));
  }
  return sum;
}

function derivatives(
  { logits, targets, weights }: Targets,
  { scale, shift }: Calibration,
): { slopes: [number, number]; curvature: [number, number, number] } {
  // What is added to the diagonal keeps it invertible where all logits are equal.
  let [a, b, aa, ab, bb] = [0, 0, 1e-12, 0, 1e-12];
  for (const [example, target] of targets.entries()) {
    const logit = logits[example] as number;
    const weight = weights[example] as number;
    const probability = sigmoid(scale * logit + shift);
    const [difference, spread] = [weight * (probability - target), weight * probability * (1 - probability)];
    a += difference * logit;
    b += difference;
    aa += spread * logit * logit;
    ab += spread * logit;
    bb += spread;
  }
  return { slopes: [a, b], curvature: [aa, ab, bb] };
}

function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
