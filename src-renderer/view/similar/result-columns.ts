/** @file The columns of results. */
import type { SimilarRow } from '../../../src-main/contract/index.ts';
import { formatDuration, shownName } from '../../lib/format.ts';
import { withWidths } from '../../ui/grid/index.ts';
import type { GridColumn } from '../../ui/grid/index.ts';
import { wordOf } from './why-words.ts';

/** How the columns were left: an order, and widths by id. */
export type ResultColumnMemory = { order: readonly string[]; widths: Readonly<Record<string, number>> };

const common: GridColumn<SimilarRow>[] = [
  {
    id: 'rank',
    title: '#',
    description: 'Place among the results; the arrow says where a row went since neurons were weighted otherwise',
    widthPx: 64,
    pinned: true,
    align: 'end',
    custom: true,
    movable: false,
    text: (row) => String(row.rank),
  },
  { id: 'play', title: 'Play', widthPx: 40, pinned: true, custom: true, movable: false, text: () => '' },
  { id: 'title', title: 'Title', widthPx: 208, grows: 3, leastPx: 80, pinned: true, isName: true, text: (row) => shownName(row.title) },
  { id: 'artist', title: 'Artist', widthPx: 140, grows: 2, text: (row) => row.artist },
  {
    id: 'score',
    title: 'Similarity',
    description: '0 to 1: how near, 0.37 being as near as neighbours usually are; tracks that are near to everything are held down',
    widthPx: 120,
    custom: true,
    text: (row) => row.score.toFixed(2),
  },
  {
    id: 'why',
    title: 'Why',
    description: 'The neurons that contribute most; each opens Listen, sorted by it',
    widthPx: 168,
    grows: 1,
    custom: true,
    text: (row) => row.why.map(({ feature }) => wordOf(feature)?.text ?? String(feature)).join(', '),
  },
  { id: 'album', title: 'Album', widthPx: 132, grows: 2, text: (row) => row.album },
  { id: 'genre', title: 'Genre', widthPx: 104, grows: 1, text: (row) => row.genre },
  { id: 'year', title: 'Year', widthPx: 64, align: 'end', text: (row) => (row.year === null ? '' : String(row.year)) },
  {
    id: 'length',
    title: 'Length',
    description: 'Minutes and seconds',
    widthPx: 72,
    align: 'end',
    text: (row) => formatDuration(row.durationMs),
  },
];

const passage: GridColumn<SimilarRow> = {
  id: 'passage',
  title: 'Where',
  description: 'The passage of the query, and the passage here that matches it; each plays from there',
  widthPx: 144,
  custom: true,
  text: (row) => (row.passage === null ? '' : formatDuration(row.passage.startMs)),
};

/** The columns in the remembered order and widths. */
export function resultColumns(level: 'tracks' | 'passages', memory: ResultColumnMemory): GridColumn<SimilarRow>[] {
  const columns = level === 'tracks' ? common : common.toSpliced(4, 0, passage);
  const place = (id: string): number => (memory.order.includes(id) ? memory.order.indexOf(id) : memory.order.length);
  return withWidths(columns, memory.widths).toSorted((a, b) => place(a.id) - place(b.id));
}
