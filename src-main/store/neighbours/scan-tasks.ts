/**
 * @file What threads do for a question. Work is cut into pieces that threads claim one after the other, so that one that the system keeps waiting
 * does not keep the others waiting.
 */
import { pieceRows } from './kernel.ts';
import type { Kernel, Scratch } from './kernel.ts';
import { codeQuery } from './quantise.ts';
import { blockRows, makeBlock, putVector, readBlock } from './row-block.ts';
import { runAtPlace } from './runs.ts';
import { codeAddresses, leadFloats, rowAddress } from './space.ts';
import { TopScores } from './top-scores.ts';
import type { Source, ThreadState } from './thread-state.ts';

/** A query that was made ready by {@link prepareQuery}: both float32 `[dimensions]`. */
export type Query = { vector: Float32Array; weights: Float32Array | null };

/** Pieces as pairs of first place and count (4096 at most, not across a multiple of 4096 in a space of codes), and whose turn it is. */
export type Pieces = { pairs: Uint32Array; turn: Int32Array };

/** How many of one run's places may be among the best; `starts`: each run's first place, ascending. Null where any number may. */
export type RunLimit = { each: number; starts: Uint32Array } | null;

/** The best places of what one thread looked at. */
export type Found = { places: Uint32Array<ArrayBuffer>; scores: Float32Array<ArrayBuffer> };

/**
 * Brings a query to length 1, or, with weights, to the form that the kernel multiplies with.
 * @param weights float32 `[dimensions]`, 0 or more; null for the plain cosine
 */
export function prepareQuery(query: Float32Array, weights: Float32Array | null): Query {
  let square = 0;
  for (const [i, value] of query.entries()) square += value * value * (weights?.[i] ?? 1);
  const factor = square > 0 ? 1 / Math.sqrt(square) : 0;
  return { vector: query.map((value, i) => value * factor * (weights?.[i] ?? 1)), weights };
}

/** Cuts stretches of places into pieces. */
export function makePieces(stretches: Iterable<{ first: number; count: number }>): Pieces {
  const pairs: number[] = [];
  for (const { first, count } of stretches)
    for (let place = first; place < first + count;) {
      const length = Math.min(first + count - place, pieceRows - (place % pieceRows));
      pairs.push(place, length);
      place += length;
    }
  const shared = new Uint32Array(new SharedArrayBuffer(pairs.length * 4));
  shared.set(pairs);
  return { pairs: shared, turn: new Int32Array(new SharedArrayBuffer(4)) };
}

/** Claims pieces until none is left. */
function claim({ pairs, turn }: Pieces, work: (first: number, count: number) => void): void {
  for (let at = Atomics.add(turn, 0, 1); 2 * at < pairs.length; at = Atomics.add(turn, 0, 1))
    work(pairs[2 * at] as number, pairs[2 * at + 1] as number);
}

/** Cosines of a query with pieces of a space of rows; `firsts` names the pieces, whose scores follow one another. */
export function scoreRows(
  state: ThreadState,
  { spaceId, query, pieces }: { spaceId: number; query: Query; pieces: Pieces },
): { firsts: number[]; scores: Float32Array<ArrayBuffer>[] } {
  const space = state.space(spaceId);
  const { kernel, scratch, rowBytes } = space;
  putQuery(kernel, scratch, rowBytes, query);
  const answer: { firsts: number[]; scores: Float32Array<ArrayBuffer>[] } = { firsts: [], scores: [] };
  claim(pieces, (first, count) => {
    multiply(kernel, scratch, query, { rows: rowAddress(space, first), rowBytes, count });
    answer.firsts.push(first);
    answer.scores.push(Float32Array.from(new Float32Array(kernel.memory.buffer, scratch.scores, count)));
  });
  return answer;
}

/** The best places of a space of rows. */
export function topRows(
  state: ThreadState,
  { spaceId, query, pieces, most, limit }: { spaceId: number; query: Query; pieces: Pieces; most: number; limit: RunLimit },
): Found {
  const space = state.space(spaceId);
  const { kernel, scratch, rowBytes } = space;
  putQuery(kernel, scratch, rowBytes, query);
  const top = new TopScores(most);
  claim(pieces, (first, count) => {
    multiply(kernel, scratch, query, { rows: rowAddress(space, first), rowBytes, count });
    offer(kernel, scratch, top, { first, count, limit });
  });
  return top.unsorted();
}

/** A query as codes: see `codeQuery`; `lead` is float32 `[leadFloats]`. */
export type CodedQuery = { codes: Uint8Array; scale: number; lead: Float32Array };

/** Codes a query that was brought along the directions of codes, float32 `[leadFloats + width]`. */
export function codeAlong(values: Float32Array): CodedQuery {
  return { ...codeQuery(values.subarray(leadFloats)), lead: values.slice(0, leadFloats) };
}

