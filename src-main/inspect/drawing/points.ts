/** @file A figure of named points: a value with its interval against a number by powers of ten; those without that number stand apart at the left. */
import { px, wordsAt } from './marks.ts';
import type { Drawing, FigureMark, Frame } from './marks.ts';
import { axisOf, rangeOf, shareOf, uprightGrid } from './scale.ts';
import { lookOf, marker } from './series.ts';
import type { Reach } from './series.ts';

/** A point. `at` null: it has none of what the axis counts. `isFaint`: somebody else's. */
export type NamedPoint = Reach & { name: string; at: number | null; isFaint?: boolean };

/** `none`: what is said of points without a number. */
export type PointsFigure = { points: readonly NamedPoint[]; x: string; y: string; none: string };

const columns = 48;
const [leftPx, rightPx, topPx, bottomPx, apartPx, letterPx, linePx, dotPx] = [56, 150, 12, 44, 120, 6, 13, 4];

/** Draws it; each name stands beside its point, or at the nearest place that is free, with a line to it. */
export function drawPoints(figure: PointsFigure, { width, height }: { width: number; height: number }): Drawing {
  const { points, x, y, none } = figure;
  const plot: Frame = { left: leftPx, right: width - rightPx, top: topPx, bottom: height - bottomPx };
  const range = rangeOf(points, null);
  const place = placesOf(figure, plot);
  const yOf = (value: number): number => plot.bottom - shareOf(range, value) * (plot.bottom - plot.top);
  const marks: FigureMark[] = [...uprightGrid({ ...plot, right: width - 12 }, range)];
  for (const { share, text } of place.ticks)
    marks.push(wordsAt(place.from + share * (plot.right - place.from), plot.bottom + 16, text, 'middle'));
  if (place.from > plot.left) marks.push(wordsAt(plot.left + 6, plot.bottom + 16, none));
  const ordered = points.toSorted((a, b) => b.value - a.value).map((point) => ({ point, left: place.of(point), top: yOf(point.value) }));
  // Names stand on no point, their own or another's.
  const taken = ordered.map(({ left, top }): Frame => ({ left: left - dotPx, right: left + dotPx, top: top - dotPx, bottom: top + dotPx }));
  for (const { point, left, top } of ordered) {
    const look = point.isFaint === true ? { ...lookOf(0), colour: 'muted' as const } : lookOf(0);
    if (point.low !== null && point.high !== null)
      marks.push({ kind: 'line', path: `M${px(left)} ${px(yOf(point.low))}V${px(yOf(point.high))}`, colour: look.colour, width: 1 });
    marks.push(marker(look, [left, top], dotPx));
    const wanted = { left: left + 8, right: left + 8 + point.name.length * letterPx, top: top + 4 - linePx, bottom: top + 4 };
    const baseline = freePlace(wanted, { taken, within: plot });
    if (Math.abs(baseline - wanted.bottom) > linePx)
      marks.push({ kind: 'line', path: `M${px(left)} ${px(top)}L${px(left + 7)} ${px(baseline - dotPx)}`, colour: 'muted', width: 0.5 });
    marks.push({ ...wordsAt(left + 8, baseline, point.name), colour: point.isFaint === true ? 'muted' : 'text' });
  }
  marks.push(wordsAt((plot.left + plot.right) / 2, height - 6, x, 'middle'));
  marks.push({ ...wordsAt(12, (plot.top + plot.bottom) / 2, y, 'middle'), turned: true });
  return { width, height, marks, plot, columns, rows: 1 };
}

/** The nearest place for a name above or below where it is wanted that nothing has taken, within the plot where there is one. @returns the baseline */
function freePlace(wanted: Frame, { taken, within }: { taken: Frame[]; within: Frame }): number {
  const moved = (lines: number): Frame => ({ ...wanted, top: wanted.top + lines * linePx, bottom: wanted.bottom + lines * linePx });
  const isFree = (own: Frame): boolean =>
    taken.every((other) => own.left >= other.right || other.left >= own.right || own.top >= other.bottom || other.top >= own.bottom);
  const most = Math.ceil((within.bottom - within.top) / linePx);
  const places = Array.from({ length: 2 * most + 1 }, (_, i) => moved(i % 2 === 1 ? (i + 1) / 2 : -i / 2));
  const isInside = ({ top, bottom }: Frame): boolean => top >= within.top - linePx && bottom <= within.bottom;
  const own = places.find((frame) => isInside(frame) && isFree(frame)) ?? wanted;
  taken.push(own);
  return own.bottom;
}

type Places = { of: (point: NamedPoint) => number; from: number; ticks: { share: number; text: string }[] };

function placesOf({ points }: PointsFigure, { left, right }: Frame): Places {
  const all = points.flatMap(({ at }) => (at === null ? [] : [at]));
  const from = all.length === points.length ? left : left + apartPx;
  const axis = axisOf(all.length === 0 ? [1] : all, { isLog: true, wanted: 6 });
  return {
    from,
    of: ({ at }) => (at === null ? left + 14 : from + axis.shareOf(at) * (right - from)),
    ticks: all.length === 0 ? [] : axis.ticks,
  };
}

/** The point that is nearest to a column of the drawing, at this width. */
export function nearestPoint(figure: PointsFigure, { column, width }: { column: number; width: number }): NamedPoint | null {
  const plot = { left: leftPx, right: width - rightPx, top: 0, bottom: 0 };
  const place = placesOf(figure, plot);
  const wanted = plot.left + ((column + 0.5) / columns) * (plot.right - plot.left);
  const [first, ...others] = figure.points;
  if (first === undefined) return null;
  return others.reduce((best, one) => (Math.abs(place.of(one) - wanted) < Math.abs(place.of(best) - wanted) ? one : best), first);
}
