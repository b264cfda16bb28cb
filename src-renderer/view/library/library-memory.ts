/** @file What the Library remembers of how it was left. */
import { api } from '../../client/index.ts';
import { reportError, tracks } from '../../state/app.svelte.ts';
import type { TrackSort } from '../../state/tracks.svelte.ts';
import { ViewMemory } from '../../state/view-memory.svelte.ts';
import type { ColumnMemory } from './track-columns.ts';

/** Columns, order, and whether the first steps were taken to their end. */
export type LibraryMemory = ColumnMemory & { sort: TrackSort[]; hasListened: boolean; showsTags: boolean };

const first: LibraryMemory = { order: [], widths: {}, sort: [], hasListened: false, showsTags: false };

/** The page's one memory of the Library. */
export const libraryMemory = new ViewMemory<LibraryMemory>(api, 'library', first, reportError);

/** Reads the memory once and gives the table its order. */
export async function recallLibrary(): Promise<void> {
  if (libraryMemory.isLoaded) return;
  await libraryMemory.load();
  if (libraryMemory.current.sort.length > 0) tracks.setSort(libraryMemory.current.sort);
}
