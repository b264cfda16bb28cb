/**
 * @file Varimax: turns components so that each leans on few features (thesis, Fig. 7.6). The iteration is Kaiser's criterion by singular vectors, as
 * scikit-learn’s `_ortho_rotation` goes, without Kaiser’s normalisation; the nearest rotation is found by one-sided Jacobi turns.
 */

/** Loadings that were turned, and by what. */
export interface Rotated {
  /** `[features × components]`. */
  readonly loadings: Float64Array;
  /** `[components × components]`, orthogonal: `loadings = given · rotation`. */
  readonly rotation: Float64Array;
}

/** Turns loadings `[features × components]` to the varimax criterion; ends when the criterion grows by less than a share of 1e-12, or after 1 000 rounds. */
export function varimax(given: Float64Array, components: number): Rotated {
  let rotation = identity(components);
  let before = 0;
  for (let round = 0; round < 1000; round += 1) {
    const turned = timesSquare(given, rotation, components);
    const next = nearestRotation(ascent(given, turned, components), components);
    rotation = next.rotation;
    if (next.sum <= before * (1 + 1e-12)) break;
    before = next.sum;
  }
  return { loadings: timesSquare(given, rotation, components), rotation };
}

/** Numbers of the features that load a component most, by magnitude, strongest first. */
export function strongestFeatures(loadings: Float64Array, components: number, component: number, count: number): number[] {
  const size = (feature: number): number => Math.abs(loadings[feature * components + component] ?? 0);
  return Array.from({ length: loadings.length / components }, (_, feature) => feature)
    .sort((a, b) => size(b) - size(a) || a - b)
    .slice(0, count);
}

function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
}

function timesSquare(rows: Float64Array, square: Float64Array, size: number): Float64Array {
  return rows.map((_, at) => {
    const start = at - (at % size);
    let sum = 0;
    for (let k = 0; k < size; k += 1) sum += (rows[start + k] ?? 0) * (square[k * size + (at % size)] ?? 0);
    return sum;
  });
}

/** The criterion's gradient at the turned loadings, `[components × components]`. */
function ascent(given: Float64Array, turned: Float64Array, size: number): Float64Array {
  const features = given.length / size;
  const squares = new Float64Array(size);
  turned.forEach((value, at) => (squares[at % size] = (squares[at % size] ?? 0) + value ** 2 / features));
  const gradient = new Float64Array(size * size);
  turned.forEach((value, at) => {
    const pull = value ** 3 - value * (squares[at % size] ?? 0);
    const start = at - (at % size);
    for (let k = 0; k < size; k += 1)
      gradient[k * size + (at % size)] = (gradient[k * size + (at % size)] ?? 0) + (given[start + k] ?? 0) * pull;
  });
  return gradient;
}

/** The orthogonal matrix nearest to a square one (its singular vectors' product), and the sum of its singular values. */
function nearestRotation(square: Float64Array, size: number): { rotation: Float64Array; sum: number } {
  const left = square.slice();
  const right = identity(size);
  for (let sweep = 0; sweep < 60 && turnPairs(left, right, size); sweep += 1);
  const lengths = Array.from({ length: size }, (_, column) => Math.sqrt(dotColumns(left, size, column, column)));
  normalise(left, size, lengths);
  const rotation = new Float64Array(size * size).map((_, at) => {
    let sum = 0;
    const [row, column] = [Math.floor(at / size), at % size];
    for (let k = 0; k < size; k += 1) sum += (left[row * size + k] ?? 0) * (right[column * size + k] ?? 0);
    return sum;
  });
  return { rotation, sum: lengths.reduce((sum, length) => sum + length, 0) };
}

/** Makes columns of these lengths unit vectors; one without a direction becomes some vector that is orthogonal to all others. */
function normalise(columns: Float64Array, size: number, lengths: readonly number[]): void {
  const least = 1e-13 * Math.max(...lengths);
  const known = [...lengths.keys()].filter((column) => (lengths[column] as number) > least);
  for (const column of known)
    for (let row = 0; row < size; row += 1)
      columns[row * size + column] = (columns[row * size + column] ?? 0) / (lengths[column] as number);
  for (const column of lengths.keys()) {
    if (known.includes(column)) continue;
    for (let axis = 0; axis < size && !standOrthogonal(columns, size, { column, axis, known }); axis += 1);
    known.push(column);
  }
}

/** Puts what an axis adds to the known columns in a column's place; false where it adds too little to be exact. */
function standOrthogonal(
  columns: Float64Array,
  size: number,
  { column, axis, known }: { column: number; axis: number; known: readonly number[] },
): boolean {
  for (let row = 0; row < size; row += 1) columns[row * size + column] = row === axis ? 1 : 0;
  for (let pass = 0; pass < 2; pass += 1)
    for (const other of known) {
      const part = dotColumns(columns, size, column, other);
      for (let row = 0; row < size; row += 1)
        columns[row * size + column] = (columns[row * size + column] ?? 0) - part * (columns[row * size + other] ?? 0);
    }
  const length = Math.sqrt(dotColumns(columns, size, column, column));
  if (length < 0.5 / Math.sqrt(size)) return false;
  for (let row = 0; row < size; row += 1) columns[row * size + column] = (columns[row * size + column] ?? 0) / length;
  return true;
}

function dotColumns(matrix: Float64Array, size: number, a: number, b: number): number {
  let sum = 0;
  for (let row = 0; row < size; row += 1) sum += (matrix[row * size + a] ?? 0) * (matrix[row * size + b] ?? 0);
  return sum;
}

/** One sweep that makes every pair of columns orthogonal; tells whether any was not. */
function turnPairs(left: Float64Array, right: Float64Array, size: number): boolean {
  let hasTurned = false;
  for (let a = 0; a < size; a += 1) {
    for (let b = a + 1; b < size; b += 1) {
      const [aa, bb, ab] = [dotColumns(left, size, a, a), dotColumns(left, size, b, b), dotColumns(left, size, a, b)];
      if (Math.abs(ab) <= 1e-15 * Math.sqrt(aa * bb)) continue;
      hasTurned = true;
      const angle = 0.5 * Math.atan2(2 * ab, aa - bb);
      for (const matrix of [left, right]) turnColumns(matrix, size, [a, b], angle);
    }
  }
  return hasTurned;
}

function turnColumns(matrix: Float64Array, size: number, [a, b]: readonly [number, number], angle: number): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row < size; row += 1) {
    const [x, y] = [matrix[row * size + a] ?? 0, matrix[row * size + b] ?? 0];
    matrix[row * size + a] = cos * x + sin * y;
    matrix[row * size + b] = cos * y - sin * x;
  }
}
