/** @file The active cell, the selection and the keys of a grid; the component draws what this holds. */
import type { GridColumn, GridPlace, GridSort, RowSource } from './column.ts';
import { findTyped, movedPlace } from './keys.ts';
import { moveItem } from './layout.ts';
import { Letters } from './letters.svelte.ts';
import type { Later, LetterAction } from './letters.svelte.ts';
import { joinRanges, rangeBetween, toggleRow } from './selection.ts';
import type { RowRange } from './selection.ts';
import { nextSort } from './sort.ts';
import type { GridViewport, ScrolledElement } from './viewport.svelte.ts';

/** Rows that type-ahead looks through from the active one on. */
const typedReach = 20_000;
/** Px by which Alt and an arrow change a column's width. */
const keyResizePx = 8;

/** What the caller of a grid wants to know, and may take over. */
export interface GridEvents<Row> {
  onsort?: ((sort: GridSort[]) => void) | undefined;
  onresize?: ((id: string, widthPx: number) => void) | undefined;
  onreorder?: ((ids: string[]) => void) | undefined;
  onopen?: ((row: Row | undefined, index: number) => void) | undefined;
  onactivate?: ((index: number) => void) | undefined;
  onselect?: ((ranges: RowRange[]) => void) | undefined;
  /** Sees a key before the grid does, but for letters and words that are being typed; true when it has dealt with it. */
  onkey?: ((event: KeyboardEvent, place: GridPlace) => boolean) | undefined;
  /** A word that was typed; the row to go to, −1 for none, null for the loaded row whose name begins so. */
  ontype?: ((text: string, from: number) => number | null) | undefined;
}

/** What a grid is made of at the moment. */
export interface GridParts<Row> extends GridEvents<Row> {
  readonly source: RowSource<Row>;
  readonly pinned: readonly GridColumn<Row>[];
  readonly scrolled: readonly GridColumn<Row>[];
  readonly sort: readonly GridSort[];
  /** What a key does when it is no part of a word; null for nothing. */
  actionOf?: (event: KeyboardEvent) => LetterAction | null;
}

/** State of one grid. */
export class GridModel<Row> {
  readonly #parts: () => GridParts<Row>;
  readonly #viewport: GridViewport;
  readonly #letters: Letters;
  #typeIn: ScrolledElement | null = null;
  #place = $state.raw<GridPlace>({ row: 0, column: 0 });
  #ranges = $state.raw<RowRange[]>([]);
  #anchor = 0;

  /**
   * @param parts is read at every event
   * @param later runs something after a time; replaced in tests
   */
  constructor(viewport: GridViewport, parts: () => GridParts<Row>, later?: Later) {
    this.#viewport = viewport;
    this.#parts = parts;
    this.#letters = new Letters((word) => this.#type(word), later);
  }

  /** What has been typed of a word; empty when none is under way. */
  get word(): string {
    return this.#letters.word;
  }

  /** The grid has lost the keyboard or goes: what waited for a next letter is forgotten. */
  leave(): void {
    this.#letters.end();
  }

  /** The active cell; row −1 is the header. */
  get place(): GridPlace {
    return this.#place;
  }

  /** Selected rows. */
  get ranges(): readonly RowRange[] {
    return this.#ranges;
  }

  /** All columns as they are shown. */
  get columns(): GridColumn<Row>[] {
    const { pinned, scrolled } = this.#parts();
    return [...pinned, ...scrolled];
  }

  /** Makes a cell the active one, shows it, and selects its row (or, with `extend`, the rows from the anchor to it). */
  goTo(element: ScrolledElement, place: GridPlace, extend = false, how: 'nearest' | 'middle' | 'top' = 'nearest'): void {
    const { pinned, onactivate } = this.#parts();
    this.#place = place;
    if (place.row >= 0) {
      if (!extend) this.#anchor = place.row;
      this.#select([rangeBetween(this.#anchor, place.row)]);
      this.#viewport.showRow(element, place.row, how);
    }
    if (place.column >= pinned.length) this.#viewport.showColumn(element, place.column - pinned.length);
    if (place.row >= 0) onactivate?.(place.row);
  }

