/** @file Work in steps, each the `next` of a generator. */

/** Carries out all steps at once. */
export function inOneStep<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Lets others have their turn between two steps. */
export type Pause = () => Promise<void>;

/** Carries out steps; `pause` is waited for between two. */
export async function inSteps<Result>(steps: Generator<void, Result>, pause: Pause): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pause();
  }
}
