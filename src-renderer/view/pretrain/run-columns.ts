/** @file The columns of the table of runs, and their order. */
import { pretraining } from '../../../src-main/contract/index.ts';
import { formatCount, formatLength, formatTime } from '../../lib/format.ts';
import { formatFigure } from '../../lib/figures.ts';
import { withWidths } from '../../ui/grid/index.ts';
import type { GridColumn, GridSort } from '../../ui/grid/index.ts';
import { deviceText } from './run-text.ts';
import { stateWords } from './words.ts';

type Run = pretraining.Run;
type Column = GridColumn<Run> & { value: (run: Run) => string | number };

const number = { align: 'end', sorts: 'descending-first' } as const;
const words = { sorts: 'ascending-first' } as const;

/** Which run it is, and how it stands. */
const identityColumns: readonly Column[] = [
  {
    ...words,
    id: 'name',
    title: 'Name',
    widthPx: 224,
    grows: 3,
    pinned: true,
    custom: true,
    isName: true,
    text: (run) => run.name,
    value: (run) => run.name,
  },
  {
    ...words,
    id: 'state',
    title: 'State',
    widthPx: 112,
    grows: 1,
    custom: true,
    text: (run) => stateWords[run.state],
    value: (run) => run.state,
  },
  {
    ...words,
    id: 'recipe',
    title: 'Recipe',
    widthPx: 112,
    text: (run) => pretraining.recipes[run.settings.recipe].title,
    value: (run) => run.settings.recipe,
  },
];

/** How far it came, and what it learnt. */
const figureColumns: readonly Column[] = [
  { ...number, id: 'step', title: 'Steps', widthPx: 72, text: (run) => formatCount(run.step), value: (run) => run.step },
  {
    ...number,
    ...{ id: 'loss', title: 'Loss', description: 'At the last step', sorts: 'ascending-first', widthPx: 72 },
    text: (run) => formatFigure(run.last?.loss),
    value: (run) => run.last?.loss ?? Number.POSITIVE_INFINITY,
  },
  {
    ...number,
    ...{ id: 'rank', title: 'Rank', description: 'Effective number of dimensions of the embeddings', widthPx: 92 },
    text: (run) => (run.health === null ? '–' : `${formatFigure(run.health.rank)} / ${formatCount(run.health.dimensions)}`),
    value: (run) => run.health?.rank ?? -1,
  },
  { ...number, id: 'tracks', title: 'Tracks', widthPx: 72, text: (run) => formatCount(run.tracks), value: (run) => run.tracks },
];

/** @param nameOf what a device is called */
function columnsOf(nameOf: (id: string) => string): Column[] {
  const device = (run: Run): string => deviceText(run, nameOf);
  return [
    ...identityColumns,
    ...figureColumns,
    { ...words, id: 'device', title: 'Device', widthPx: 96, grows: 1, text: device, value: device },
    {
      ...number,
      ...{ id: 'duration', title: 'Trained', description: 'Time spent training', widthPx: 88 },
      text: (run) => formatLength(run.activeSeconds),
      value: (run) => run.activeSeconds,
    },
    { ...number, id: 'createdAt', title: 'Begun', widthPx: 148, text: (run) => formatTime(run.createdAt), value: (run) => run.createdAt },
  ];
}

/** The columns with remembered widths. */
export function runColumns(nameOf: (id: string) => string, widths: Readonly<Record<string, number>>): GridColumn<Run>[] {
  return withWidths(columnsOf(nameOf), widths).map((column) => ({ ...column, movable: false }));
}

/** The runs in an order; those that are the same stay newest first. */
export function sortedRuns(runs: readonly Run[], sort: readonly GridSort[], nameOf: (id: string) => string): Run[] {
  const columns = columnsOf(nameOf);
  return runs.toSorted((a, b) => {
    for (const { id, descending } of sort) {
      const column = columns.find((one) => one.id === id);
      if (column === undefined) continue;
      const [x, y] = [column.value(a), column.value(b)];
      const order = typeof x === 'string' && typeof y === 'string' ? x.localeCompare(y) : Number(x) - Number(y);
      if (order !== 0 && !Number.isNaN(order)) return descending ? -order : order;
    }
    return 0;
  });
}
