/**
 * @file What every view contributes to the context menu of a row. Tables ask here and views are told of by their list, so that a table need not know which
 * views there are.
 */
import type { MenuEntry } from '../ui/menu-entry.ts';
import type { ChosenRows, View } from './view.ts';

let contributing: readonly NonNullable<View['rowEntries']>[] = [];

/** Takes up what these views contribute; called once by the frame. */
export function contributeRowEntries(views: readonly View[]): void {
  contributing = views.flatMap(({ rowEntries: own }) => own ?? []);
}

/** Entries for rows, in the order of the views; they begin behind a line. */
export function rowEntries(rows: ChosenRows): MenuEntry[] {
  return contributing.flatMap((entriesOf) => entriesOf(rows)).map((entry, index) => (index === 0 ? { ...entry, separated: true } : entry));
}
