/** @file Selected rows of a table of tracks as something to tag. */
import { countOf, shownName } from '../../lib/format.ts';
import type { Taggable } from '../../state/tag-source.svelte.ts';
import type { TracksState } from '../../state/tracks.svelte.ts';
import { selectedCount } from '../../ui/grid/index.ts';
import type { RowRange } from '../../ui/grid/index.ts';
import { taggableTracks } from './choose-tags.ts';

/** Selected rows of a table of tracks as something to tag. */
export function taggableRows(table: Pick<TracksState, 'row' | 'idsOf'>, ranges: readonly RowRange[]): Taggable {
  const count = selectedCount(ranges);
  const first = count === 1 ? table.row(ranges[0]?.first ?? 0) : undefined;
  return taggableTracks(() => table.idsOf(ranges), first === undefined ? countOf(count, 'track') : `“${shownName(first.title)}”`);
}
