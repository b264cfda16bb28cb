/** @file A figure of bands: for each place of an axis a middle line between a low and a high end, of one or two kinds of music. */
import { lineThrough, px, wordsAt } from './marks.ts';
import type { Drawing, FigureColour, Frame, FigureMark } from './marks.ts';
import { linearTicks, tickText } from './ticks.ts';

/** Values at each place, all of one length. */
export type Band = { name: string; low: readonly number[]; middle: readonly number[]; high: readonly number[] };

/** `x`, `y`: what the axes mean; `places`: what stands at each place, numbers from 1 where that is left out. */
export type BandFigure = { bands: readonly Band[]; places?: readonly string[]; x: string; y: string; width: number; height: number };

const [legendPx, leftPx, bottomPx, rightPx] = [22, 56, 40, 12];
const looks: readonly { colour: FigureColour; dash?: string }[] = [{ colour: 'first' }, { colour: 'second', dash: '5 3' }];

/** Draws it; two bands are told apart by dashes too. */
export function drawBands({ bands, places, x, y, width, height }: BandFigure): Drawing {
  const plot: Frame = { left: leftPx, top: legendPx, right: width - rightPx, bottom: height - bottomPx };
  const columns = Math.max(1, ...bands.map(({ middle }) => middle.length));
  const scale = scaleOf(bands);
  const xOf = (place: number): number => plot.left + ((place + 0.5) / columns) * (plot.right - plot.left);
  const yOf = (value: number): number => plot.bottom - ((value - scale.least) / (scale.most - scale.least)) * (plot.bottom - plot.top);
  const marks: FigureMark[] = [
    ...gridOf(plot, scale, yOf),
    ...(places === undefined ? placesOf(plot, columns, xOf) : namedPlaces(plot, places, xOf)),
  ];
  marks.push(wordsAt((plot.left + plot.right) / 2, height - 6, x, 'middle'));
  marks.push({ ...wordsAt(12, (plot.top + plot.bottom) / 2, y, 'middle'), turned: true });
  for (const [at, { low, middle, high }] of bands.entries()) {
    const { colour, dash } = looks[at % looks.length] ?? { colour: 'text' };
    const there = high.map((value, place): [number, number] => [xOf(place), yOf(value)]);
    const back = low.map((value, place): [number, number] => [xOf(place), yOf(value)]).toReversed();
    marks.push({ kind: 'area', path: `${lineThrough([...there, ...back])}Z`, colour, opacity: 0.18 });
    const line = lineThrough(middle.map((value, place) => [xOf(place), yOf(value)]));
    marks.push({ kind: 'line', path: line, colour, width: 1.5, ...(dash === undefined ? {} : { dash }) });
  }
  return { width, height, marks: [...marks, ...legendOf(bands, plot)], plot, columns, rows: 1 };
}

type Scale = { least: number; most: number };

function scaleOf(bands: readonly Band[]): Scale {
  let [least, most] = [Infinity, -Infinity];
  for (const { low, high } of bands) {
    for (const value of low) if (value < least) least = value;
    for (const value of high) if (value > most) most = value;
  }
  if (!(least <= most)) return { least: 0, most: 1 };
  const air = most > least ? (most - least) * 0.05 : Math.abs(most) * 0.1 || 1;
  return { least: least >= 0 && least - air < 0 ? 0 : least - air, most: most + air };
}

function gridOf({ left, right, top, bottom }: Frame, { least, most }: Scale, yOf: (value: number) => number): FigureMark[] {
  return linearTicks(least, most, (bottom - top) / 44).flatMap((tick): FigureMark[] => [
    { kind: 'line', path: `M${px(left)} ${px(yOf(tick))}H${px(right)}`, colour: 'line', width: 1 },
    wordsAt(left - 6, yOf(tick) + 4, tickText(tick), 'end'),
  ]);
}

function placesOf({ left, right, bottom }: Frame, columns: number, xOf: (place: number) => number): FigureMark[] {
  const ticks = linearTicks(1, columns, Math.min(columns, (right - left) / 90)).filter(Number.isInteger);
  return ticks.map((tick) => wordsAt(xOf(tick - 1), bottom + 16, tickText(tick), 'middle'));
}

/** Names of places, as many as there is room for. */
function namedPlaces({ left, right, bottom }: Frame, places: readonly string[], xOf: (place: number) => number): FigureMark[] {
  const each = Math.max(...places.map(({ length }) => length), 1) * 6.5 + 8;
  const step = Math.max(1, Math.ceil((places.length * each) / (right - left)));
  return places.flatMap((name, place) => (place % step === 0 ? [wordsAt(xOf(place), bottom + 16, name, 'middle')] : []));
}

function legendOf(bands: readonly Band[], { left }: Frame): FigureMark[] {
  let x = left;
  return bands.flatMap(({ name }, at): FigureMark[] => {
    const { colour, dash } = looks[at % looks.length] ?? { colour: 'text' };
    const start = x;
    x += 34 + name.length * 6.5 + 16;
    return [
      { kind: 'line', path: `M${start} 8H${start + 24}`, colour, width: 2, ...(dash === undefined ? {} : { dash }) },
      { ...wordsAt(start + 30, 12, name), colour: 'text' },
    ];
  });
}
