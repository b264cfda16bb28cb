/** @file Checks of what must hold; a failed one is a defect of the program, not of its input. */

/** Throws when `condition` is false; `what` says what should have held. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`Assertion failed: ${what}`);
}

/** Returns `value`, or throws when it is `null` or `undefined`. */
export function defined<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Assertion failed: ${what} is missing`);
  return value;
}

/** Marks a branch that no value reaches; the compiler checks it. */
export function unreachable(value: never): never {
  throw new Error(`Assertion failed: unexpected ${JSON.stringify(value)}`);
}
