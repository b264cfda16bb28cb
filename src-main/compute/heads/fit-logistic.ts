/**
 * @file Fits logistic heads: penalty after penalty from the strongest on, each beginning where the one before ended. A label whose held-out loss no longer
 * falls is done: from there on a weaker penalty only fits its examples closer.
 */
import { heldOutLosses } from './fold-problem.ts';
import type { FoldFit, FoldProblem, OnShare } from './fold-problem.ts';
import { LogisticSolver } from './logistic-solver.ts';

/** Columns (labels times parts) that are fitted at a time, and how many numbers say how much each row counts in each: 128 MB. */
const mostColumns = 1024;
const mostCounts = 32_000_000;

/** Fits all labels, some at a time where there are many. @throws AppError DEVICE_FAILED, OUT_OF_MEMORY */
export async function fitLogistic(problem: FoldProblem, onShare: OnShare): Promise<FoldFit> {
  const { count, dimensions, labels, balanced } = problem;
  const fit: FoldFit = {
    hidden: null,
    fc: { weight: new Float32Array(labels * dimensions), bias: new Float32Array(labels) },
    heldOut: new Float32Array(count * labels),
    penalties: new Array<number>(labels).fill(NaN),
  };
  const width = Math.max(1, Math.floor(Math.min(mostColumns, mostCounts / count) / balanced.parts));
  const blocks = Math.ceil(labels / width);
  for (let block = 0; block < blocks; block++) {
    const own = Array.from({ length: Math.min(width, labels - block * width) }, (_, label) => block * width + label);
    await fitBlock(problem, { own, fit }, (share) => onShare((block + share) / blocks));
  }
  return fit;
}

/** Labels of a problem that are fitted together, and where what is found goes. */
type Block = { own: readonly number[]; fit: FoldFit };

async function fitBlock(problem: FoldProblem, { own, fit }: Block, onShare: OnShare): Promise<void> {
  const penalties = problem.settings.penalties.toSorted((a, b) => b - a);
  const least = new Map(own.map((label) => [label, Infinity]));
  let falling = [...own];
  let narrow = withLabels(problem, falling);
  let solver = await LogisticSolver.open(narrow);
  let start: Float32Array | null = null;
  try {
    for (const [index, penalty] of penalties.entries()) {
      const solved = await solver.solve(penalty, start, (share) => onShare((index + share) / penalties.length));
      const losses = heldOutLosses(narrow, solved.heldOut);
      const better = falling.flatMap((label, column) => ((losses[column] as number) < (least.get(label) ?? 0) ? [column] : []));
      for (const column of better) {
        const label = falling[column] as number;
        least.set(label, losses[column] as number);
        keep(fit, narrow, { ...solved, column, label, penalty });
      }
      if (better.length === 0) break;
      start = pick(solved.point, falling.length, better);
      if (better.length === falling.length) continue;
      falling = better.map((column) => falling[column] as number);
      narrow = withLabels(problem, falling);
      await solver.close();
      solver = await LogisticSolver.open(narrow);
    }
  } finally {
    await solver.close();
  }
}

/** The part of a problem that concerns some of its labels. */
function withLabels(problem: FoldProblem, own: readonly number[]): FoldProblem {
  const { labels, answers, weights, balanced } = problem;
  if (own.length === labels) return problem;
  const { parts, shares, isWhole } = balanced;
  const places = Array.from({ length: parts }, (_, part) => own.map((label) => part * labels + label)).flat();
  return {
    ...problem,
    labels: own.length,
    answers: pick(answers, labels, own),
    weights: pick(weights, labels, own),
    balanced: {
      parts,
      shares: Float32Array.from(places.flatMap((place) => [shares[place * 2] as number, shares[place * 2 + 1] as number])),
      isWhole: Uint8Array.from(places, (place) => isWhole[place] as number),
    },
  };
}

/** Some columns of rows that are `width` long. */
function pick(from: Float32Array, width: number, columns: readonly number[]): Float32Array {
  const rows = from.length / width;
  const picked = new Float32Array(rows * columns.length);
  for (let row = 0; row < rows; row++)
    for (const [place, column] of columns.entries()) picked[row * columns.length + place] = from[row * width + column] as number;
  return picked;
}

type Found = { point: Float32Array; heldOut: Float32Array; column: number; label: number; penalty: number };

/** Keeps the last part's head of a label, which was trained on everything, and the others' predictions on the examples held out of theirs. */
function keep(fit: FoldFit, { count, dimensions, labels, balanced }: FoldProblem, { point, heldOut, column, label, penalty }: Found): void {
  const columns = balanced.parts * labels;
  const last = columns - labels + column;
  for (let input = 0; input < dimensions; input++) fit.fc.weight[label * dimensions + input] = point[input * columns + last] as number;
  fit.fc.bias[label] = point[dimensions * columns + last] as number;
  fit.penalties[label] = penalty;
  const all = fit.penalties.length;
  for (let row = 0; row < count; row++) fit.heldOut[row * all + label] = heldOut[row * labels + column] as number;
}
