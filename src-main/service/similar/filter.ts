/** @file Which tracks may be among the results: a person's filter as one byte a track. */
import { AppError } from '../../base/index.ts';
import type { TrackFilter, TrackId } from '../../contract/index.ts';
import { unknownYear } from '../../store/index.ts';
import type { Store, TrackColumns } from '../../store/index.ts';

/** What of the store a filter asks. */
export type FilterStore = {
  tracks: Pick<Store['tracks'], 'columns' | 'matching'>;
  tags: Pick<Store['tags'], 'get' | 'trackSet'>;
};

type Range = { least?: number | undefined; most?: number | undefined };

/**
 * Tracks that are present and pass a filter. Genres are compared as the table shows them, whatever the case.
 * @returns `[highest id + 1]` by track id: 1 = passes
 * @throws AppError NOT_FOUND for a tag that is gone
 */
export function passingMask(store: FilterStore, filter: TrackFilter): Uint8Array {
  const columns = store.tracks.columns();
  const mask = columns.present.slice();
  const keep = (passes: (trackId: number) => boolean): void => {
    for (let id = 0; id < mask.length; id++) if (mask[id] === 1 && !passes(id)) mask[id] = 0;
  };
  const { folderId } = filter;
  if (folderId !== undefined) keep((id) => columns.folderIds[id] === folderId);
  keepRanges(columns, filter, keep);
  if (filter.genres.length > 0) {
    const wanted = new Set(filter.genres.map((genre) => columns.genreNumber(genre)));
    keep((id) => wanted.has(columns.genres[id]));
  }
  const found = store.tracks.matching(filter.search);
  if (found !== null) keep((id) => found.has(id));
  for (const tagId of filter.tagIds) {
    const carriers = store.tags.trackSet(store.tags.get(tagId).id);
    keep((id) => carriers.has(id));
  }
  for (const tagId of filter.withoutTagIds) {
    const carriers = store.tags.trackSet(store.tags.get(tagId).id);
    keep((id) => !carriers.has(id));
  }
  return mask;
}

/** The tracks that pass a filter, by number. @throws AppError NOT_FOUND for a tag that is gone */
export function passingTracks(store: FilterStore, filter: TrackFilter): TrackId[] {
  const ids: TrackId[] = [];
  for (const [id, passes] of passingMask(store, filter).entries()) if (passes === 1) ids.push(id as TrackId);
  return ids;
}

/** The error for a filter that leaves too little. */
export function nothingLeft(what: string): AppError {
  return new AppError('BAD_INPUT', `${what} Widen the filter, or allow more tracks of one artist.`);
}

function keepRanges(columns: TrackColumns, { year, durationMs }: TrackFilter, keep: (passes: (id: number) => boolean) => void): void {
  if (isGiven(year)) keep((id) => columns.years[id] !== unknownYear && isWithin(columns.years[id] as number, year));
  if (isGiven(durationMs)) keep((id) => isWithin(columns.durationsMs[id] as number, durationMs));
}

function isGiven({ least, most }: Range): boolean {
  return least !== undefined || most !== undefined;
}

function isWithin(value: number, { least = -Infinity, most = Infinity }: Range): boolean {
  return value >= least && value <= most;
}
