/**
 * @file The nearest neighbours of every row by Euclidean distance: all pairs of few rows; of many, trees of random planes (Dasgupta and Freund 2008) and then
 * neighbours of neighbours (Dong, Charikar and Li 2011, NN-descent).
 */
import type { Random } from '../base/index.ts';
import type { Rows } from './principal-components.ts';

/** Of each row its `k` nearest others, nearest first: `[count, k]`, parallel. */
export type NearestGraph = { k: number; count: number; neighbours: Int32Array; distances: Float32Array };

/** Rows up to which every pair is compared. */
export const mostExact = 4_000;
const [trees, leafRows, mostRounds, candidates] = [6, 40, 6, 14];

/** Finds the neighbours. @param onShare told how much is done, 0 to 1 */
export function nearestGraph(rows: Rows, k: number, random: Random, onShare: (share: number) => void = () => undefined): NearestGraph {
  const { count } = rows;
  const lists = new Lists(rows, Math.min(k, count - 1));
  if (count <= mostExact) {
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < a; b++) lists.offer(a, b);
      if (a % 256 === 0) onShare(a / count);
    }
    return lists.graph();
  }
  for (let tree = 0; tree < trees; tree++) {
    for (const leaf of leaves(rows, random))
      for (let a = 0; a < leaf.length; a++) for (let b = 0; b < a; b++) lists.offer(leaf[a] as number, leaf[b] as number);
    onShare((0.4 * (tree + 1)) / trees);
  }
  for (let round = 0; round < mostRounds; round++) {
    const changes = join(lists, random);
    onShare(0.4 + (0.6 * (round + 1)) / mostRounds);
    if (changes < 0.002 * count * lists.k) break;
  }
  return lists.graph();
}

/** Lists of the nearest found so far; squares of distances until the end. */
class Lists {
  readonly k: number;
  readonly ids: Int32Array;
  readonly squares: Float32Array;
  /** 1 where a neighbour has not been joined yet. */
  readonly fresh: Uint8Array;
  readonly rows: Rows;

  constructor(rows: Rows, k: number) {
    this.rows = rows;
    this.k = k;
    this.ids = new Int32Array(rows.count * k).fill(-1);
    this.squares = new Float32Array(rows.count * k).fill(Infinity);
    this.fresh = new Uint8Array(rows.count * k);
  }

  /** Compares two rows, and says how many lists that changed. */
  offer(a: number, b: number): number {
    const { k, squares } = this;
    const most = Math.max(squares[a * k + k - 1] as number, squares[b * k + k - 1] as number);
    const square = this.#square(a, b, most);
    return square >= most ? 0 : this.#put(a, b, square) + this.#put(b, a, square);
  }

  /** The square of a distance, or some of its terms where they reach `most` already. Components that vary most come first, so that few are enough. */
  #square(a: number, b: number, most: number): number {
    const { values, width } = this.rows;
    const end = a * width + width;
    const by = (b - a) * width;
    let [sum, at] = [0, a * width];
    for (; at + 8 <= end && sum < most; at += 8) {
      const d0 = (values[at] as number) - (values[at + by] as number);
      const d1 = (values[at + 1] as number) - (values[at + by + 1] as number);
      const d2 = (values[at + 2] as number) - (values[at + by + 2] as number);
      const d3 = (values[at + 3] as number) - (values[at + by + 3] as number);
      const d4 = (values[at + 4] as number) - (values[at + by + 4] as number);
      const d5 = (values[at + 5] as number) - (values[at + by + 5] as number);
      const d6 = (values[at + 6] as number) - (values[at + by + 6] as number);
      const d7 = (values[at + 7] as number) - (values[at + by + 7] as number);
      sum += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3 + (d4 * d4 + d5 * d5 + d6 * d6 + d7 * d7);
    }
    for (; at < end && sum < most; at++) sum += ((values[at] as number) - (values[at + by] as number)) ** 2;
    return Math.fround(sum);
  }

  #put(row: number, other: number, square: number): number {
    const { k, ids, squares, fresh } = this;
    const first = row * k;
    let at = first + k - 1;
    if (square >= (squares[at] as number)) return 0;
    for (let i = first; i < first + k; i++) if (ids[i] === other) return 0;
    for (; at > first && (squares[at - 1] as number) > square; at--) {
      squares[at] = squares[at - 1] as number;
      ids[at] = ids[at - 1] as number;
      fresh[at] = fresh[at - 1] as number;
    }
    squares[at] = square;
    ids[at] = other;
    fresh[at] = 1;
    return 1;
  }

  graph(): NearestGraph {
    return { k: this.k, count: this.rows.count, neighbours: this.ids, distances: this.squares.map(Math.sqrt) };
  }
}

