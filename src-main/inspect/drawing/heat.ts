/** @file A figure of heat: cells in columns and rows, the more the darker. */
import { px, wordsAt } from './marks.ts';
import type { Drawing, FigureMark, Frame } from './marks.ts';
import { levelOf } from './palette.ts';

/** `shares`: of each cell, 0 to 1, `[rows][columns]`. */
export type HeatFigure = {
  shares: readonly (readonly number[])[];
  rowNames: readonly string[];
  columnNames: readonly string[];
  /** Room below the plot for columns with long names, in px, the axis’s own words among it. */
  namesPx?: number;
  x: string;
  width: number;
  height: number;
};

const [leftPx, topPx, rightPx, bottomPx] = [176, 4, 12, 58];
/** Columns narrower than this are not named, rows lower than that neither. */
const [leastNamedPx, leastRowPx, letters] = [11, 10, 28];

/** Letters are about so wide. */
const letterPx = 6;

/** The height at which each row can be read, in px. */
export function heatHeight(rows: number, namesPx = bottomPx): number {
  return topPx + namesPx + Math.max(120, rows * 18);
}

/** Draws it, with one path for each level, so that a figure of many cells stays small. */
export function drawHeat({ shares, rowNames, columnNames, namesPx = bottomPx, x, width, height }: HeatFigure): Drawing {
  const plot: Frame = { left: leftPx, top: topPx, right: width - rightPx, bottom: height - namesPx };
  const [columns, rows] = [Math.max(1, columnNames.length), Math.max(1, rowNames.length)];
  const [wide, high] = [(plot.right - plot.left) / columns, (plot.bottom - plot.top) / rows];
  const paths = new Map<number, string[]>();
  for (const [row, line] of shares.entries())
    for (const [column, share] of line.entries()) {
      const level = levelOf(share);
      if (level === 0) continue;
      const path = paths.get(level) ?? [];
      paths.set(level, path);
      path.push(`M${px(plot.left + column * wide)} ${px(plot.top + row * high)}h${px(wide)}v${px(high)}h${px(-wide)}z`);
    }
  const cells = [...paths]
    .sort(([a], [b]) => a - b)
    .map(([level, path]): FigureMark => ({ kind: 'area', path: path.join(''), colour: `heat-${level}` }));
  const edge = `M${px(plot.left)} ${px(plot.top)}H${px(plot.right)}V${px(plot.bottom)}H${px(plot.left)}Z`;
  const rowWords =
    high < leastRowPx ? [] : rowNames.map((name, row) => wordsAt(plot.left - 8, plot.top + (row + 0.5) * high + 4, short(name), 'end'));
  const columnWords = columnNames.map((name, column): FigureMark => {
    const middle = plot.left + (column + 0.5) * wide;
    const isLying = short(name).length * letterPx < wide && name !== String(Number(name));
    return isLying
      ? wordsAt(middle, plot.bottom + 16, short(name), 'middle')
      : { ...wordsAt(middle + 4, plot.bottom + 8, short(name), 'end'), turned: true };
  });
  const marks: FigureMark[] = [
    ...cells,
    { kind: 'line', path: edge, colour: 'line', width: 1 },
    ...rowWords,
    ...(wide < leastNamedPx ? [] : columnWords),
  ];
  return { width, height, marks: [...marks, wordsAt((plot.left + plot.right) / 2, height - 6, x, 'middle')], plot, columns, rows };
}

function short(name: string): string {
  const parts = [...name];
  return parts.length > letters ? `${parts.slice(0, letters - 1).join('')}…` : name;
}
