/** @file What tracks are called, as names for neurons: a person's own tags, genres, artists, albums and decades. */
import type { NameKind, TrackId } from '../../contract/index.ts';
import { leastExamples } from '../../inspect/index.ts';
import type { Labels } from '../../inspect/index.ts';
import { fold, tagLabel } from '../../store/index.ts';
import type { Store } from '../../store/index.ts';

/** A name that is tried. */
export type TriedName = { kind: NameKind; name: string };

/** Names, the tracks of each by place, and each track's group for intervals. */
export type TrackNames = Labels & { names: TriedName[]; isByArtist: boolean };

/** More names would cost more certainty of each than they tell. */
const mostNames = 200;
const tracksAtOnce = 500;

type Found = { kind: NameKind; name: string; places: number[] };

/** Gathers names of at least some tracks and not nearly all; a person's tags come first, then those of most tracks. */
export async function namesOf(
  { tracks, tags }: Pick<Store, 'tracks' | 'tags'>,
  trackIds: readonly TrackId[],
  pause: () => Promise<void>,
): Promise<TrackNames> {
  const found = new Map<string, Found>();
  const artists = new Map<string, number>();
  const groups = new Int32Array(trackIds.length);
  const join = (kind: NameKind, text: string, place: number): void => {
    const name = text.trim();
    if (name === '') return;
    const key = `${kind} ${fold(name)}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { kind, name, places: [place] });
    else if (known.places.at(-1) !== place) known.places.push(place);
  };
  for (let from = 0; from < trackIds.length; from += tracksAtOnce) {
    await pause();
    const fields = new Map(tracks.summaries(trackIds.slice(from, from + tracksAtOnce)).map((one) => [one.id, one]));
    for (let place = from; place < Math.min(trackIds.length, from + tracksAtOnce); place++) {
      const { artist = '', album = '', genre = '', year = null } = fields.get(trackIds[place] as TrackId) ?? {};
      join('artist', artist, place);
      join('album', album, place);
      for (const part of genre.split(/[;/,]/)) join('genre', part, place);
      if (year !== null && year > 0) join('decade', `${Math.floor(year / 10) * 10}s`, place);
      const group = artist.trim() === '' ? `track ${place}` : fold(artist.trim());
      if (!artists.has(group)) artists.set(group, artists.size);
      groups[place] = artists.get(group) as number;
    }
  }
  const own = await ownTags(tags, trackIds, pause);
  const fits = ({ places }: Found): boolean => places.length >= leastExamples && trackIds.length - places.length >= leastExamples;
  const fields = [...found.values()].filter(fits).sort((a, b) => b.places.length - a.places.length);
  const tried = [...own.filter(fits), ...fields].slice(0, mostNames);
  return {
    names: tried.map(({ kind, name }) => ({ kind, name })),
    members: tried.map(({ places }) => Int32Array.from(places)),
    groups,
    isByArtist: artists.size < trackIds.length,
  };
}

async function ownTags(tags: Store['tags'], trackIds: readonly TrackId[], pause: () => Promise<void>): Promise<Found[]> {
  const placeOf = new Map(trackIds.map((trackId, place) => [trackId, place]));
  const own: Found[] = [];
  for (const tag of tags.list()) {
    await pause();
    const places = tags.tracksWith(tag.id).flatMap((trackId) => placeOf.get(trackId) ?? []);
    own.push({ kind: 'tag', name: tagLabel(tag), places: places.sort((a, b) => a - b) });
  }
  return own.sort((a, b) => b.places.length - a.places.length);
}
