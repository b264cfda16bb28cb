/** @file What the Tags view remembers of how it was left. */
import { api } from '../../client/index.ts';
import { reportError } from '../../state/app.svelte.ts';
import { ViewMemory } from '../../state/view-memory.svelte.ts';
import type { ColumnMemory } from '../library/track-columns.ts';

/** Columns of the table of tracks, widths of the table of suggestions, and how to train. */
export type TagsMemory = ColumnMemory & {
  suggestionWidths: Record<string, number>;
  /** A `HeadArchitecture`. */
  architecture: string;
  groupBy: string;
  questions: number;
};

const first: TagsMemory = { order: [], widths: {}, suggestionWidths: {}, architecture: 'logistic', groupBy: 'artist', questions: 10 };

/** The page's one memory of Tags. */
export const tagsMemory = new ViewMemory<TagsMemory>(api, 'tags', first, reportError);
