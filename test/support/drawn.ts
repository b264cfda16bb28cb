/** @file Numbers that Python scripts of `test/parity` draw by the same formula. */

/** Between 0 and 1, rounded to single precision. */
export function drawn(seed: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const x = Math.sin(seed * (i + 1) * 12.9898) * 43758.5453;
    return x - Math.floor(x);
  });
}
