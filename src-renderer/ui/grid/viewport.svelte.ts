/** @file What part of a grid is in sight: follows the browser's scrolling and moves it. No markup. */
import { columnsInSight, layOutColumns, mostColumnsInSight, offsetOf, rowsInSight } from './layout.ts';
import type { ColumnLayout } from './layout.ts';
import { followScroll, lastContentTop, scrollExtent, scrollTopFor } from './scroll-scale.ts';

/** Rows drawn above and below those in sight. None: rows are placed by script in the frame in which they are drawn, so none comes late. */
const extraRows = 0;

/** What the part in sight depends on, besides the element's size. */
export interface GridDimensions {
  readonly rows: number;
  readonly rowPx: number;
  readonly headerPx: number;
  readonly pinnedPx: readonly number[];
  readonly scrolledPx: readonly number[];
}

/** The scrolled element, as far as it is needed. */
export interface ScrolledElement {
  scrollTop: number;
  scrollLeft: number;
}

/** The scrolling of one grid. */
export class GridViewport {
  readonly #dimensions: () => GridDimensions;
  #contentTop = $state(0);
  #scrollLeft = $state(0);
  #scrollTop = 0;
  /** Size of the grid without scroll bars; bound to the element. */
  clientWidth = $state(0);
  clientHeight = $state(0);

  readonly pinned: ColumnLayout = $derived.by(() => layOutColumns(this.#dimensions().pinnedPx));
  readonly scrolled: ColumnLayout = $derived.by(() => layOutColumns(this.#dimensions().scrolledPx));
  /** Height in which rows are seen. */
  readonly bodyPx = $derived.by(() => Math.max(0, this.clientHeight - this.#dimensions().headerPx));
  /** Width in which columns that are not pinned are seen. */
  readonly sightPx = $derived(Math.max(0, this.clientWidth - this.pinned.widthPx));
  readonly extent = $derived.by(() => scrollExtent(this.#dimensions().rows, this.#dimensions().rowPx, this.bodyPx));
  /** Px of the table above the part in sight. */
  readonly contentTop = $derived.by(() => Math.min(this.#contentTop, lastContentTop(this.extent)));
  readonly scrollLeft = $derived.by(() => Math.min(this.#scrollLeft, Math.max(0, this.scrolled.widthPx - this.sightPx)));
  readonly #rows = $derived.by(() =>
    rowsInSight(this.#dimensions().rows, this.#dimensions().rowPx, this.contentTop, this.bodyPx, extraRows),
  );
  readonly #columns = $derived.by(() => columnsInSight(this.scrolled, this.scrollLeft, this.sightPx));
  readonly firstRow = $derived.by(() => this.#rows.first);
  readonly endRow = $derived.by(() => this.#rows.end);
  readonly firstColumn = $derived.by(() => this.#columns.first);
  readonly endColumn = $derived.by(() => this.#columns.end);
  /** Elements kept for rows, and for columns in each of them. */
  readonly rowSlots = $derived.by(() => Math.ceil(this.bodyPx / this.#dimensions().rowPx) + 1 + 2 * extraRows);
  readonly columnSlots = $derived.by(() => mostColumnsInSight(this.scrolled, this.sightPx));
  /** Whole rows in sight. */
  readonly page = $derived.by(() => Math.max(1, Math.floor(this.bodyPx / this.#dimensions().rowPx) - 1));

  /** `dimensions` is read again whenever what it reads changes. */
  constructor(dimensions: () => GridDimensions) {
    this.#dimensions = dimensions;
  }

  /** Follows the browser's scroll event. */
  follow(element: ScrolledElement): void {
    const next = followScroll(this.extent, { scrollTop: this.#scrollTop, contentTop: this.contentTop }, element.scrollTop);
    this.#scrollTop = next.scrollTop;
    this.#contentTop = next.contentTop;
    this.#scrollLeft = element.scrollLeft;
    if (next.astray) this.settle(element);
  }

  /** Puts the browser's scroll bar where the table stands. */
  settle(element: ScrolledElement): void {
    const scrollTop = scrollTopFor(this.extent, this.contentTop);
    // Asking the element where it stands would make the browser lay the page out at once, so it is asked only after a change.
    if (Math.abs(scrollTop - this.#scrollTop) < 1) return;
    element.scrollTop = scrollTop;
    this.#scrollTop = element.scrollTop;
  }

  /** Moves the table to a distance from its top. */
  moveTo(element: ScrolledElement, contentTop: number): void {
    this.#contentTop = Math.min(Math.max(0, contentTop), lastContentTop(this.extent));
    this.settle(element);
  }

  /** Moves the table as little as shows a row whole; `middle` puts it in the middle. */
  showRow(element: ScrolledElement, row: number, how: 'nearest' | 'middle' | 'top' = 'nearest'): void {
    const { rowPx } = this.#dimensions();
    const top = row * rowPx;
    if (how === 'top') this.moveTo(element, top);
    else if (how === 'middle') this.moveTo(element, top - (this.bodyPx - rowPx) / 2);
    else if (top < this.contentTop) this.moveTo(element, top);
    else if (top + rowPx > this.contentTop + this.bodyPx) this.moveTo(element, top + rowPx - this.bodyPx);
  }

  /** Moves sideways as little as shows a column (counted among those not pinned) whole. */
  showColumn(element: ScrolledElement, column: number): void {
    const left = offsetOf(this.scrolled, column);
    const right = offsetOf(this.scrolled, column + 1);
    if (left < this.scrollLeft) element.scrollLeft = left;
    else if (right > this.scrollLeft + this.sightPx) element.scrollLeft = right - this.sightPx;
    this.#scrollLeft = element.scrollLeft;
  }
}
