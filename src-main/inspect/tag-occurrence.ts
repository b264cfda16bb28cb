/** @file How often labels are among the segments that a neuron hears most (Spijkervet 2021, MSc thesis, Fig. 7.8). */

/**
 * Counts them.
 * @param tops of each neuron, the tracks (by place) of its top segments
 * @param members tracks of each label
 * @returns `[neurons][labels]`
 */
export function countOccurrences(tops: readonly Int32Array[], members: readonly ArrayLike<number>[], tracks: number): number[][] {
  const counts = tops.map(() => members.map(() => 0));
  for (const [label, own] of members.entries()) {
    const isMember = new Uint8Array(tracks);
    for (let at = 0; at < own.length; at++) isMember[own[at] as number] = 1;
    for (const [neuron, top] of tops.entries())
      (counts[neuron] as number[])[label] = top.reduce((sum, track) => sum + (isMember[track] as number), 0);
  }
  return counts;
}

/**
 * By how many deviations a count exceeds what as many segments drawn at random would have (binomial); 0 where that cannot be told.
 * @param share of all segments that bear the label, 0 to 1
 */
export function excess(count: number, drawn: number, share: number): number {
  const deviation = Math.sqrt(drawn * share * (1 - share));
  return deviation > 0 ? (count - drawn * share) / deviation : 0;
}
