/** @file A figure of bars side by side, each a share. */
import { px, wordsAt } from './marks.ts';
import type { Drawing, FigureMark, Frame } from './marks.ts';
import { linearTicks, tickText } from './ticks.ts';

/** `shares`: 0 to 1, one a bar; `names`: below them. `marked`: places between bars (from 0) at which a line stands, and what it says. */
export type BarFigure = {
  shares: readonly number[];
  names: readonly string[];
  marked: readonly { at: number; text: string }[];
  x: string;
  y: string;
  width: number;
  height: number;
};

const [topPx, leftPx, bottomPx, rightPx] = [22, 56, 40, 12];
const leastNamedPx = 18;

/** Draws it. */
export function drawBars({ shares, names, marked, x, y, width, height }: BarFigure): Drawing {
  const plot: Frame = { left: leftPx, top: topPx, right: width - rightPx, bottom: height - bottomPx };
  const columns = Math.max(1, shares.length);
  const wide = (plot.right - plot.left) / columns;
  const most = Math.max(1e-9, ...shares);
  const yOf = (share: number): number => plot.bottom - (share / most) * (plot.bottom - plot.top);
  const grid = linearTicks(0, most * 100, (plot.bottom - plot.top) / 44).flatMap((tick): FigureMark[] => [
    { kind: 'line', path: `M${px(plot.left)} ${px(yOf(tick / 100))}H${px(plot.right)}`, colour: 'line', width: 1 },
    wordsAt(plot.left - 6, yOf(tick / 100) + 4, `${tickText(tick)} %`, 'end'),
  ]);
  const bars = shares.flatMap((share, at): FigureMark[] => {
    const left = plot.left + (at + 0.12) * wide;
    return share > 0
      ? [
          {
            kind: 'area',
            path: `M${px(left)} ${px(plot.bottom)}V${px(yOf(share))}h${px(wide * 0.76)}V${px(plot.bottom)}z`,
            colour: 'first',
          },
        ]
      : [];
  });
  const below =
    wide < leastNamedPx ? [] : names.map((name, at) => wordsAt(plot.left + (at + 0.5) * wide, plot.bottom + 16, name, 'middle'));
  const lines = marked.flatMap(({ at, text }): FigureMark[] => {
    const place = plot.left + (at + 0.5) * wide;
    return [
      { kind: 'line', path: `M${px(place)} ${px(plot.top)}V${px(plot.bottom)}`, colour: 'text', width: 1.5, dash: '5 3' },
      { ...wordsAt(place + 5, plot.top - 8, text), colour: 'text' },
    ];
  });
  const axes = [
    wordsAt((plot.left + plot.right) / 2, height - 6, x, 'middle'),
    { ...wordsAt(12, (plot.top + plot.bottom) / 2, y, 'middle'), turned: true },
  ];
  return { width, height, marks: [...grid, ...bars, ...below, ...lines, ...axes], plot, columns, rows: 1 };
}
