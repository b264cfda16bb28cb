/** @file The columns of the table of tracks. */
import type { Track, TrackSortKey, TrackState } from '../../../src-main/contract/index.ts';
import { formatDate, formatDuration, shownName } from '../../lib/format.ts';
import { withWidths } from '../../ui/grid/index.ts';
import type { GridColumn } from '../../ui/grid/index.ts';

/** What a state is called in the table. */
export const stateWords: Record<TrackState, string> = {
  waiting: 'Waiting',
  indexed: 'Indexed',
  partial: 'Partly indexed',
  failed: 'Failed',
  missing: 'Missing',
};

/** What the states mean. */
export const stateMeanings: Record<TrackState, string> = {
  waiting: 'Read, and not yet indexed by the chosen encoder.',
  indexed: 'Indexed by the chosen encoder.',
  partial: 'The file is damaged or cut short; it is indexed as far as it goes.',
  failed: 'Indexing failed.',
  missing: 'The file is gone; everything attached to it is kept.',
};

type Column = GridColumn<Track> & { id: TrackSortKey };

const columns: Column[] = [
  {
    id: 'title',
    title: 'Title',
    widthPx: 216,
    grows: 3,
    pinned: true,
    isName: true,
    sorts: 'ascending-first',
    text: (track) => shownName(track.title),
  },
  { id: 'artist', title: 'Artist', widthPx: 148, grows: 2, sorts: 'ascending-first', text: (track) => track.artist },
  { id: 'album', title: 'Album', widthPx: 140, grows: 2, sorts: 'ascending-first', text: (track) => track.album },
  {
    id: 'year',
    title: 'Year',
    widthPx: 76,
    align: 'end',
    sorts: 'descending-first',
    text: (track) => (track.year === null ? '' : String(track.year)),
  },
  { id: 'genre', title: 'Genre', widthPx: 112, grows: 1, sorts: 'ascending-first', text: (track) => track.genre },
  {
    id: 'durationMs',
    title: 'Length',
    description: 'Minutes and seconds',
    widthPx: 80,
    align: 'end',
    sorts: 'descending-first',
    text: (track) => formatDuration(track.durationMs),
  },
  { id: 'format', title: 'Format', widthPx: 88, sorts: 'ascending-first', text: (track) => track.format },
  { id: 'addedAt', title: 'Added', widthPx: 104, align: 'end', sorts: 'descending-first', text: (track) => formatDate(track.addedAt) },
  {
    id: 'state',
    title: 'State',
    description: 'Whether the chosen encoder has listened to the track',
    widthPx: 124,
    sorts: 'ascending-first',
    custom: true,
    text: (track) => stateWords[track.state],
  },
  { id: 'path', title: 'Path', widthPx: 360, grows: 3, sorts: 'ascending-first', text: (track) => shownName(track.path) },
];

/** How the columns were left: an order, and widths by id. */
export type ColumnMemory = { order: string[]; widths: Record<string, number> };

/** The column that other columns come after, where nobody moved them. */
const placeOfExtra = 'artist';

/** A track's tags; drawn by the table's `cell`. */
export const tagsColumn: GridColumn<Track> = {
  id: 'tags',
  title: 'Tags',
  widthPx: 200,
  leastPx: 60,
  grows: 2,
  custom: true,
  text: () => '',
};

/**
 * The columns in the remembered order and widths; columns that the memory does not know stand at the end.
 * @param extra columns besides those of every table of tracks; they begin behind the artist
 */
export function trackColumns(memory: ColumnMemory, extra: readonly GridColumn<Track>[] = []): GridColumn<Track>[] {
  const place = (id: string): number => {
    if (memory.order.includes(id)) return memory.order.indexOf(id);
    const isExtra = memory.order.length > 0 && extra.some((column) => column.id === id);
    return isExtra ? memory.order.indexOf(placeOfExtra) + 0.5 : memory.order.length;
  };
  const at = columns.findIndex(({ id }) => id === placeOfExtra) + 1;
  return withWidths([...columns.slice(0, at), ...extra, ...columns.slice(at)], memory.widths).toSorted((a, b) => place(a.id) - place(b.id));
}
