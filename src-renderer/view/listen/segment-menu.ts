/** @file What can be done with a segment and with a feature's column. */
import type { TrackId } from '../../../src-main/contract/index.ts';
import { shownName } from '../../lib/format.ts';
import type { SegmentItem } from '../../lib/segment-blocks.ts';
import { dialogs } from '../../state/app.svelte.ts';
import { choice, features, player } from '../../state/listening.svelte.ts';
import type { GridMenuRequest } from '../../ui/grid/index.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { openNeuron } from '../inspect/open-neuron.ts';
import { rowEntries } from '../row-entries.ts';
import { segmentExample } from '../similar/examples.ts';
import { chooseTags, taggableSegments } from '../tags/choose-tags.ts';
import { featureOf } from './columns.ts';

/** What the table itself does. */
export interface SegmentMenuWays {
  play(row: SegmentItem, index: number): void;
  write(feature: number): void;
  /** The selected rows when the row is one of them, else it alone. */
  selected(index: number): readonly SegmentItem[];
}

/** The context menu at a cell or header. */
export function segmentMenu(request: GridMenuRequest<SegmentItem>, ways: SegmentMenuWays): MenuEntry[] {
  const feature = featureOf(request.columnId);
  const ofRow = request.row === undefined ? [] : segmentEntries(request.row, request, ways);
  const ofFeature = feature === null ? [] : featureEntries(feature, ways, ofRow.length > 0);
  return [...ofRow, ...ofFeature];
}

function segmentEntries(row: SegmentItem, at: { index: number; x: number; y: number }, ways: SegmentMenuWays): MenuEntry[] {
  const { index } = at;
  const track = { id: row.trackId, title: row.title, artist: row.artist, durationMs: 0 };
  const isOnly = choice.onlyTrack !== null;
  const count = ways.selected(index).length;
  return [
    { label: `Play segment ${row.segment}`, icon: 'play', run: () => ways.play(row, index) },
    { label: 'Play the track from here', icon: 'resume', run: () => player.playTrack(track, row.startMs) },
    {
      label: isOnly ? 'Show all tracks' : 'Show only this track',
      icon: 'eye',
      run: () => choice.showOnly(isOnly ? null : { id: row.trackId, title: shownName(row.title) }),
    },
    {
      label: count === 1 ? 'Tag the passage…' : `Tag ${count} passages…`,
      icon: 'tags',
      run: () =>
        chooseTags(
          taggableSegments(() => Promise.resolve(ways.selected(index)), count),
          at,
        ),
      separated: true,
    },
    ...rowEntries({
      examples: () => ways.selected(index).map(segmentExample),
      tracks: tracksOf(index, ways).length,
      trackIds: () => Promise.resolve(tracksOf(index, ways)),
    }),
  ];
}

/** The tracks of the selected rows, each once. */
function tracksOf(index: number, ways: SegmentMenuWays): TrackId[] {
  return [...new Set(ways.selected(index).map(({ trackId }) => trackId))];
}

function featureEntries(feature: number, ways: SegmentMenuWays, separated: boolean): MenuEntry[] {
  const note = features.note(feature);
  return [
    { label: `Sort by ${choice.phraseOf(feature)}`, icon: 'down', separated, run: () => choice.sortBy([{ feature, descending: true }]) },
    {
      label: note === '' ? `Write a note on ${choice.phraseOf(feature)}` : `Change the note on ${choice.phraseOf(feature)}`,
      icon: 'rename',
      run: () => ways.write(feature),
    },
    ...(choice.labels === null
      ? [{ label: `Open ${choice.phraseOf(feature)} in Inspect`, icon: 'neuron' as const, run: () => openNeuron(feature) }]
      : []),
    {
      label: `Make a tag from ${choice.phraseOf(feature)}…`,
      icon: 'neuron',
      run: () => dialogs.open({ kind: 'tagFromNeuron', feature }),
    },
    { label: `Take ${choice.phraseOf(feature)} out`, icon: 'remove', run: () => choice.drop(feature) },
  ];
}
