/** @file Opening the chooser of tags for what is selected: tracks, passages, or what plays. */
import type { MarkTarget, Track, TrackId } from '../../../src-main/contract/index.ts';
import { countOf, shownName } from '../../lib/format.ts';
import type { Playable } from '../../lib/playable.ts';
import type { SegmentItem } from '../../lib/segment-blocks.ts';
import { attempt } from '../../state/app.svelte.ts';
import { player } from '../../state/listening.svelte.ts';
import { tagChooser, tagSource } from '../../state/tagging.svelte.ts';
import type { Taggable } from '../../state/tag-source.svelte.ts';

/** Page coordinates. */
export type Point = { x: number; y: number };

/** Below the active cell of the table that has the keyboard; null without one. */
export function placeOfActiveCell(): Point | null {
  const id = document.activeElement?.getAttribute('aria-activedescendant') ?? null;
  const box = id === null ? undefined : document.getElementById(id)?.getBoundingClientRect();
  return box === undefined ? null : { x: box.left + 8, y: box.bottom };
}

/** Tracks as something to tag. */
export function taggableTracks(trackIds: () => readonly TrackId[] | Promise<readonly TrackId[]>, what: string): Taggable {
  return { what, targets: async () => (await trackIds()).map((trackId) => ({ trackId })) };
}

/** Tracks at hand as something to tag; null for none. */
export function taggableHeld(tracks: readonly Pick<Track, 'id' | 'title'>[]): Taggable | null {
  const [first] = tracks;
  if (first === undefined) return null;
  const what = tracks.length === 1 ? `“${shownName(first.title)}”` : countOf(tracks.length, 'track');
  return taggableTracks(() => tracks.map(({ id }) => id), what);
}

/** Opens the chooser for tracks at hand. */
export function tagHeld(tracks: readonly Pick<Track, 'id' | 'title'>[], at: Point): void {
  const taggable = taggableHeld(tracks);
  if (taggable !== null) chooseTags(taggable, at);
}

/** Segments as passages to tag. */
export function taggableSegments(rows: () => Promise<readonly SegmentItem[]>, count: number): Taggable {
  const passage = ({ trackId, startMs, durationMs }: SegmentItem): MarkTarget => ({ trackId, startMs, endMs: startMs + durationMs });
  return { what: countOf(count, 'segment'), targets: async () => (await rows()).map(passage) };
}

/** What plays: its segment, or the whole track. */
export function taggablePlaying(now: Playable): Taggable {
  const trackId = now.trackId as TrackId;
  const { segment } = now;
  if (segment === null) return taggableTracks(() => [trackId], `“${now.title}”`);
  const target = { trackId, startMs: segment.startMs, endMs: segment.endMs };
  const part = segment.number === null ? 'a passage' : `segment ${segment.number}`;
  return { what: `${part} of “${now.title}”`, targets: () => Promise.resolve([target]) };
}

/** Opens the chooser. */
export function chooseTags(taggable: Taggable, at: Point | null = placeOfActiveCell()): void {
  const open = async (): Promise<void> => tagChooser.open({ what: taggable.what, targets: await taggable.targets(), at });
  attempt(open());
}

/** What is selected in the view, else what plays; null for nothing. */
export function taggableNow(): Taggable | null {
  const { now } = player;
  return tagSource.current() ?? (now === null ? null : taggablePlaying(now));
}

/** Opens the chooser for what is selected, else for what plays. */
export function tagSelection(): void {
  const taggable = taggableNow();
  if (taggable !== null) chooseTags(taggable);
}
