/** @file Rows of tracks that carry a tag, as something to tag, to untag, and to read. */
import type { Mark, MarkTarget, Tag, Track } from '../../../src-main/contract/index.ts';
import { countOf } from '../../lib/format.ts';
import { trackPlayable } from '../../lib/playable.ts';
import type { PlayOrder } from '../../lib/playable.ts';
import { player } from '../../state/listening.svelte.ts';
import { taggedTracks } from '../../state/tagging.svelte.ts';
import { selectedCount } from '../../ui/grid/index.ts';
import type { GridColumn, RowRange } from '../../ui/grid/index.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { listenTo, openTrack } from '../library/track-actions.ts';
import { rowEntries } from '../row-entries.ts';
import { trackExample } from '../similar/examples.ts';
import { chooseTags } from './choose-tags.ts';
import { taggableRows } from './taggable-rows.ts';

/** The part of a track that carries the tag; drawn by `MarkTargetCell`. */
export const markTargetColumn: GridColumn<Track> = {
  id: 'targetOf',
  title: 'Applies to',
  description: 'The whole track, or passages of it',
  widthPx: 148,
  leastPx: 80,
  custom: true,
  text: () => '',
};

/** The target of a mark. */
export function targetOf({ trackId, startMs, endMs }: Mark): MarkTarget {
  return startMs === null || endMs === null ? { trackId } : { trackId, startMs, endMs };
}

const order: PlayOrder = {
  neighbour: async (now, step) => {
    const next = await taggedTracks.neighbour(now.trackId, step);
    return next === null ? null : trackPlayable(next);
  },
};

/** Plays a track; "next" and "previous" then follow the tag's table. */
export function playTagged(track: Track): void {
  player.follow(order);
  player.playTrack(track);
}

/** Plays a track, or pauses or resumes it if it is the one already. */
export function toggleTagged(track: Track): void {
  if (player.now?.trackId === track.id) player.toggle();
  else playTagged(track);
}

/** The selected rows, those of them that are loaded, and the targets that can be tagged. */
export type TaggedSelection = {
  ranges: readonly RowRange[];
  held: readonly Track[];
  takeOff: (ranges: readonly RowRange[]) => void;
  /** Says of them that the tag does not fit. */
  reject: (ranges: readonly RowRange[]) => void;
};

/** The context menu of a track that carries a tag. */
export function taggedMenu(
  tag: Tag,
  at: { row: Track; x: number; y: number },
  { ranges, held, takeOff, reject }: TaggedSelection,
): MenuEntry[] {
  const count = selectedCount(ranges);
  const from = count === 1 ? '' : ` from ${countOf(count, 'track')}`;
  return [
    { label: 'Play', icon: 'play', run: () => playTagged(at.row), disabled: at.row.state === 'missing' },
    { label: 'Show in Listen', icon: 'listen', run: () => listenTo(at.row) },
    { label: 'Details', icon: 'eye', run: () => openTrack(at.row) },
    { label: 'Tag…', icon: 'tags', run: () => chooseTags(taggableRows(taggedTracks, ranges), at), separated: true },
    { label: `Take “${tag.name}” off${from}`, icon: 'remove', run: () => takeOff(ranges) },
    { label: `“${tag.name}” does not fit`, icon: 'close', run: () => reject(ranges) },
    ...rowEntries({
      examples: () => held.map((track) => trackExample({ ...track, trackId: track.id })),
      tracks: count,
      trackIds: () => taggedTracks.idsOf(ranges),
    }),
  ];
}
