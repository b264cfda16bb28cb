/** @file Short names of folders. */

const partsOf = (path: string): string[] => path.split(/[\\/]/).filter((part) => part !== '');

/** The shortest end of a path, in whole names, that none of the others ends with; the whole path's names where there is none. */
export function tellingEnd(path: string, others: readonly string[]): string {
  const [own, all] = [partsOf(path), others.map(partsOf)];
  const end = (parts: readonly string[], count: number): string => parts.slice(-count).join('/');
  let count = 1;
  while (count < own.length && all.some((parts) => end(parts, count) === end(own, count))) count++;
  return end(own, count);
}
