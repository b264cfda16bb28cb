/** @file Figures of an experiment: rows of a column as bars (Spijkervet 2021, Fig. 6.3 and 6.4), and curves over shares of labels (Fig. 6.5 and 6.6). Pure. */
import { countOf } from '../base/counts.ts';
import { drawRows, rowsHeight } from '../inspect/drawing/index.ts';
import type { Curve, FigureRow, RowsFigure } from '../inspect/drawing/index.ts';
import { shownCurves } from './evaluate/figures/curves.ts';
import { inPercent, reachCells, reachText } from './evaluate/figures/shown.ts';
import type { EvaluationFigure } from './evaluate/figures/shown.ts';
import { headingOf, resultFigureTitle } from './experiment-results.ts';
import type { Results, ShownExperiment } from './experiment-results.ts';

/** A figure with what it is chosen by. */
export type ExperimentPicture = { name: string; figure: EvaluationFigure };

const fileNameOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** Bars of every column that has a figure, then a curve of each set of columns that differ in their share of labels alone. */
export function experimentFigures(experiment: ShownExperiment, results: Results): ExperimentPicture[] {
  const bars = results.columns.flatMap((_, at) => barsOf(experiment, results, at) ?? []);
  return [...bars, ...curvesOf(experiment, results)];
}

function madeOf({ source, notes }: ShownExperiment, { done, all, notes: own }: Results): string {
  const faint = ' Faint: published.';
  return `${source === '' ? '' : `${source}. `}${done} of ${countOf(all, 'evaluation')} done. Lines: 95 % intervals, over seeds where a row has several, else over what the data set keeps together.${faint} ${[...notes, ...own].join(' ')}`.trim();
}

/** Null where nothing of the column is done. */
function barsOf(experiment: ShownExperiment, results: Results, at: number): ExperimentPicture | null {
  const column = results.columns[at];
  if (column === undefined || results.rows.every(({ cells }) => cells[at] === null)) return null;
  const own = results.rows.map(({ row, cells }): FigureRow => ({ name: row, values: [reachOf(cells[at] ?? null)] }));
  const theirs = results.published.flatMap(({ row, cells }): FigureRow[] => {
    const value = cells[at] ?? null;
    return value === null ? [] : [{ name: `${row}, published`, isFaint: true, values: [inPercent({ value, low: null, high: null })] }];
  });
  const rows = [...own, ...theirs];
  const heading = headingOf(column);
  const figure: RowsFigure = { rows, series: [heading], style: 'bars', x: `${heading}, %` };
  return {
    name: heading,
    figure: {
      words: { title: `${experiment.title}: ${heading}`, settings: madeOf(experiment, results) },
      draw: (size) => drawRows(figure, size),
      table: () => [['row', 'value', 'low', 'high'], ...rows.map(({ name, values }) => [name, ...reachCells(values[0] ?? null)])],
      reading: ({ row }) => {
        const one = rows[row];
        const value = one?.values[0] ?? null;
        return one === undefined ? '' : `${one.name}: ${value === null ? 'not done' : reachText(value)}`;
      },
      ...{ fileName: fileNameOf(`${experiment.title} ${heading}`), heightPx: rowsHeight(figure) },
    },
  };
}

function reachOf(cell: Results['rows'][number]['cells'][number]): FigureRow['values'][number] {
  return cell === null ? null : inPercent(cell);
}

function curvesOf(experiment: ShownExperiment, { columns, rows, published, ...results }: Results): ExperimentPicture[] {
  const keys = [...new Set(columns.flatMap(({ base, figure, percent }) => (percent === null ? [] : [JSON.stringify([base, figure])])))];
  return keys.flatMap((key): ExperimentPicture[] => {
    const places = [...columns.entries()].filter(([, { base, figure }]) => JSON.stringify([base, figure]) === key);
    const [first] = places;
    if (places.length < 2 || first === undefined) return [];
    const own = rows.map(({ row, cells }): Curve => ({
      name: row,
      points: places.flatMap(([at, { percent }]) => {
        const reach = reachOf(cells[at] ?? null);
        return reach === null || percent === null ? [] : [{ at: percent, ...reach }];
      }),
    }));
    const theirs = published.map(({ row, cells }): Curve => ({
      name: `${row}, published`,
      points: places.flatMap(([at, { percent }]) => {
        const value = cells[at] ?? null;
        return value === null || percent === null ? [] : [{ at: percent, ...inPercent({ value, low: null, high: null }) }];
      }),
    }));
    const curves = [...own, ...theirs].map((curve) => ({ ...curve, points: curve.points.toSorted((a, b) => a.at - b.at) }));
    const known = curves.filter(({ points }) => points.length > 1);
    if (own.every(({ points }) => points.length < 2)) return [];
    const heading = `${first[1].base}: ${resultFigureTitle(first[1].figure)}`;
    const ticks = places.flatMap(([, { percent }]) => (percent === null ? [] : [percent]));
    const figure = shownCurves(
      { curves: known, levels: [], x: 'Labels learnt from, % (by powers of ten)', y: `${heading}, %`, isLog: true, ticks },
      {
        words: {
          title: `${experiment.title}: ${heading} by the share of labels`,
          settings: madeOf(experiment, { columns, rows, published, ...results }),
        },
        ...{ fileName: fileNameOf(`${experiment.title} ${heading} label shares`), column: 'percent of the labels' },
      },
    );
    return [{ name: `${heading} by share of labels`, figure }];
  });
}
