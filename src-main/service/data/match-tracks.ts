/** @file Finds tracks of another library in this one: by their sound, and where that is not known, by their path. */
import type { TrackId } from '../../contract/index.ts';
import type { KeptTrack } from '../../store/index.ts';

/** For each wanted track its number here; null where it is not. */
export function matchTracks(wanted: readonly Pick<KeptTrack, 'path' | 'audioHash'>[], here: readonly KeptTrack[]): (TrackId | null)[] {
  const byHash = Map.groupBy(here, ({ audioHash }) => audioHash);
  const byPath = new Map(here.map((track) => [track.path, track]));
  return wanted.map(({ path, audioHash }) => {
    const same = audioHash === '' ? [] : (byHash.get(audioHash) ?? []);
    const [first, ...others] = same;
    if (first === undefined) return byPath.get(path)?.id ?? null;
    const best = others.reduce((found, one) => (commonEnd(one.path, path) > commonEnd(found.path, path) ? one : found), first);
    return best.id;
  });
}

/** How many parts at the end of two paths agree. */
function commonEnd(a: string, b: string): number {
  const [first, second] = [a, b].map((path) => path.split(/[\\/]/).toReversed());
  let count = 0;
  while (count < (first?.length ?? 0) && first?.[count] === second?.[count]) count++;
  return count;
}
