/** @file The leading eigenvectors of a symmetric matrix, by orthogonal iteration with Rayleigh and Ritz’s step (Golub and Van Loan, Matrix Computations, 8.2.4). */
import type { Random } from '../base/index.ts';

/** `tolerance`: it ends once no eigenvalue changes by more than that share of the matrix's trace, or after so many rounds. */
export type VectorSearch = { random: Random; mostRounds: number; tolerance: number };

/** More than are asked for converge with them, so that the last of them does in few rounds. */
const beyond = 8;

/**
 * The eigenvectors of the greatest eigenvalues, the greatest first, of length 1; 0 where nothing is left.
 * @param matrix `[width, width]`, symmetric, without negative eigenvalues
 */
export function leadingVectors(
  matrix: Float64Array,
  { width, count }: { width: number; count: number },
  { random, mostRounds, tolerance }: VectorSearch,
): { values: number[]; vectors: Float64Array[] } {
  const wide = Math.min(width, count + beyond);
  let trace = 0;
  for (let at = 0; at < width; at++) trace += matrix[at * width + at] as number;
  let basis: Float64Array[] = Array.from({ length: wide }, () => Float64Array.from({ length: width }, () => random.normal()));
  let before: number[] = [];
  let values: number[] = [];
  for (let round = 0; round < mostRounds; round++) {
    orthonormalise(basis);
    const images = basis.map((vector) => multiply(matrix, vector));
    ({ values, basis } = ritz(basis, images));
    if (values.slice(0, count).every((value, at) => Math.abs(value - (before[at] ?? 0)) <= tolerance * trace)) break;
    before = values;
  }
  orthonormalise(basis);
  return { values: values.slice(0, count), vectors: basis.slice(0, count) };
}

/** Products of rows `[rows, width]` with a vector; four sums run side by side, so that no addition waits for the one before. */
export function multiply(rows: Float64Array, vector: Float64Array): Float64Array {
  const width = vector.length;
  const by = width - (width % 4);
  const sums = new Float64Array(rows.length / width);
  for (let at = 0; at < sums.length; at++) {
    const from = at * width;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < by; i += 4) {
      a += (vector[i] as number) * (rows[from + i] as number);
      b += (vector[i + 1] as number) * (rows[from + i + 1] as number);
      c += (vector[i + 2] as number) * (rows[from + i + 2] as number);
      d += (vector[i + 3] as number) * (rows[from + i + 3] as number);
    }
    for (let i = by; i < width; i++) a += (vector[i] as number) * (rows[from + i] as number);
    sums[at] = a + b + (c + d);
  }
  return sums;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

/** Gram and Schmidt’s way, twice; a vector that adds nothing becomes 0. */
function orthonormalise(basis: Float64Array[]): void {
  for (const [at, vector] of basis.entries()) {
    const length = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < 2; pass++)
      for (const other of basis.slice(0, at)) {
        const part = dot(vector, other);
        for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) - part * (other[i] as number);
      }
    const rest = Math.sqrt(dot(vector, vector));
    const scale = rest > 1e-12 * length ? 1 / rest : 0;
    for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * scale;
  }
}

/** Turns a basis’s images so that they are those of its own best approximations, by cyclic Jacobi rotations; the greatest first. */
function ritz(basis: readonly Float64Array[], images: readonly Float64Array[]): { values: number[]; basis: Float64Array[] } {
  const size = basis.length;
  const small = new Float64Array(size * size);
  for (let a = 0; a < size; a++)
    for (let b = a; b < size; b++) small[a * size + b] = small[b * size + a] = dot(basis[a] as Float64Array, images[b] as Float64Array);
  const turned = jacobi(small, size);
  const order = Array.from({ length: size }, (_, at) => at).sort(
    (a, b) => (small[b * size + b] as number) - (small[a * size + a] as number),
  );
  const mixed = order.map((column) => {
    const vector = new Float64Array(images[0]?.length ?? 0);
    for (const [row, image] of images.entries()) {
      const part = turned[row * size + column] as number;
      for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) + part * (image[i] as number);
    }
    return vector;
  });
  return { values: order.map((at) => small[at * size + at] as number), basis: mixed };
}

/** Makes a symmetric matrix diagonal, in place (Golub and Van Loan, 8.5). @returns its eigenvectors as columns */
function jacobi(matrix: Float64Array, size: number): Float64Array {
  const vectors = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < 50; sweep++) {
    let hasTurned = false;
    for (let p = 0; p < size - 1; p++)
      for (let q = p + 1; q < size; q++) {
        const [pp, qq, pq] = [matrix[p * size + p] as number, matrix[q * size + q] as number, matrix[p * size + q] as number];
        if (Math.abs(pq) <= 1e-17 * (Math.abs(pp) + Math.abs(qq))) continue;
        hasTurned = true;
        const angle = 0.5 * Math.atan2(2 * pq, pp - qq);
        const turn = { cos: Math.cos(angle), sin: Math.sin(angle), p, q, size };
        turnColumns(matrix, turn);
        turnRows(matrix, turn);
        turnColumns(vectors, turn);
      }
    if (!hasTurned) break;
  }
  return vectors;
}

type Turn = { cos: number; sin: number; p: number; q: number; size: number };

function turnColumns(matrix: Float64Array, { cos, sin, p, q, size }: Turn): void {
  for (let row = 0; row < size; row++) turnPair(matrix, [row * size + p, row * size + q], { cos, sin });
}

function turnRows(matrix: Float64Array, { cos, sin, p, q, size }: Turn): void {
  for (let column = 0; column < size; column++) turnPair(matrix, [p * size + column, q * size + column], { cos, sin });
}

function turnPair(matrix: Float64Array, [a, b]: readonly [number, number], { cos, sin }: Pick<Turn, 'cos' | 'sin'>): void {
  const [x, y] = [matrix[a] as number, matrix[b] as number];
  matrix[a] = cos * x + sin * y;
  matrix[b] = cos * y - sin * x;
}
