/** @file Some music of the library, of which a figure is made: a folder, a tag, a playlist, what a search finds. */
import { AppError, evenly, tellingEnd } from '../../base/index.ts';
import { trackFilterSchema } from '../../contract/index.ts';
import type { FolderId, MusicPart, PlaylistId, TrackId } from '../../contract/index.ts';
import { tagLabel } from '../../store/index.ts';
import type { Store } from '../../store/index.ts';
import { passingMask } from '../similar/filter.ts';
import type { IndexedTracks } from './indexed-tracks.ts';

/** Music that an index holds; `places`: which of its tracks. */
export type HeardPart = { name: string; places: number[]; segments: number };

/** The tracks of a part that an index holds. @throws AppError NOT_FOUND for a folder, tag or playlist that is gone, BAD_INPUT where nothing of it was heard */
export function heardPart(store: Store, part: MusicPart, { trackIds, counts }: IndexedTracks): HeardPart {
  const name = nameOf(store, part);
  const mask = passingMask(store, trackFilterSchema.parse(filterOf(part)));
  const listed = part.kind === 'playlist' ? listedTracks(store, part.playlistId) : null;
  const places = trackIds.flatMap((trackId, place) => (mask[trackId] === 1 && (listed === null || listed.has(trackId)) ? [place] : []));
  const segments = places.reduce((sum, place) => sum + (counts[place] as number), 0);
  if (segments === 0)
    throw new AppError(
      'BAD_INPUT',
      `Nothing of “${name}” has been heard by this encoder. Choose other music, or index the library with it.`,
    );
  return { name, places, segments };
}

/** Numbers of a part's rows, `most` at most, evenly spread over its segments. */
export function rowsOfPart({ places, segments }: HeardPart, { firstRows, counts }: IndexedTracks, most: number): Int32Array {
  const wanted = evenly(segments, most);
  const rows = new Int32Array(wanted.length);
  let [at, before] = [0, 0];
  for (const place of places) {
    const count = counts[place] as number;
    for (; at < wanted.length && (wanted[at] as number) < before + count; at++)
      rows[at] = (firstRows[place] as number) + (wanted[at] as number) - before;
    before += count;
  }
  return rows;
}

/** @throws AppError BAD_INPUT for a smart playlist, which has no tracks of its own */
function listedTracks({ playlists }: Store, id: PlaylistId): Set<TrackId> {
  const { name, smart } = playlists.get(id);
  if (smart === null) return new Set(playlists.trackIds(id));
  throw new AppError('BAD_INPUT', `“${name}” is a smart playlist, which finds its tracks anew each time. Make it a plain list first.`);
}

function filterOf(part: MusicPart): object {
  switch (part.kind) {
    case 'all':
    case 'playlist':
      return {};
    case 'folder':
      return { folderId: part.folderId };
    case 'tag':
      return { tagIds: [part.tagId] };
    case 'search':
      return { search: part.search };
  }
}

/** What tells a folder from the library's others. */
function folderName({ folders }: Store, id: FolderId): string {
  const others = folders.list().filter((other) => other.id !== id);
  return tellingEnd(
    folders.get(id).path,
    others.map(({ path }) => path),
  );
}

function nameOf(store: Store, part: MusicPart): string {
  switch (part.kind) {
    case 'all':
      return 'The whole library';
    case 'folder':
      return folderName(store, part.folderId);
    case 'tag':
      return tagLabel(store.tags.get(part.tagId));
    case 'playlist':
      return store.playlists.get(part.playlistId).name;
    case 'search':
      return part.search;
  }
}
