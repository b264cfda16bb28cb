/** @file What can be done with a segment and with a feature's column. */
import type { EncoderId, TrackId } from '../../../src-main/contract/index.ts';
import { shownName } from '../../lib/format.ts';
import { featureOf, sortOf } from '../../lib/listen-columns.ts';
import type { SegmentItem } from '../../lib/segment-blocks.ts';
import { attempt, dialogs, encoders } from '../../state/app.svelte.ts';
import { choice, features, player } from '../../state/listening.svelte.ts';
import type { GridMenuRequest } from '../../ui/grid/index.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { openNeuron } from '../inspect/open-neuron.ts';
import { rowEntries } from '../row-entries.ts';
import { neuronExample } from '../similar/directions.ts';
import { segmentExample } from '../similar/examples.ts';
import { moreLike } from '../similar/similar-actions.ts';
import { chooseTags, taggableSegments } from '../tags/choose-tags.ts';

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
  const separated = ofRow.length > 0;
  const ofColumn = feature === null ? columnEntries(request.columnId, separated) : featureEntries(feature, ways, separated);
  return [...ofRow, ...ofColumn];
}

/** Of a column that is no neuron's: its order, and the way to take it out where it was put there. */
function columnEntries(columnId: string, separated: boolean): MenuEntry[] {
  const extra = choice.extras.find(({ id }) => id === columnId);
  const key = sortOf(columnId, extra !== undefined);
  if (key === null) return [];
  const phrase = choice.phraseOfSort(key);
  const sort: MenuEntry = { label: `Sort by ${phrase}`, icon: 'down', separated, run: () => choice.sortBy([key]) };
  if (extra === undefined) return [sort];
  return [sort, { label: `Take ${phrase} out`, icon: 'remove', run: () => choice.dropExtra(columnId) }];
}

function segmentEntries(row: SegmentItem, at: { index: number; x: number; y: number }, ways: SegmentMenuWays): MenuEntry[] {
  const { index } = at;
  const track = { id: row.trackId, title: row.title, artist: row.artist, durationMs: 0 };
  const isOnly = choice.filter.onlyTrack !== null;
  const count = ways.selected(index).length;
  return [
    { label: `Play segment ${row.segment}`, icon: 'play', run: () => ways.play(row, index) },
    { label: 'Play the track from here', icon: 'resume', run: () => player.playTrack(track, row.startMs) },
    {
      label: isOnly ? 'Show all tracks' : 'Show only this track',
      icon: 'eye',
      run: () => choice.filter.showOnly(isOnly ? null : { id: row.trackId, title: shownName(row.title) }),
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
    ...(choice.labels === null && encoders.current !== null ? [moreOf(encoders.current.id, feature)] : []),
    {
      label: `Make a tag from ${choice.phraseOf(feature)}…`,
      icon: 'neuron',
      run: () => dialogs.open({ kind: 'tagFromNeuron', feature }),
    },
    { label: `Take ${choice.phraseOf(feature)} out`, icon: 'remove', run: () => choice.drop(feature) },
  ];
}

/** The neuron as a direction of a query. */
function moreOf(encoderId: EncoderId, feature: number): MenuEntry {
  return {
    label: `More of neuron ${feature} in Similar`,
    icon: 'similar',
    run: () => attempt(moreLike(() => [neuronExample(encoderId, feature)])),
  };
}
