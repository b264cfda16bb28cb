/** @file What a library says of its tracks, so that encoders can be compared by it: albums, artists, and a person's own tags. */
import type { ComparedBy, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';

/** One label and the tracks, by their places, that have it. */
export type SharedLabel = { by: ComparedBy; members: readonly number[] };

/** What is known of tracks. `groups`: of each track the number of its artist (else album, else itself), which intervals are resampled by. */
export type Known = { labels: SharedLabel[]; groups: Int32Array };

/** With more the comparison would say no more. */
const mostTags = 200;

/** What the tracks share with each other; labels of a single track are left out. */
export function sharedLabels({ tracks, tags }: Pick<Store, 'tracks' | 'tags'>, trackIds: readonly TrackId[]): Known {
  const fields = new Map(tracks.summaries(trackIds).map((one) => [one.id, one]));
  const places = new Map(trackIds.map((trackId, place) => [trackId, place]));
  const [artists, albums] = [new Map<string, number[]>(), new Map<string, number[]>()];
  const groups = new Map<string, number>();
  const groupOf = trackIds.map((trackId, place) => {
    const { artist = '', album = '' } = fields.get(trackId) ?? {};
    if (artist !== '') join(artists, artist, place);
    if (album !== '') join(albums, album, place);
    return numberOf(groups, artist !== '' ? `artist ${artist}` : album !== '' ? `album ${album}` : `track ${trackId}`);
  });
  const own = tags
    .list()
    .slice(0, mostTags)
    .map(({ id }) => tags.tracksWith(id).flatMap((trackId) => places.get(trackId) ?? []));
  const all = [
    ...[...albums.values()].map((members) => ({ by: 'album' as const, members })),
    ...[...artists.values()].map((members) => ({ by: 'artist' as const, members })),
    ...own.map((members) => ({ by: 'tags' as const, members })),
  ];
  // What all tracks have parts none of them.
  return { labels: all.filter(({ members }) => members.length > 1 && members.length < trackIds.length), groups: Int32Array.from(groupOf) };
}

function join(all: Map<string, number[]>, name: string, place: number): void {
  const members = all.get(name);
  if (members === undefined) all.set(name, [place]);
  else members.push(place);
}

function numberOf(known: Map<string, number>, text: string): number {
  const number = known.get(text) ?? known.size;
  known.set(text, number);
  return number;
}
