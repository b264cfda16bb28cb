/** @file Eigenvalues of a small symmetric matrix, by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, section 8.5). */

const mostSweeps = 30;

/** @param matrix `[size, size]`, symmetric; it is used up */
export function symmetricEigenvalues(matrix: Float64Array, size: number): number[] {
  const at = (row: number, column: number): number => matrix[row * size + column] ?? 0;
  const scale = matrix.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0;
    for (let row = 0; row < size; row++) for (let column = row + 1; column < size; column++) off += at(row, column) ** 2;
    if (off <= 1e-18 * scale) break;
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(matrix, { size, p, q });
  }
  return Array.from({ length: size }, (_, index) => at(index, index));
}

/** Turns the plane of two axes so that their product becomes zero. */
function rotate(matrix: Float64Array, { size, p, q }: { size: number; p: number; q: number }): void {
  const product = matrix[p * size + q] ?? 0;
  if (product === 0) return;
  const theta = ((matrix[q * size + q] ?? 0) - (matrix[p * size + p] ?? 0)) / (2 * product);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let i = 0; i < size; i++) {
    const [a, b] = [matrix[i * size + p] ?? 0, matrix[i * size + q] ?? 0];
    matrix[i * size + p] = cosine * a - sine * b;
    matrix[i * size + q] = sine * a + cosine * b;
  }
  for (let i = 0; i < size; i++) {
    const [a, b] = [matrix[p * size + i] ?? 0, matrix[q * size + i] ?? 0];
    matrix[p * size + i] = cosine * a - sine * b;
    matrix[q * size + i] = sine * a + cosine * b;
  }
}
