/** @file Principal components of neurons: what many of them have in common. */
import { seededRandom } from '../base/index.ts';

/** The first components. */
export type PrincipalComponents = {
  /** Correlations of neurons with components, `[neurons × components]`; 0 for neurons that do not differ. */
  loadings: Float64Array;
  /** Variance of each component, in neurons; all together are as many as neurons that differ. */
  variances: number[];
  /** Neurons that differ between segments. */
  alive: number;
};

const mostRounds = 400;
/** More than are asked for converge with them, so that the last of them does in few rounds. */
const beyond = 8;

/**
 * Components of the correlations between neurons, by orthogonal iteration with Rayleigh and Ritz’s step (Golub and Van Loan, Matrix Computations, 8.2.4).
 * @param rows `[segments, dimensions]`, each neuron with mean 0 and deviation 1 or, where it does not differ, 0
 */
export function principalComponents(rows: Float32Array, dimensions: number, components: number): PrincipalComponents {
  const correlations = correlationsOf(rows, dimensions);
  let alive = 0;
  for (let at = 0; at < dimensions; at++) if ((correlations[at * dimensions + at] as number) > 0) alive++;
  const wide = Math.min(dimensions, components + beyond);
  const random = seededRandom(1);
  let basis: Float64Array[] = Array.from({ length: wide }, () => Float64Array.from({ length: dimensions }, () => random.normal()));
  let before: number[] = [];
  let values: number[] = [];
  for (let round = 0; round < mostRounds; round++) {
    orthonormalise(basis);
    const images = basis.map((vector) => timesVector(correlations, vector));
    ({ values, basis } = ritz(basis, images));
    if (values.slice(0, components).every((value, at) => Math.abs(value - (before[at] ?? 0)) <= 1e-15 * dimensions)) break;
    before = values;
  }
  orthonormalise(basis);
  const loadings = new Float64Array(dimensions * components);
  for (let component = 0; component < components; component++)
    for (let neuron = 0; neuron < dimensions; neuron++)
      loadings[neuron * components + component] = (basis[component]?.[neuron] ?? 0) * Math.sqrt(Math.max(0, values[component] ?? 0));
  return { loadings, variances: Array.from({ length: components }, (_, at) => Math.max(0, values[at] ?? 0)), alive };
}

function correlationsOf(rows: Float32Array, dimensions: number): Float64Array {
  const products = new Float64Array(dimensions * dimensions);
  const segments = rows.length / dimensions;
  for (let from = 0; from < rows.length; from += dimensions)
    for (let a = 0; a < dimensions; a++) {
      const value = (rows[from + a] as number) / segments;
      if (value === 0) continue;
      const line = a * dimensions;
      for (let b = a; b < dimensions; b++) products[line + b] = (products[line + b] as number) + value * (rows[from + b] as number);
    }
  for (let a = 0; a < dimensions; a++) for (let b = 0; b < a; b++) products[a * dimensions + b] = products[b * dimensions + a] as number;
  return products;
}

function timesVector(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let column = 0; column < size; column++) sum += (matrix[row * size + column] as number) * (vector[column] as number);
    return sum;
  });
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