/** The places of a space of codes whose coarse scores are best. */
export function topCodes(
  state: ThreadState,
  { spaceId, query, pieces, most, limit }: { spaceId: number; query: CodedQuery; pieces: Pieces; most: number; limit: RunLimit },
): Found {
  const space = state.space(spaceId);
  const { kernel, scratch, rowBytes } = space;
  new Uint8Array(kernel.memory.buffer, scratch.query, rowBytes).set(query.codes);
  new Float32Array(kernel.memory.buffer, scratch.weights, leadFloats).set(query.lead);
  const top = new TopScores(most);
  claim(pieces, (first, count) => {
    const { code, columns } = codeAddresses(space, first);
    kernel.codeScores(scratch.query, scratch.weights, query.scale, code, rowBytes, count, columns, scratch.scores);
    offer(kernel, scratch, top, { first, count, limit });
  });
  return top.unsorted();
}

/** What is read from an index's files. */
type FileScan = { source: Source; mean: Float32Array; query: Query; pieces: Pieces; most: number; limit: RunLimit };

/** The best rows of an index's files, read block by block; places are rows. */
export function topFiles(state: ThreadState, { source, mean, query, pieces, most, limit }: FileScan): Found {
  const block = makeBlock(state, source, mean);
  const { kernel, scratch, rowBytes, rows } = block;
  putQuery(kernel, scratch, rowBytes, query);
  const top = new TopScores(most);
  claim(pieces, (first, total) => {
    for (let done = 0; done < total; done += blockRows) {
      const count = Math.min(blockRows, total - done);
      readBlock(state, source, block, { firstRow: first + done, count });
      multiply(kernel, scratch, query, { rows, rowBytes, count });
      offer(kernel, scratch, top, { first: first + done, count, limit });
    }
  });
  return top.unsorted();
}

/** Cosines of a query with single rows of an index's files, in their order. */
export function scoreFiles(
  state: ThreadState,
  { source, mean, query, rows }: { source: Source; mean: Float32Array; query: Query; rows: Uint32Array },
): Float32Array<ArrayBuffer> {
  const block = makeBlock(state, source, mean);
  const { kernel, scratch, rowBytes } = block;
  putQuery(kernel, scratch, rowBytes, query);
  const scores = new Float32Array(rows.length);
  const out = new Float32Array(kernel.memory.buffer, scratch.scores, blockRows);
  for (let start = 0; start < rows.length;) {
    const first = rows[start] as number;
    let count = 1;
    while (count < blockRows && rows[start + count] === first + count) count++;
    readBlock(state, source, block, { firstRow: first, count });
    multiply(kernel, scratch, query, { rows: block.rows, rowBytes, count });
    scores.set(out.subarray(0, count), start);
    start += count;
  }
  return scores;
}

function putQuery(kernel: Kernel, scratch: Scratch, rowBytes: number, { vector, weights }: Query): void {
  putVector(kernel, scratch.query, rowBytes, vector);
  if (weights !== null) putVector(kernel, scratch.weights, rowBytes, weights);
}

type Rows = { rows: number; rowBytes: number; count: number };

function multiply(kernel: Kernel, scratch: Scratch, { weights }: Query, { rows, rowBytes, count }: Rows): void {
  if (weights === null) kernel.dots(scratch.query, rows, rowBytes, count, scratch.scores);
  else kernel.weightedDots(scratch.query, scratch.weights, rows, rowBytes, count, scratch.scores);
}

type Offered = { first: number; count: number; limit: RunLimit };

function offer(kernel: Kernel, scratch: Scratch, top: TopScores, { first, count, limit }: Offered): void {
  const scores = new Float32Array(kernel.memory.buffer, scratch.scores, pieceRows);
  const hits = new Uint32Array(kernel.memory.buffer, scratch.hits, pieceRows);
  // The kernel takes four at a time; what lies behind the last score is no number and is never among the best.
  scores.fill(Number.NaN, count, Math.min(pieceRows, Math.ceil(count / 4) * 4));
  const found = hits.subarray(0, kernel.reaching(scratch.scores, count, top.threshold, scratch.hits));
  if (limit !== null) return offerOfEach(top, { first, scores, hits: found, ...limit });
  for (const hit of found) top.add(scores[hit] as number, first + hit);
}

/** Offers the best `each` of every run that has hits, which come in the order of places. */
function offerOfEach(
  top: TopScores,
  { first, scores, hits, each, starts }: { first: number; scores: Float32Array; hits: Uint32Array; each: number; starts: Uint32Array },
): void {
  // The hits of one run, best first.
  const best: number[] = [];
  const finish = (): void => {
    for (const hit of best) top.add(scores[hit] as number, first + hit);
    best.length = 0;
  };
  let end = -1;
  for (const hit of hits) {
    const place = first + hit;
    if (place >= end) {
      finish();
      end = starts[runAtPlace(starts, place) + 1] ?? Infinity;
    }
    const score = scores[hit] as number;
    let at = best.length;
    while (at > 0 && (scores[best[at - 1] as number] as number) < score) at--;
    if (at === each) continue;
    best.splice(at, 0, hit);
    if (best.length > each) best.pop();
  }
  finish();
}
