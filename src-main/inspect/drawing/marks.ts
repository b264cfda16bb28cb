/** @file Figures as marks (areas, lines, words) on a sheet measured in px: a page shows them as they are, a file is written from them. */

/** A colour by what it means; pages and files each have their own for it. `heat-1` to `heat-16`: how much. */
export type FigureColour = 'text' | 'muted' | 'line' | 'first' | 'second' | `heat-${number}`;

/** Something that is drawn; `path` as SVG writes it. */
export type FigureMark =
  | { kind: 'area'; path: string; colour: FigureColour; opacity?: number }
  | { kind: 'line'; path: string; colour: FigureColour; width: number; dash?: string }
  | { kind: 'words'; x: number; y: number; text: string; anchor: 'start' | 'middle' | 'end'; colour: FigureColour; turned?: boolean };

/** A part of a sheet. */
export type Frame = { left: number; top: number; right: number; bottom: number };

/** A figure. Its plot is divided evenly into columns and rows, which a reader moves over. */
export type Drawing = { width: number; height: number; marks: FigureMark[]; plot: Frame; columns: number; rows: number };

/** A coordinate with as many digits as one sees. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A line through points; a point that is not finite interrupts it. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): string {
  let isDrawing = false;
  return points
    .map(([x, y]) => {
      const isPoint = Number.isFinite(x + y);
      const step = isPoint ? `${isDrawing ? 'L' : 'M'}${px(x)} ${px(y)}` : '';
      isDrawing = isPoint;
      return step;
    })
    .join('');
}

/** Where a sheet's words stand, left of the plot's edge. */
export function wordsAt(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): Extract<FigureMark, { kind: 'words' }> {
  return { kind: 'words', x, y, text, anchor, colour: 'muted' };
}
