/** @file What the Library remembers of how it was left. */
import type { TrackSort } from '../../state/tracks.svelte.ts';
import type { ColumnMemory } from './track-columns.ts';

/** Columns, order, and whether the first steps were taken to their end. */
export type LibraryMemory = ColumnMemory & { sort: TrackSort[]; hasListened: boolean };
