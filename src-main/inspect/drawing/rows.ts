/** @file A figure of rows: a name, and the values of one or more series with their intervals, as bars from zero or as points. */
import { px, wordsAt } from './marks.ts';
import type { Drawing, FigureMark, Frame } from './marks.ts';
import { levelGrid, rangeOf, shareOf } from './scale.ts';
import { legend, lookOf, marker } from './series.ts';
import type { Reach } from './series.ts';

/** A row; null where a series has no value. `isFaint`: somebody else's. */
export type FigureRow = { name: string; isFaint?: boolean; values: readonly (Reach | null)[] };

/** `x`: what the values are. Bars begin at zero; points have the range that they need. */
export type RowsFigure = { rows: readonly FigureRow[]; series: readonly string[]; style: 'bars' | 'points'; x: string };

const [leftPx, rightPx, bottomPx, letters] = [210, 16, 40, 34];

/** The height at which each row can be read, in px. */
export function rowsHeight({ rows, series }: Pick<RowsFigure, 'rows' | 'series'>): number {
  return bottomPx + 26 + Math.max(60, rows.length * Math.max(18, 7 * series.length + 6));
}

/** Draws it; a legend where there are several series. */
export function drawRows({ rows, series, style, x }: RowsFigure, { width, height }: { width: number; height: number }): Drawing {
  const frame = { left: leftPx, right: width - rightPx };
  const names = series.length > 1 ? legend(series, { ...frame, left: 8 }) : { marks: [], height: 4 };
  const plot: Frame = { ...frame, top: names.height, bottom: height - bottomPx };
  const range = rangeOf(
    rows.flatMap(({ values }) => values.filter((value) => value !== null)),
    style === 'bars' ? 0 : null,
  );
  const count = Math.max(1, rows.length);
  const high = (plot.bottom - plot.top) / count;
  const xOf = (value: number): number => plot.left + shareOf(range, value) * (plot.right - plot.left);
  const marks: FigureMark[] = [...levelGrid(plot, range), ...names.marks];
  for (const [row, { name, isFaint = false, values }] of rows.entries()) {
    const top = plot.top + row * high;
    marks.push({ ...wordsAt(plot.left - 8, top + high / 2 + 4, shortName(name), 'end'), colour: isFaint ? 'muted' : 'text' });
    const thick = (high * 0.72) / Math.max(1, values.length);
    for (const [at, reach] of values.entries()) {
      if (reach === null) continue;
      const middle = top + high * 0.14 + (at + 0.5) * thick;
      marks.push(...(style === 'bars' ? barOf(reach, { at, middle, thick, isFaint, xOf }) : pointOf(reach, { at, middle, isFaint, xOf })));
    }
  }
  marks.push(wordsAt((plot.left + plot.right) / 2, height - 6, x, 'middle'));
  return { width, height, marks, plot, columns: 1, rows: count };
}

type Placed = { at: number; middle: number; isFaint: boolean; xOf: (value: number) => number };

function barOf({ value, low, high }: Reach, { at, middle, thick, isFaint, xOf }: Placed & { thick: number }): FigureMark[] {
  const { colour } = lookOf(at);
  const [from, to] = [xOf(0), xOf(value)];
  const bar = `M${px(from)} ${px(middle - thick * 0.42)}H${px(to)}v${px(thick * 0.84)}H${px(from)}z`;
  const area: FigureMark = { kind: 'area', path: bar, colour: isFaint ? 'muted' : colour, opacity: isFaint ? 0.35 : 0.75 };
  return low === null || high === null ? [area] : [area, whisker(xOf(low), xOf(high), middle)];
}

function pointOf({ value, low, high }: Reach, { at, middle, isFaint, xOf }: Placed): FigureMark[] {
  const own = lookOf(at);
  const look = isFaint ? { ...own, colour: 'muted' as const } : own;
  const line: FigureMark[] =
    low === null || high === null
      ? []
      : [{ kind: 'line', path: `M${px(xOf(low))} ${px(middle)}H${px(xOf(high))}`, colour: look.colour, width: 1.5 }];
  return [...line, marker(look, [xOf(value), middle])];
}

function whisker(from: number, to: number, y: number): FigureMark {
  const [left, right] = [px(from), px(to)];
  const path = `M${left} ${px(y)}H${right}M${left} ${px(y - 3)}V${px(y + 3)}M${right} ${px(y - 3)}V${px(y + 3)}`;
  return { kind: 'line', path, colour: 'text', width: 1 };
}

function shortName(name: string): string {
  const parts = [...name];
  return parts.length > letters ? `${parts.slice(0, letters - 1).join('')}…` : name;
}
