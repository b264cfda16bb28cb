/** @file A figure of curves: values with their intervals over numbers, such as shares of labels or steps; and levels that do not hang on them. */
import { lineThrough, px, wordsAt } from './marks.ts';
import type { Drawing, FigureMark, Frame } from './marks.ts';
import { axisOf, rangeOf, shareOf, uprightGrid } from './scale.ts';
import { legend, lookOf, marker } from './series.ts';
import type { Reach } from './series.ts';

/** One curve; its points rise in `at`. */
export type Curve = { name: string; points: readonly (Reach & { at: number })[] };

/** `levels`: values that are the same everywhere. `ticks`: where the axis is numbered; absent: at round numbers. */
export type CurvesFigure = {
  curves: readonly Curve[];
  levels: readonly { name: string; value: number }[];
  x: string;
  y: string;
  isLog: boolean;
  ticks?: readonly number[];
};

/** Places that a reader moves over. */
const columns = 48;
const [leftPx, rightPx, bottomPx] = [56, 16, 44];

type Size = { width: number; height: number };

/** Draws it. */
export function drawCurves(figure: CurvesFigure, { width, height }: Size): Drawing {
  const { curves, levels, x, y } = figure;
  const frame = { left: leftPx, right: width - rightPx };
  const names = legend([...curves.map(({ name }) => name), ...levels.map(({ name }) => name)], frame);
  const plot: Frame = { ...frame, top: names.height + 4, bottom: height - bottomPx };
  const range = rangeOf(
    [...curves.flatMap(({ points }) => points), ...levels.map(({ value }) => ({ value, low: null, high: null }))],
    null,
  );
  const axis = axisFor(figure, plot);
  const xOf = (at: number): number => plot.left + axis.shareOf(at) * (plot.right - plot.left);
  const yOf = (value: number): number => plot.bottom - shareOf(range, value) * (plot.bottom - plot.top);
  const marks: FigureMark[] = [...names.marks, ...uprightGrid(plot, range)];
  for (const { share, text } of axis.ticks)
    marks.push(wordsAt(plot.left + share * (plot.right - plot.left), plot.bottom + 16, text, 'middle'));
  for (const [at, { points }] of curves.entries()) {
    const look = lookOf(at);
    const dash = look.dash === undefined ? {} : { dash: look.dash };
    marks.push({
      kind: 'line',
      path: lineThrough(points.map((one) => [xOf(one.at), yOf(one.value)])),
      colour: look.colour,
      width: 1.5,
      ...dash,
    });
    for (const { at: place, value, low, high } of points) {
      if (low !== null && high !== null)
        marks.push({ kind: 'line', path: `M${px(xOf(place))} ${px(yOf(low))}V${px(yOf(high))}`, colour: look.colour, width: 1 });
      marks.push(marker(look, [xOf(place), yOf(value)]));
    }
  }
  for (const [at, { value }] of levels.entries()) {
    const { colour, dash = '4 4' } = lookOf(curves.length + at);
    marks.push({ kind: 'line', path: `M${px(plot.left)} ${px(yOf(value))}H${px(plot.right)}`, colour, width: 1, dash });
  }
  marks.push(wordsAt((plot.left + plot.right) / 2, height - 6, x, 'middle'));
  marks.push({ ...wordsAt(12, (plot.top + plot.bottom) / 2, y, 'middle'), turned: true });
  return { width, height, marks, plot, columns, rows: 1 };
}

function axisFor({ curves, isLog, ticks }: CurvesFigure, { left, right }: Frame): ReturnType<typeof axisOf> {
  const all = curves.flatMap(({ points }) => points.map(({ at }) => at));
  const axis = axisOf(all.length === 0 ? [1] : all, { isLog, wanted: (right - left) / 90 });
  return ticks === undefined ? axis : { ...axis, ticks: ticks.map((value) => ({ share: axis.shareOf(value), text: String(value) })) };
}

/** The number of a curve's points that is nearest to a column of the drawing. */
export function nearestAt({ curves, isLog }: CurvesFigure, column: number): number | null {
  const all = curves.flatMap(({ points }) => points.map(({ at }) => at));
  if (all.length === 0) return null;
  const { shareOf: place } = axisOf(all, { isLog, wanted: 1 });
  const wanted = (column + 0.5) / columns;
  return all.reduce((best, at) => (Math.abs(place(at) - wanted) < Math.abs(place(best) - wanted) ? at : best));
}
