/** @file Doing a thing once after a burst of reasons to do it. */

/** A function that runs a while after its last call; `flush` runs it at once if it waits. */
export type Debounced<Arguments extends unknown[]> = ((...given: Arguments) => void) & { flush(): void; cancel(): void };

/**
 * Delays `run` until `waitMs` have passed without another call.
 * @param longestMs runs after this long even if the calls do not pause
 */
export function debounce<Arguments extends unknown[]>(
  run: (...given: Arguments) => void,
  waitMs: number,
  longestMs = Infinity,
): Debounced<Arguments> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: Arguments | undefined;
  let due = 0;
  const flush = (): void => {
    clearTimeout(timer);
    const given = waiting;
    waiting = undefined;
    if (given !== undefined) run(...given);
  };
  const cancel = (): void => {
    clearTimeout(timer);
    waiting = undefined;
  };
  const debounced = (...given: Arguments): void => {
    clearTimeout(timer);
    const now = Date.now();
    if (waiting === undefined) due = now + longestMs;
    waiting = given;
    timer = setTimeout(flush, Math.max(0, Math.min(waitMs, due - now)));
  };
  return Object.assign(debounced, { flush, cancel });
}
