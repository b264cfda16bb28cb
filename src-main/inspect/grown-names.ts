/** @file Names that more of the top tracks bear than chance explains. */

/** A name by its place: how many of the top tracks bear it, and how often chance gives as many, for all names that were tried together. */
export type GrownName = { name: number; count: number; probability: number };

/** Names that chance gives more often than this are not told. */
const level = 0.05;

/**
 * Names by Fisher's exact test over tracks, one-sided: as if the top tracks were drawn from all. Tracks count once however many of their segments are top ones.
 * Corrected by Bonferroni for all names that were tried.
 * @param tops tracks of the top segments, by place
 * @param members tracks of each name
 * @returns those clear of chance, the rarest first
 */
export function grownNames(tops: Iterable<number>, members: readonly ArrayLike<number>[], tracks: number): GrownName[] {
  const drawn = new Set(tops);
  const logs = logFactorials(tracks);
  return members
    .map((own, name): GrownName => {
      const count = Array.from(own).filter((place) => drawn.has(place)).length;
      const tail = upperTail({ count, drawn: drawn.size, bearing: own.length, tracks }, logs);
      return { name, count, probability: Math.min(1, tail * members.length) };
    })
    .filter(({ probability }) => probability < level)
    .sort((a, b) => a.probability - b.probability || b.count - a.count || a.name - b.name);
}

/** Tracks in all, of which so many bear a name and so many are drawn; and how many are drawn that bear it. */
type Draw = { count: number; drawn: number; bearing: number; tracks: number };

/**
 * How often so many, or more, of the tracks that are drawn without putting back bear a name (hypergeometric distribution).
 * @param logs logarithms of factorials up to that of all tracks
 */
export function upperTail({ count, drawn, bearing, tracks }: Draw, logs: Float64Array = logFactorials(tracks)): number {
  const choose = (of: number, some: number): number => (logs[of] as number) - (logs[some] as number) - (logs[of - some] as number);
  let sum = 0;
  for (let some = Math.max(count, drawn + bearing - tracks); some <= Math.min(drawn, bearing); some++)
    sum += Math.exp(choose(bearing, some) + choose(tracks - bearing, drawn - some) - choose(tracks, drawn));
  return Math.min(1, sum);
}

/** From that of 0 on. */
function logFactorials(most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  for (let number = 2; number <= most; number++) logs[number] = (logs[number - 1] as number) + Math.log(number);
  return logs;
}