  /** A press on a row's cell. */
  press(element: ScrolledElement, place: GridPlace, event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): void {
    if (!(event.ctrlKey || event.metaKey)) return this.goTo(element, place, event.shiftKey);
    this.#place = place;
    this.#anchor = place.row;
    this.#select(toggleRow(this.#ranges, place.row));
    this.#parts().onactivate?.(place.row);
  }

  /** Sorts by a column, as a click on its header does. */
  sortBy(column: GridColumn<Row>, second: boolean): void {
    if (column.sorts === undefined) return;
    const { sort, onsort } = this.#parts();
    onsort?.(nextSort(sort, column.id, { second, descendingFirst: column.sorts === 'descending-first' }));
  }

  /** A key; true when it was the grid's. */
  key(element: ScrolledElement, event: KeyboardEvent): boolean {
    const parts = this.#parts();
    this.#typeIn = element;
    if (this.#letters.press(event, () => parts.actionOf?.(event) ?? null)) return true;
    if (parts.onkey?.(event, this.#place) === true) return true;
    if (this.#place.row === -1 && this.#headerKey(event)) return true;
    if (event.altKey) return false;
    const control = event.ctrlKey || event.metaKey;
    const size = { rows: parts.source.total, columns: this.columns.length, page: this.#viewport.page };
    // Shift and an arrow to the side go on in what plays, as everywhere.
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) return false;
    const to = movedPlace(this.#place, { key: event.key, control }, size);
    if (to !== null) {
      this.goTo(element, to, event.shiftKey && to.row >= 0);
      return true;
    }
    if (control && event.key.toLowerCase() === 'a') {
      this.#select(size.rows === 0 ? [] : [{ first: 0, last: size.rows - 1 }]);
      return true;
    }
    // With Ctrl, ⌘ or Alt it means something else, such as showing new rows.
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey && this.#place.row >= 0) {
      parts.onopen?.(parts.source.at(this.#place.row), this.#place.row);
      return true;
    }
    return false;
  }

  #headerKey(event: KeyboardEvent): boolean {
    const column = this.columns[this.#place.column];
    if (column === undefined) return false;
    if (event.key === 'Enter' || event.key === ' ') {
      this.sortBy(column, event.shiftKey);
      return true;
    }
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') || column.movable === false) return false;
    const step = event.key === 'ArrowRight' ? 1 : -1;
    if (event.shiftKey) this.#moveColumn(step);
    else this.#parts().onresize?.(column.id, Math.max(column.leastPx ?? 40, column.widthPx + step * keyResizePx));
    return true;
  }

  #moveColumn(step: 1 | -1): void {
    const { pinned, onreorder } = this.#parts();
    const from = this.#place.column;
    const to = from + step;
    const ids = this.columns.map((column) => column.id);
    if (to < 0 || to >= ids.length || to < pinned.length !== from < pinned.length) return;
    onreorder?.(moveItem(ids, from, step === 1 ? to + 1 : to));
    this.#place = { row: -1, column: to };
  }

  #type(word: string): void {
    const { source, ontype, pinned, scrolled } = this.#parts();
    const from = Math.max(0, this.#place.row) + ([...word].length === 1 ? 1 : 0);
    const name = [...pinned, ...scrolled].find((column) => column.isName === true);
    const nameAt = (index: number): string | undefined => {
      const row = source.at(index);
      return row === undefined ? undefined : name?.text(row, index);
    };
    const found = ontype?.(word, from) ?? findTyped(word, from, Math.min(source.total, from + typedReach), nameAt);
    if (found >= 0 && this.#typeIn !== null) this.goTo(this.#typeIn, { row: found, column: this.#place.column }, false, 'middle');
  }

  #select(ranges: readonly RowRange[]): void {
    this.#ranges = joinRanges(ranges);
    this.#parts().onselect?.(this.#ranges);
  }

  /** Selects exactly these rows. */
  select(ranges: readonly RowRange[]): void {
    this.#select(ranges);
  }
}
