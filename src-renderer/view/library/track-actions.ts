/** @file What can be done with a track. */
import type { Track } from '../../../src-main/contract/index.ts';
import { api } from '../../client/index.ts';
import { attempt, host, library, libraryPanel, route, tracks } from '../../state/app.svelte.ts';
import { formatCount, shownName } from '../../lib/format.ts';
import { trackPlayable } from '../../lib/playable.ts';
import { choice, player } from '../../state/listening.svelte.ts';
import { form, place } from '../../state/pretraining.svelte.ts';
import { selectedCount } from '../../ui/grid/index.ts';
import type { RowRange } from '../../ui/grid/index.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { rowEntries } from '../row-entries.ts';
import { libraryExamples } from '../similar/examples.ts';
import { chooseTags } from '../tags/choose-tags.ts';
import type { Point } from '../tags/choose-tags.ts';
import { taggableRows } from '../tags/taggable-rows.ts';

/** Plays a track; "next" and "previous" then follow the Library's table. */
export function playTrack(track: Track): void {
  player.follow({
    neighbour: async (now, step) => {
      const next = await tracks.neighbour(now.trackId, step);
      return next === null ? null : trackPlayable(next);
    },
  });
  player.playTrack(track);
}

/** Plays a track, or pauses or resumes it if it is the one already. */
export function toggleTrack(track: Track): void {
  if (player.now?.trackId === track.id) player.toggle();
  else playTrack(track);
}

/** Shows a track in the Library's panel. */
export function openTrack(track: Track): void {
  libraryPanel.choose(track);
  libraryPanel.open('track');
  route.go('library');
}

/** Shows a track's segments, and no others, in Listen. */
export function listenTo(track: Track): void {
  choice.filter.showOnly({ id: track.id, title: shownName(track.title) });
  route.go('listen');
}

/** True when trying the track again may help. */
export function canTryAgain(track: Track): boolean {
  return track.state === 'failed' || track.state === 'partial' || track.state === 'missing';
}

/** Opens the form of a new run with these rows of the Library's table as its tracks. */
async function pretrainOn(ranges: readonly RowRange[]): Promise<void> {
  form.chooseTracks({ kind: 'tracks', trackIds: await tracks.idsOf(ranges) });
  place.go({ page: 'new' });
  route.go('pretrain');
}

/** A run compares tracks with each other, so that one alone teaches it nothing. */
function pretrainEntry(ranges: readonly RowRange[]): MenuEntry[] {
  const count = selectedCount(ranges);
  const label = `Pretrain on these ${formatCount(count)} tracks`;
  return count < 2 ? [] : [{ label, icon: 'pretrain', run: () => attempt(pretrainOn(ranges)), separated: true }];
}

/**
 * The context menu of a track.
 * @param ranges the selected rows, the track's among them
 * @param at where the menu stands
 */
export function trackMenu(track: Track, ranges: readonly RowRange[], at: Point): MenuEntry[] {
  const entries: MenuEntry[] = [
    { label: 'Play', icon: 'play', run: () => playTrack(track), disabled: track.state === 'missing' },
    { label: 'Show in Listen', icon: 'listen', run: () => listenTo(track) },
    { label: 'Details', icon: 'eye', run: () => openTrack(track) },
    { label: 'Tag…', icon: 'tags', run: () => chooseTags(taggableRows(tracks, ranges), { x: at.x, y: at.y }), separated: true },
    ...rowEntries({ examples: () => libraryExamples(ranges), tracks: selectedCount(ranges), trackIds: () => tracks.idsOf(ranges) }),
    ...pretrainEntry(ranges),
  ];
  if (host.capabilities?.revealsFiles === true) {
    entries.push({ label: 'Show in the file manager', icon: 'folder', run: () => attempt(api.host.revealTrack({ trackId: track.id })) });
  }
  if (canTryAgain(track)) {
    entries.push({ label: 'Try again', icon: 'again', separated: true, run: () => attempt(library.retry([track.path])) });
  }
  return entries;
}
