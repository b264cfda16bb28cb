/** @file What can be done with points of a map: play one, and make of those that were chosen what is made of rows of any table. */
import { countOf } from '../../../lib/format.ts';
import { attempt } from '../../../state/app.svelte.ts';
import { inspectMap } from '../../../state/inspecting.svelte.ts';
import { player } from '../../../state/listening.svelte.ts';
import type { MapPoint } from '../../../state/inspect-map.svelte.ts';
import type { MenuEntry } from '../../../ui/menu-entry.ts';
import { passageExample, trackExample } from '../../similar/examples.ts';
import { rowEntries } from '../../row-entries.ts';
import { chooseTags, taggableTracks } from '../../tags/choose-tags.ts';
import type { Point } from '../../tags/choose-tags.ts';

/** Most points that become examples of a query; the core takes no more. */
const mostExamples = 200;

/** Plays a point's track or segment, or pauses it if it is what plays. */
export function playPoint(point: MapPoint): void {
  const { trackId, title, artist, segment, startMs, durationMs } = point;
  if (segment !== null) player.toggleSegment({ trackId, title, artist, segment, startMs, durationMs });
  else if (player.now?.trackId === trackId && player.now.segment === null) player.toggle();
  else player.playTrack({ id: trackId, title, artist, durationMs: 0 });
}

/** Entries for the points that were chosen. @param at where the menu stands */
export function chosenEntries(at: Point): MenuEntry[] {
  const points = inspectMap.chosen.flatMap((point) => inspectMap.point(point) ?? []);
  const trackIds = [...new Set(points.map(({ trackId }) => trackId))];
  const examples = (): ReturnType<typeof trackExample>[] =>
    points
      .slice(0, mostExamples)
      .map((point) =>
        point.segment === null ? trackExample(point) : passageExample(point, point.startMs, point.startMs + point.durationMs),
      );
  return [
    {
      label: `Tag ${countOf(trackIds.length, 'track')}…`,
      icon: 'tags',
      run: () =>
        chooseTags(
          taggableTracks(() => trackIds, countOf(trackIds.length, 'track')),
          at,
        ),
    },
    ...rowEntries({ examples, tracks: trackIds.length, trackIds: () => Promise.resolve(trackIds) }),
  ];
}

/** Draws the map that is asked for. */
export function drawMap(): void {
  attempt(inspectMap.draw());
}
