/** @file Some music of the library, of which a figure is made: a folder, a tag, what a search finds. */
import { basename } from 'node:path';
import { AppError, evenly } from '../../base/index.ts';
import { trackFilterSchema } from '../../contract/index.ts';
import type { MusicPart } from '../../contract/index.ts';
import { tagLabel } from '../../store/index.ts';
import type { Store } from '../../store/index.ts';
import { passingMask } from '../similar/filter.ts';
import type { IndexedTracks } from './indexed-tracks.ts';

/** Music that an index holds; `places`: which of its tracks. */
export type HeardPart = { name: string; places: number[]; segments: number };

/** The tracks of a part that an index holds. @throws AppError NOT_FOUND for a folder or tag that is gone, BAD_INPUT where nothing of it was heard */
export function heardPart(store: Store, part: MusicPart, { trackIds, counts }: IndexedTracks): HeardPart {
  const name = nameOf(store, part);
  const mask = passingMask(store, trackFilterSchema.parse(filterOf(part)));
  const places = trackIds.flatMap((trackId, place) => (mask[trackId] === 1 ? [place] : []));
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

function filterOf(part: MusicPart): object {
  switch (part.kind) {
    case 'all':
      return {};
    case 'folder':
      return { folderId: part.folderId };
    case 'tag':
      return { tagIds: [part.tagId] };
    case 'search':
      return { search: part.search };
  }
}

function nameOf(store: Store, part: MusicPart): string {
  switch (part.kind) {
    case 'all':
      return 'The whole library';
    case 'folder':
      return basename(store.folders.get(part.folderId).path);
    case 'tag':
      return tagLabel(store.tags.get(part.tagId));
    case 'search':
      return part.search;
  }
}
