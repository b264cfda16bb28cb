/**
 * @file One comparison of Earmark's numbers with reference values made by another program. A relative error is the largest absolute difference
 * divided by the largest absolute reference value: max|a − b| / max|b|.
 */

/** One comparison; what could not be compared has an infinite error. The name of one that failed, or that has another length, says so. */
export type ParityCheck = { file: string; name: string; relativeError: number; tolerance: number; ok: boolean };

/** What is compared, and the largest relative error that passes. */
export type Compared = { name: string; ours: ArrayLike<number>; reference: ArrayLike<number>; tolerance: number };

/** Compares with numbers of the reference file `file`. Numbers that are none, and a reference of zeros or of nothing, give an infinite error. */
export function checkParity(file: string, { name, ours, reference, tolerance }: Compared): ParityCheck {
  if (ours.length !== reference.length)
    return { file, name: `${name}: ${ours.length} numbers instead of ${reference.length}`, relativeError: Infinity, tolerance, ok: false };
  let [difference, largest] = [0, 0];
  // `Math.max` keeps a NaN once it has met one.
  for (let i = 0; i < reference.length; i++) {
    const value = reference[i] ?? NaN;
    difference = Math.max(difference, Math.abs((ours[i] ?? NaN) - value));
    largest = Math.max(largest, Math.abs(value));
  }
  const quotient = difference / largest;
  const relativeError = Number.isNaN(quotient) ? Infinity : quotient;
  return { file, name, relativeError, tolerance, ok: relativeError <= tolerance };
}
