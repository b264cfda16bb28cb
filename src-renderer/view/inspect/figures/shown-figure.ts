/** @file What a figure's frame is given to show. */
import type { Drawing, FigureColour, FigureTable, FigureWords } from '../../../../src-main/contract/index.ts';
import { heatOfFigures } from '../../../../src-main/contract/index.ts';

/** A place of a figure's plot. */
export type FigureCell = { column: number; row: number };

/** A figure: how it is drawn, read, and written to a file. */
export type ShownFigure = {
  words: FigureWords;
  draw: (size: { width: number; height: number }) => Drawing;
  table: () => FigureTable;
  /** What stands at a place, as a sentence. */
  reading: (cell: FigureCell) => string;
  /** Of files, without their endings. */
  fileName: string;
  heightPx: number;
};

/** Colours of a page by what they mean. */
export function pageColour(colour: FigureColour): string {
  const named: Readonly<Record<string, string>> = {
    ...{ text: 'var(--text)', muted: 'var(--text-muted)', line: 'var(--line)', first: 'var(--series-a)', second: 'var(--series-c)' },
  };
  const level = Number(colour.slice('heat-'.length)) - 1;
  return named[colour] ?? `light-dark(${heatOfFigures.light[level] ?? ''}, ${heatOfFigures.dark[level] ?? ''})`;
}

/** Where an arrow key, or one beside them, leads from a place; null for other keys. */
export function cellAfter(
  key: string,
  { column, row }: FigureCell,
  { columns, rows }: { columns: number; rows: number },
): FigureCell | null {
  const to = (across: number, down: number): FigureCell => ({
    column: Math.min(columns - 1, Math.max(0, across)),
    row: Math.min(rows - 1, Math.max(0, down)),
  });
  switch (key) {
    case 'ArrowLeft':
      return to(column - 1, row);
    case 'ArrowRight':
      return to(column + 1, row);
    case 'ArrowUp':
      return to(column, row - 1);
    case 'ArrowDown':
      return to(column, row + 1);
    case 'PageUp':
      return rows === 1 ? to(column - 10, row) : to(column, row - 10);
    case 'PageDown':
      return rows === 1 ? to(column + 10, row) : to(column, row + 10);
    case 'Home':
      return to(0, row);
    case 'End':
      return to(columns - 1, row);
    default:
      return null;
  }
}
