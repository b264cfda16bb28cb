/** @file Work in steps, each the `next` of a generator. */

/** Carries out all steps at once. */
export function inOneStep<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
