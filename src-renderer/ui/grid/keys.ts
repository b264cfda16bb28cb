/**
 * @file Which key moves to which cell. Follows the grid pattern of the ARIA Authoring Practices Guide, but for Home and End: in a long list they go to
 * its first and last row, as in every other list of music.
 */
import type { GridPlace } from './column.ts';

/** Sizes that movements depend on. */
export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Whole rows in sight. */
  readonly page: number;
}

/** What of a keyboard event counts. */
export interface GridKey {
  readonly key: string;
  readonly control: boolean;
}

/** The cell that a key moves to; null when it is no key of movement. Row −1 is the header. */
export function movedPlace(place: GridPlace, key: GridKey, size: GridSize): GridPlace | null {
  const to = (row: number, column: number): GridPlace => ({
    row: Math.max(-1, Math.min(row, size.rows - 1)),
    column: Math.max(0, Math.min(column, size.columns - 1)),
  });
  const { row, column } = place;
  switch (key.key) {
    case 'ArrowDown':
      return to(key.control ? size.rows - 1 : row + 1, column);
    case 'ArrowUp':
      return to(key.control ? 0 : row - 1, column);
    case 'ArrowRight':
      return to(row, key.control ? size.columns - 1 : column + 1);
    case 'ArrowLeft':
      return to(row, key.control ? 0 : column - 1);
    case 'PageDown':
      return to(row + size.page, column);
    case 'PageUp':
      return to(Math.max(0, row - size.page), column);
    case 'Home':
      return to(0, key.control ? 0 : column);
    case 'End':
      return to(size.rows - 1, key.control ? size.columns - 1 : column);
    default:
      return null;
  }
}

/** First of the loaded rows from `from` on (then from the top) whose words begin with what was typed; −1 when none does. */
export function findTyped(typed: string, from: number, total: number, textAt: (index: number) => string | undefined): number {
  const wanted = typed.toLocaleLowerCase();
  const begins = (index: number): boolean => textAt(index)?.toLocaleLowerCase().startsWith(wanted) ?? false;
  for (let index = Math.max(0, from); index < total; index++) if (begins(index)) return index;
  for (let index = 0; index < Math.min(from, total); index++) if (begins(index)) return index;
  return -1;
}
