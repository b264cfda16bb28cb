/** @file What tracks of a map have in common, as groups that colours tell apart. */
import { dirname } from 'node:path';
import { toBase64 } from '../../contract/index.ts';
import type { MapGrouping, MapGroups, TrackId } from '../../contract/index.ts';
import { fold, tagLabel } from '../../store/index.ts';
import type { Store } from '../../store/index.ts';

/** More colours could not be told apart. */
const mostGroups = 10;
const tracksAtOnce = 500;

/** A name and its key: what is spelled alike is one group. */
type Named = { key: string; name: string };

/** Parts tracks into groups. @param points of each track */
export async function mapGroups(
  store: Pick<Store, 'tracks' | 'tags'>,
  { trackIds, points, by }: { trackIds: readonly TrackId[]; points: Int32Array; by: MapGrouping },
  pause: () => Promise<void>,
): Promise<MapGroups> {
  const names = by === 'tag' ? await ownTags(store, trackIds, pause) : await fields(store, { trackIds, by, pause });
  const found = new Map<string, { name: string; points: number }>();
  for (const [place, named] of names.entries()) {
    if (named === null) continue;
    const group = found.get(named.key) ?? { name: named.name, points: 0 };
    group.points += points[place] as number;
    found.set(named.key, group);
  }
  const largest = [...found].sort(([, a], [, b]) => b.points - a.points).slice(0, mostGroups);
  const numberOf = new Map(largest.map(([key], number) => [key, number]));
  const groupOf = Int32Array.from(names, (named) => (named === null ? -1 : (numberOf.get(named.key) ?? -1)));
  const shown = largest.reduce((sum, [, group]) => sum + group.points, 0);
  return {
    groups: largest.map(([, group]) => group),
    others: found.size - largest.length,
    otherPoints: points.reduce((sum, one) => sum + one, 0) - shown,
    groupOf: toBase64(new Uint8Array(groupOf.buffer)),
  };
}

async function fields(
  { tracks }: Pick<Store, 'tracks'>,
  { trackIds, by, pause }: { trackIds: readonly TrackId[]; by: Exclude<MapGrouping, 'tag'>; pause: () => Promise<void> },
): Promise<(Named | null)[]> {
  const names = new Map<TrackId, Named>();
  for (let from = 0; from < trackIds.length; from += tracksAtOnce) {
    await pause();
    for (const { id, title, artist, album, genre, path } of tracks.whole(trackIds.slice(from, from + tracksAtOnce))) {
      const folder = dirname(path);
      const name = { track: title, artist, album, genre, folder: folder.split(/[/\\]/).at(-1) ?? folder }[by].trim();
      const key = by === 'track' ? String(id) : by === 'folder' ? folder : fold(name);
      if (name !== '') names.set(id, { key, name });
    }
  }
  return trackIds.map((trackId) => names.get(trackId) ?? null);
}

/** The tag of each track; of several the one that fewest tracks have, which says most. */
async function ownTags({ tags }: Pick<Store, 'tags'>, trackIds: readonly TrackId[], pause: () => Promise<void>): Promise<(Named | null)[]> {
  const placeOf = new Map(trackIds.map((trackId, place) => [trackId, place]));
  const names: (Named | null)[] = trackIds.map(() => null);
  const all: { named: Named; places: number[] }[] = [];
  for (const tag of tags.list()) {
    await pause();
    const places = tags.tracksWith(tag.id).flatMap((trackId) => placeOf.get(trackId) ?? []);
    all.push({ named: { key: String(tag.id), name: tagLabel(tag) }, places });
  }
  for (const { named, places } of all.sort((a, b) => b.places.length - a.places.length)) for (const place of places) names[place] = named;
  return names;
}
