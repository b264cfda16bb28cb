/** @file The rows of suggestions: columns, what can be done with one, and what of it is played. */
import type { Suggestion, TagAnswer } from '../../../src-main/contract/index.ts';
import { formatDuration, shownName } from '../../lib/format.ts';
import { formatPercent } from '../../lib/percent.ts';
import { segmentPlayable, trackPlayable } from '../../lib/playable.ts';
import type { Playable } from '../../lib/playable.ts';
import { withWidths } from '../../ui/grid/index.ts';
import type { GridColumn } from '../../ui/grid/index.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { openTrackById } from './open-track.ts';

/** A segment that speaks for a track. */
export type SpeakingSegment = Suggestion['segments'][number];

/** The segment that speaks for a track most; undefined when none is known. */
export function speakingSegment({ segments }: Pick<Suggestion, 'segments'>): SpeakingSegment | undefined {
  return segments.toSorted((a, b) => b.probability - a.probability)[0];
}

/** A suggestion as something to play: its most telling segment, else the track. */
export function suggestionPlayable(row: Suggestion): Playable {
  const segment = speakingSegment(row);
  return segment === undefined ? trackPlayable({ ...row, id: row.trackId }) : segmentPlayable({ ...row, ...segment });
}

/** The columns of the table. */
export function suggestionColumns(widths: Readonly<Record<string, number>>): GridColumn<Suggestion>[] {
  const columns: GridColumn<Suggestion>[] = [
    { id: 'fits', title: 'Fits', description: 'Accept (A or Y)', widthPx: 60, pinned: true, custom: true, movable: false, text: () => '' },
    {
      id: 'fitsNot',
      title: 'Does not fit',
      description: 'Reject (R or N); the next training learns from it',
      widthPx: 100,
      pinned: true,
      custom: true,
      movable: false,
      text: () => '',
    },
    {
      id: 'probability',
      title: 'Probability',
      description: 'That the tag fits, calibrated on tracks that the training did not see',
      widthPx: 132,
      pinned: true,
      custom: true,
      text: (row) => formatPercent(row.probability),
    },
    { id: 'title', title: 'Title', widthPx: 216, grows: 3, pinned: true, isName: true, text: (row) => shownName(row.title) },
    { id: 'artist', title: 'Artist', widthPx: 148, grows: 2, text: (row) => row.artist },
    {
      id: 'segments',
      title: 'What speaks for it',
      description: 'The segments with the highest probability',
      widthPx: 232,
      leastPx: 80,
      grows: 2,
      custom: true,
      text: (row) => row.segments.map(({ startMs }) => formatDuration(startMs)).join(', '),
    },
    { id: 'album', title: 'Album', widthPx: 140, grows: 2, text: (row) => row.album },
    { id: 'durationMs', title: 'Length', widthPx: 72, align: 'end', text: (row) => formatDuration(row.durationMs) },
  ];
  return withWidths(columns, widths);
}

/**
 * The context menu of a suggestion.
 * @param count how many rows are selected with it
 */
export function suggestionMenu(row: Suggestion, count: number, ways: { play: () => void; answer: (as: TagAnswer) => void }): MenuEntry[] {
  const many = count > 1 ? ` ${count} tracks` : '';
  return [
    { label: 'Play what speaks for it', icon: 'play', run: ways.play },
    { label: `It fits${many}`, icon: 'check', run: () => ways.answer('yes'), separated: true },
    { label: `Does not fit${many}`, icon: 'close', run: () => ways.answer('no') },
    { label: 'Details', icon: 'eye', run: () => openTrackById(row.trackId), separated: true },
  ];
}
