/** @file Long sums in short slices, so that the core answers meanwhile. */

/** A slice may take this long. */
const sliceMs = 10;

/**
 * Makes a function to be waited for between two steps of the work: when a slice is over it lets everything else have its turn.
 * @param check called after each turn; what it throws ends the work
 */
export function breather(check: () => Promise<void> = () => Promise.resolve()): () => Promise<void> {
  let until = performance.now() + sliceMs;
  return async () => {
    if (performance.now() < until) return;
    await new Promise<void>((resolve) => void setImmediate(resolve));
    await check();
    until = performance.now() + sliceMs;
  };
}
