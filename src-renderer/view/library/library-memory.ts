/** @file What the Library remembers of how it was left. */
import { api } from '../../client/index.ts';
import { reportError, tracks } from '../../state/app.svelte.ts';
import type { TrackSort } from '../../state/tracks.svelte.ts';
import { ViewMemory } from '../../state/view-memory.svelte.ts';
import type { ColumnMemory } from './track-columns.ts';

/** Columns, order, and whether the first steps are shown in the table’s place. */
export type LibraryMemory = ColumnMemory & { sort: TrackSort[]; isInFirstSteps: boolean; showsTags: boolean };

const first: LibraryMemory = { order: [], widths: {}, sort: [], isInFirstSteps: false, showsTags: false };

/** The page's one memory of the Library. */
export const libraryMemory = new ViewMemory<LibraryMemory>(api, 'library', first, reportError);

let isRecalled = false;

/** Reads the memory once; the table begins with its order, also with none where it could not be read. */
export async function recallLibrary(): Promise<void> {
  if (isRecalled) return;
  isRecalled = true;
  try {
    await libraryMemory.load();
  } finally {
    tracks.begin(libraryMemory.current.sort);
  }
}
