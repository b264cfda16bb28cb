/** @file IEEE half-precision numbers as they lie on disk: their order as integers, and rounding. */

/**
 * Maps a half's 16 bits to an unsigned integer with the same order as the numbers: larger number, larger integer. NaN sorts below everything.
 * @param bits the half's bits, 0..65535
 */
export function halfOrder(bits: number): number {
  if ((bits & 0x7fff) > 0x7c00) return 0;
  return bits & 0x8000 ? 0xffff - bits : bits + 0x8000;
}
