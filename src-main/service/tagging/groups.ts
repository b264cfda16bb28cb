/** @file What never stands on both sides of a cut: everything of an artist, or of an album. */
import type { TrackId } from '../../contract/index.ts';

/** Tracks that share an artist (or album) share a number; a blank one is alone. */
export function groupsBy(groupBy: 'artist' | 'album', columns: { artists: Int32Array; albums: Int32Array }): (trackId: TrackId) => number {
  const [first, second] = groupBy === 'artist' ? [columns.artists, columns.albums] : [columns.albums, columns.artists];
  const many = columns.artists.length;
  return (trackId) => {
    const [own, other] = [first[trackId] ?? -1, second[trackId] ?? -1];
    return own >= 0 ? own : other >= 0 ? many + other : 2 * many + trackId;
  };
}
