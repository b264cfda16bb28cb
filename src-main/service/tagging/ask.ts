/**
 * @file The questions whose answers would teach a head most: tracks that it is unsure of, and that are unlike each other (uncertainty as in Lewis and
 * Gale 1994, spread over the space by greedy k-centre as in Sener and Savarese 2018).
 */

import { product, rowOf, unit } from '../similar/vectors.ts';

/** A track in question: its row among the vectors, and its label. */
export type Question = { row: number; label: number; probability: number };

/** The unsurest candidates that are looked at, for each question wanted. */
const candidatesEach = 20;

/**
 * Chooses questions, the most telling first.
 * @param candidates unanswered tracks with their probabilities
 * @param vectors `[rows, dimensions]`
 */
export function chooseQuestions(
  candidates: readonly Question[],
  { vectors, dimensions, count }: { vectors: Float32Array; dimensions: number; count: number },
): Question[] {
  const unsure = candidates.toSorted((a, b) => doubt(b) - doubt(a)).slice(0, count * candidatesEach);
  const directions = unsure.map(({ row }) => unit(rowOf(vectors, dimensions, row)));
  const distance = unsure.map(() => 1);
  const chosen: Question[] = [];
  const taken = new Set<number>();
  while (chosen.length < count) {
    let best = -1;
    for (const [i, candidate] of unsure.entries()) {
      if (taken.has(i)) continue;
      const value = doubt(candidate) * (distance[i] ?? 0);
      if (best < 0 || value > doubt(unsure[best] as Question) * (distance[best] ?? 0)) best = i;
    }
    const question = unsure[best];
    if (question === undefined) break;
    taken.add(best);
    chosen.push(question);
    for (const [i, other] of directions.entries()) {
      // The same track may be asked about another tag; what one answer says of the other tag is nothing.
      if (unsure[i]?.label === question.label)
        distance[i] = Math.min(distance[i] ?? 0, 1 - product(directions[best] as Float32Array, other));
    }
  }
  return chosen;
}

/** Entropy of the answer, in bits. */
function doubt({ probability: p }: Question): number {
  return p <= 0 || p >= 1 ? 0 : -(p * Math.log2(p) + (1 - p) * Math.log2(1 - p));
}
