/** @file A few of many, spread over all of them. */

/** At most `most` of the numbers below `count`, evenly apart; all where there are no more. */
export function evenly(count: number, most: number): number[] {
  const taken = Math.min(count, most);
  return Array.from({ length: taken }, (_, at) => Math.floor(((at + 0.5) * count) / taken));
}
