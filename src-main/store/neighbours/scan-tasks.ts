/**
 * @file What threads do for a question. Work is cut into pieces that threads claim one after the other, so that one that the system keeps waiting
 * does not keep the others waiting.
 */
import { pieceRows } from './kernel.ts';
import type { Kernel, Scratch } from './kernel.ts';
import { codeQuery } from './quantise.ts';
import { meet, nextRows, rowsAtOnce } from './meeting.ts';
import type { Meeting } from './meeting.ts';
import { blockRows, makeBlock, putVector, readBlock } from './row-block.ts';
import type { RowBlock } from './row-block.ts';
import { runAtPlace } from './runs.ts';
import { codeAddresses, groupRows, leadFloats, rowAddress } from './space.ts';
import { TopScores } from './top-scores.ts';
import type { OpenSpace, Source, ThreadState } from './thread-state.ts';

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
export function claim({ pairs, turn }: Pieces, work: (first: number, count: number) => void): void {
  for (let at = Atomics.add(turn, 0, 1); 2 * at < pairs.length; at = Atomics.add(turn, 0, 1))
    work(pairs[2 * at] as number, pairs[2 * at + 1] as number);
}

/** Writes the cosines of a query with a space of rows to `scores`, which the threads share, float32 `[places]`. */
export function scoreRows(
  state: ThreadState,
  { spaceId, query, pieces, scores }: { spaceId: number; query: Query; pieces: Pieces; scores: Float32Array },
): void {
  const space = state.space(spaceId);
  const { kernel, scratch, rowBytes } = space;
  putQuery(kernel, scratch, rowBytes, query);
  claim(pieces, (first, count) => {
    multiply(kernel, scratch, query, { rows: rowAddress(space, first), rowBytes, count });
    scores.set(new Float32Array(kernel.memory.buffer, scratch.scores, count), first);
  });
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

/** A search by codes: what the codes propose is compared in float32, read from the index's files. */
export type CodeSearch = {
  spaceId: number;
  coded: CodedQuery;
  query: Query;
  source: Source;
  mean: Float32Array;
  pieces: Pieces;
  limit: RunLimit;
  /** Where each run starts, in the space and in the files. */
  runs: { starts: Uint32Array; firstRows: Uint32Array };
  /** Takes as many as the codes shall propose. */
  meeting: Meeting;
};

/**
 * Looks at the codes that this thread claims, waits for the others, and compares the proposals of all that it claims then; what comes out is in the
 * meeting, as rows.
 * @throws AppError what reading throws; the other threads then go on without proposals
 */
export function nearestByCodes(state: ThreadState, search: CodeSearch): void {
  const { meeting, source, mean, query, runs } = search;
  const rows = meet(meeting, () => {
    const top = new TopScores(meeting.rows.length);
    scanCodes(state, search, top);
    const rowOf = (place: number): number => {
      const run = runAtPlace(runs.starts, place);
      return (runs.firstRows[run] as number) + place - (runs.starts[run] as number);
    };
    return { ...top.unsorted(), rowOf };
  });
  const block = makeBlock(state, source, mean);
  putQuery(block.kernel, block.scratch, block.rowBytes, query);
  for (let at = nextRows(meeting); at < rows.length; at = nextRows(meeting)) {
    const some = rows.subarray(at, at + rowsAtOnce);
    scoreRowsOfFiles(state, { source, query, block, rows: some }, { ...meeting, first: at });
  }
}

/** Makes the one that scores so many segments of a space of codes from a place on that begins a group; the scores lie in the thread's own place. */
export function codeScorer(space: OpenSpace, { codes, scale, lead }: CodedQuery): (first: number, count: number) => void {
  const { kernel, scratch, rowBytes } = space;
  new Uint8Array(kernel.memory.buffer, scratch.query, rowBytes).set(codes);
  new Float32Array(kernel.memory.buffer, scratch.weights, leadFloats).set(lead);
  return (first, count) => {
    const { code, group } = codeAddresses(space, first);
    kernel.codeScores(scratch.query, scratch.weights, scale, code, rowBytes, count, group, scratch.scores);
  };
}

function scanCodes(state: ThreadState, { spaceId, coded, pieces, limit }: CodeSearch, top: TopScores): void {
  const space = state.space(spaceId);
  const { kernel, scratch } = space;
  const score = codeScorer(space, coded);
  claim(pieces, (first, count) => {
    const before = first % groupRows;
    score(first - before, before + count);
    new Float32Array(kernel.memory.buffer, scratch.scores, before).fill(Number.NaN);
    offer(kernel, scratch, top, { first: first - before, count: before + count, limit });
  });
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

type SomeRows = { source: Source; query: Query; block: RowBlock; rows: Uint32Array };
type Results = { cosines: Float32Array; vectors: Float32Array; first: number };

/** Writes some rows of an index's files, ascending, and the cosine of a query with each, from `first` on; the query lies in the block already. */
function scoreRowsOfFiles(
  state: ThreadState,
  { source, query, block, rows }: SomeRows,
  { cosines, vectors, first: firstResult }: Results,
): void {
  const { dimensions } = source;
  const { kernel, scratch, rowBytes } = block;
  const out = new Float32Array(kernel.memory.buffer, scratch.scores, blockRows);
  for (let start = 0; start < rows.length;) {
    const first = rows[start] as number;
    let count = 1;
    while (count < blockRows && rows[start + count] === first + count) count++;
    readBlock(state, source, block, { firstRow: first, count });
    multiply(kernel, scratch, query, { rows: block.rows, rowBytes, count });
    cosines.set(out.subarray(0, count), firstResult + start);
    for (let i = 0; i < count; i++)
      vectors.set(new Float32Array(kernel.memory.buffer, block.rows + i * rowBytes, dimensions), (firstResult + start + i) * dimensions);
    start += count;
  }
}

/** Puts a query, and its weights, where the kernel looks for them. */
export function putQuery(kernel: Kernel, scratch: Scratch, rowBytes: number, { vector, weights }: Query): void {
  putVector(kernel, scratch.query, rowBytes, vector);
  if (weights !== null) putVector(kernel, scratch.weights, rowBytes, weights);
}

type Rows = { rows: number; rowBytes: number; count: number };

function multiply(kernel: Kernel, scratch: Scratch, { weights }: Query, { rows, rowBytes, count }: Rows): void {
  if (weights === null) kernel.dots(scratch.query, rows, rowBytes, count, scratch.scores);
  else kernel.weightedDots(scratch.query, scratch.weights, rows, rowBytes, count, scratch.scores);
}

type Offered = { first: number; count: number; limit: RunLimit };

/** Offers the scores of a piece that can be among the best. */
export function offer(kernel: Kernel, scratch: Scratch, top: TopScores, { first, count, limit }: Offered): void {
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
