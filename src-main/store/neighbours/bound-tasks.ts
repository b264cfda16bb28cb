/**
 * @file The exact search among tracks that need not read them all: int8 codes, a quarter of the bytes, give each track a cosine that it cannot exceed, and
 * only those are compared in float32 that could be among the nearest. With x and q of length 1, their codes x' and q', and the error of each,
 * x·q = x'·q' + (x - x')·q' + x·(q - q') ≤ x'·q' + |x - x'| |q'| + |q - q'| by the inequality of Cauchy and Schwarz.
 */
import { meet, nextRows, rowsAtOnce } from './meeting.ts';
import type { Meeting } from './meeting.ts';
import { codeQuery, codeRow, zeroOfQuery } from './quantise.ts';
import { claim, codeScorer, offer, putQuery } from './scan-tasks.ts';
import type { CodedQuery, Pieces, Query } from './scan-tasks.ts';
import { codeAddresses, codeColumns, groupRows, leadFloats, rowAddress } from './space.ts';
import { TopScores } from './top-scores.ts';
import type { ThreadState } from './thread-state.ts';

/** More than what float32 rounds off in a product of unit vectors. */
const rounding = 1e-5;

/** Codes the rows of a space as they are into a space of codes; the first of the numbers that lead becomes the length of each one's error. */
export function codeTracks(state: ThreadState, { rowsId, codesId, pieces }: { rowsId: number; codesId: number; pieces: Pieces }): void {
  const [from, to] = [state.space(rowsId), state.space(codesId)];
  const { dimensions } = from;
  claim(pieces, (first, count) => {
    for (let place = first; place < first + count; place++) {
      const values = new Float32Array(from.memory.buffer, rowAddress(from, place), dimensions);
      const { code, group } = codeAddresses(to, place);
      const codes = new Int8Array(to.memory.buffer, code, to.rowBytes);
      const { scale, offset } = codeRow(values, codes);
      let square = 0;
      for (let i = 0; i < dimensions; i++) square += ((values[i] as number) - scale * (codes[i] as number)) ** 2;
      const numbers = new Float32Array(to.memory.buffer, group, groupRows * codeColumns);
      for (const [column, value] of [scale, offset, Math.sqrt(square)].entries()) numbers[column * groupRows + (place % groupRows)] = value;
    }
  });
}

/** A query that codes are multiplied with; `slack` is what its own code and rounding may add to a product. */
export type BoundQuery = { coded: CodedQuery; slack: number };

/** Codes a query of length 1, float32 `[dimensions]`, for codes of so many bytes. */
export function codeBound(query: Float32Array, width: number): BoundQuery {
  const padded = new Float32Array(width);
  padded.set(query);
  const { codes, scale } = codeQuery(padded);
  let [square, error] = [0, 0];
  for (let i = 0; i < width; i++) {
    const value = scale * ((codes[i] as number) - zeroOfQuery);
    square += value ** 2;
    error += ((padded[i] as number) - value) ** 2;
  }
  const lead = new Float32Array(leadFloats);
  lead[0] = Math.sqrt(square);
  return { coded: { codes, scale, lead }, slack: Math.sqrt(error) + rounding };
}

/** A search among tracks; `scales`: what each one's distance is divided by, 0 for those that are left out; `pieces` begin groups of codes. */
export type BoundSearch = {
  rowsId: number;
  codesId: number;
  query: Query;
  bound: BoundQuery;
  scales: Float32Array;
  pieces: Pieces;
  meeting: Meeting;
};

/**
 * Picks the tracks whose scaled distances, (1 - cosine) / scale and 0 at least, could be the smallest, and compares them in float32. A score at the
 * meeting is the least that a distance can be, negative.
 */
export function nearestTracks(state: ThreadState, search: BoundSearch): void {
  const { rowsId, query, meeting } = search;
  const places = meet(meeting, () => {
    const top = new TopScores(meeting.rows.length);
    scanBounds(state, search, top);
    return { ...top.unsorted(), rowOf: (place) => place };
  });
  const space = state.space(rowsId);
  const { kernel, scratch, rowBytes } = space;
  putQuery(kernel, scratch, rowBytes, query);
  const cosine = new Float32Array(kernel.memory.buffer, scratch.scores, 1);
  for (let at = nextRows(meeting); at < places.length; at = nextRows(meeting))
    for (let i = at; i < Math.min(at + rowsAtOnce, places.length); i++) {
      kernel.dots(scratch.query, rowAddress(space, places[i] as number), rowBytes, 1, scratch.scores);
      meeting.cosines[i] = cosine[0] as number;
    }
}

function scanBounds(state: ThreadState, { codesId, bound: { coded, slack }, scales, pieces }: BoundSearch, top: TopScores): void {
  const space = state.space(codesId);
  const { kernel, scratch } = space;
  const score = codeScorer(space, coded);
  claim(pieces, (first, count) => {
    score(first, count);
    const scores = new Float32Array(kernel.memory.buffer, scratch.scores, count);
    for (let i = 0; i < count; i++) {
      const scale = scales[first + i] as number;
      const distance = 1 - slack - (scores[i] as number);
      scores[i] = scale > 0 ? (distance > 0 ? -distance / scale : 0) : Number.NaN;
    }
    offer(kernel, scratch, top, { first, count, limit: null });
  });
}