/** Rows in leaves of a tree whose planes lie half-way between two rows that are drawn. */
function leaves({ values, count, width }: Rows, random: Random): Int32Array[] {
  const result: Int32Array[] = [];
  const open = [Int32Array.from({ length: count }, (_, row) => row)];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.length <= leafRows) {
      result.push(part);
      continue;
    }
    const a = (part[random.below(part.length)] as number) * width;
    const b = (part[random.below(part.length)] as number) * width;
    const sides = new Float64Array(part.length);
    for (let at = 0; at < part.length; at++) {
      const from = (part[at] as number) * width;
      let side = 0;
      for (let i = 0; i < width; i++) side += (values[from + i] as number) * ((values[a + i] as number) - (values[b + i] as number));
      sides[at] = side;
    }
    const middle = sides.toSorted()[part.length >> 1] as number;
    const left = part.filter((_, at) => (sides[at] as number) < middle);
    // Rows that no plane parts are halved as they come.
    const isParted = left.length > 0;
    open.push(isParted ? left : part.slice(0, part.length >> 1));
    open.push(isParted ? part.filter((_, at) => (sides[at] as number) >= middle) : part.slice(part.length >> 1));
  }
  return result;
}

/** One round of NN-descent: new neighbours of a row are compared with each other and with its old ones. */
function join(lists: Lists, random: Random): number {
  const { ids, fresh, k } = lists;
  const { count } = lists.rows;
  const [news, olds] = [new Drawn(count), new Drawn(count)];
  for (let row = 0; row < count; row++)
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = ids[at] as number;
      if (other < 0) continue;
      const to = fresh[at] === 1 ? news : olds;
      to.add(row, other, random);
      to.add(other, row, random);
    }
  for (let row = 0; row < count; row++)
    for (let at = row * k; at < (row + 1) * k; at++) if (fresh[at] === 1 && news.has(row, ids[at] as number)) fresh[at] = 0;
  let changes = 0;
  for (let row = 0; row < count; row++) {
    const [own, known] = [news.of(row), olds.of(row)];
    for (let i = 0; i < own.length; i++) {
      const a = own[i] as number;
      for (let j = 0; j < i; j++) if (own[j] !== a) changes += lists.offer(a, own[j] as number);
      for (const b of known) if (b !== a) changes += lists.offer(a, b);
    }
  }
  return changes;
}

/** For each row a few others, drawn evenly from all that were added (Vitter 1985, algorithm R). */
class Drawn {
  readonly #kept: Int32Array;
  readonly #seen: Int32Array;

  constructor(count: number) {
    this.#kept = new Int32Array(count * candidates);
    this.#seen = new Int32Array(count);
  }

  add(row: number, other: number, random: Random): void {
    const seen = this.#seen[row] as number;
    this.#seen[row] = seen + 1;
    const at = seen < candidates ? seen : random.below(seen + 1);
    if (at < candidates) this.#kept[row * candidates + at] = other;
  }

  of(row: number): Int32Array {
    return this.#kept.subarray(row * candidates, row * candidates + Math.min(candidates, this.#seen[row] as number));
  }

  has(row: number, other: number): boolean {
    return this.of(row).includes(other);
  }
}

/** The mean share of each row's nearest neighbours that are among its nearest in a map of the same rows. */
export function neighboursKept(rows: NearestGraph, map: NearestGraph): number {
  let kept = 0;
  for (let row = 0; row < rows.count; row++) {
    const own = new Set(map.neighbours.subarray(row * map.k, (row + 1) * map.k));
    for (let at = row * rows.k; at < (row + 1) * rows.k; at++) if (own.has(rows.neighbours[at] as number)) kept++;
  }
  return kept / (rows.count * rows.k);
}
