/** @file Looks of series in one figure: colour, dash and shape together, so that none is told by its colour alone; and their legend. */
import { px, wordsAt } from './marks.ts';
import type { FigureColour, FigureMark, Frame } from './marks.ts';

/** A value and the ends of its interval, which are null where it has none. */
export type Reach = { value: number; low: number | null; high: number | null };

type Shape = 'circle' | 'square' | 'triangle' | 'diamond';
type Look = { colour: FigureColour; shape: Shape; dash?: string };

const looks: readonly Look[] = [
  { colour: 'first', shape: 'circle' },
  { colour: 'second', shape: 'square', dash: '6 3' },
  { colour: 'text', shape: 'triangle', dash: '2 3' },
  { colour: 'muted', shape: 'diamond', dash: '8 3 2 3' },
  { colour: 'first', shape: 'square', dash: '1 3' },
  { colour: 'second', shape: 'circle', dash: '10 4' },
  { colour: 'text', shape: 'diamond', dash: '4 2' },
  { colour: 'muted', shape: 'circle', dash: '3 1' },
];

/** The look of a series by its place. */
export function lookOf(series: number): Look {
  return looks[series % looks.length] ?? { colour: 'text', shape: 'circle' };
}

/** A marker about a place, filled. @param reach half of its width in px */
export function marker({ shape, colour }: Look, [x, y]: readonly [x: number, y: number], reach = 3.5): FigureMark {
  const r = px(reach);
  const [left, right, top, bottom] = [px(x - reach), px(x + reach), px(y - reach), px(y + reach)];
  const path = {
    circle: `M${left} ${px(y)}a${r} ${r} 0 1 0 ${px(2 * reach)} 0a${r} ${r} 0 1 0 ${px(-2 * reach)} 0z`,
    square: `M${left} ${top}H${right}V${bottom}H${left}z`,
    triangle: `M${px(x)} ${top}L${right} ${bottom}H${left}z`,
    diamond: `M${px(x)} ${top}L${right} ${px(y)}L${px(x)} ${bottom}L${left} ${px(y)}z`,
  }[shape];
  return { kind: 'area', path, colour };
}

const [letterPx, samplePx, gapPx, linePx] = [6.4, 26, 20, 18];

/** Names of series with their looks, in as many lines as they take: marks, and how high they are. */
export function legend(names: readonly string[], { left, right }: Pick<Frame, 'left' | 'right'>): { marks: FigureMark[]; height: number } {
  let [x, line] = [left, 0];
  const marks = names.flatMap((name, at): FigureMark[] => {
    const look = lookOf(at);
    const width = samplePx + 6 + name.length * letterPx;
    if (x > left && x + width > right) [x, line] = [left, line + 1];
    const [start, y] = [x, 8 + line * linePx];
    x += width + gapPx;
    const sample = `M${px(start)} ${px(y)}H${px(start + samplePx)}`;
    return [
      { kind: 'line', path: sample, colour: look.colour, width: 1.5, ...(look.dash === undefined ? {} : { dash: look.dash }) },
      marker(look, [start + samplePx / 2, y]),
      { ...wordsAt(start + samplePx + 6, y + 4, name), colour: 'text' },
    ];
  });
  return { marks, height: names.length === 0 ? 0 : (line + 1) * linePx + 4 };
}
