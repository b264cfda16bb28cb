/** @file Listeners that do not throw: an exception in an emitter's listener would end the whole process, whoever caused it. */

/**
 * Wraps a listener so that what it throws, or rejects with, goes to `onError` and no further.
 * @param onError hears of the error; what it throws itself is dropped
 */
export function contained<Args extends unknown[]>(
  listener: (...args: Args) => unknown,
  onError: (error: unknown, ...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    const fail = (error: unknown): void => {
      try {
        onError(error, ...args);
      } catch {
        // The last resort must not be what ends the process.
      }
    };
    try {
      const outcome = listener(...args);
      if (outcome instanceof Promise) outcome.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}

/** A defect in one line, for a log: the kind, the message, and where it was thrown. */
export function defectLine(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const where = /^\s+at (.*)$/m.exec(error.stack ?? '')?.[1];
  return oneLine(`${error.name}: ${error.message}${where === undefined ? '' : ` (${where})`}`);
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 1000);
}
