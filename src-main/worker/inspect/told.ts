/** @file How a thread tells how far it is. */

/** Takes how much is done. */
export type Told = (done: number) => void;

/** Passes on one of `every`, so that telling takes no time. */
export function seldom(every: number, tell: Told): Told {
  return (done) => {
    if (done % every === 0) tell(done);
  };
}
