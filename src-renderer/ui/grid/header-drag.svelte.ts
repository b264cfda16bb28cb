/** @file Dragging in a grid's header: the grip at a column's edge makes it wider or narrower, the column itself moves it. */
import { columnAt, moveItem, offsetOf } from './layout.ts';
import type { ColumnLayout } from './layout.ts';

/** A press moves the column only after so many px, so that a click stays a click. */
const dragBeginsPx = 6;

/** What is being dragged. */
type Drag =
  | { readonly kind: 'width'; readonly id: string; readonly fromX: number; readonly fromPx: number; readonly leastPx: number }
  | { readonly kind: 'order'; readonly from: number; readonly fromX: number; readonly pinned: boolean; moved: boolean };

/** What a finished or ongoing drag leads to. */
export interface HeaderDragOutcome {
  resize(id: string, widthPx: number): void;
  reorder(ids: string[]): void;
}

/** The drag of one header. */
export class HeaderDrag {
  readonly #outcome: HeaderDragOutcome;
  #drag: Drag | null = null;
  /** Before which column of its group the dragged one would land; null when none is dragged. */
  #target = $state.raw<{ index: number; pinned: boolean } | null>(null);

  /** Drags end in `outcome`. */
  constructor(outcome: HeaderDragOutcome) {
    this.#outcome = outcome;
  }

  /** Where the dragged column would land. */
  get target(): { index: number; pinned: boolean } | null {
    return this.#target;
  }

  /** Whether a press has become a drag. */
  get isDragging(): boolean {
    return this.#drag !== null && (this.#drag.kind === 'width' || this.#drag.moved);
  }

  /** Begins to change a column's width. */
  beginWidth(id: string, fromPx: number, leastPx: number, x: number): void {
    this.#drag = { kind: 'width', id, fromX: x, fromPx, leastPx };
  }

  /** Begins to move a column, counted within its group (pinned or not). */
  beginOrder(from: number, pinned: boolean, x: number): void {
    this.#drag = { kind: 'order', from, fromX: x, pinned, moved: false };
  }

  /** Follows the pointer. `insideX` is its distance from the left edge of the dragged column's group, scrolling included. */
  move(x: number, insideX: number, layout: (pinned: boolean) => ColumnLayout): void {
    const drag = this.#drag;
    if (drag === null) return;
    if (drag.kind === 'width') {
      this.#outcome.resize(drag.id, Math.max(drag.leastPx, Math.round(drag.fromPx + x - drag.fromX)));
      return;
    }
    if (!drag.moved && Math.abs(x - drag.fromX) < dragBeginsPx) return;
    drag.moved = true;
    const columns = layout(drag.pinned);
    const over = columnAt(columns, insideX);
    const isRightHalf = insideX > (offsetOf(columns, over) + offsetOf(columns, over + 1)) / 2;
    this.#target = { index: over + (isRightHalf ? 1 : 0), pinned: drag.pinned };
  }

  /** Whether the pressed column is pinned. */
  get isPinned(): boolean {
    return this.#drag?.kind === 'order' && this.#drag.pinned;
  }

  /** Lets go; true when it was a drag and no click. */
  end(ids: { pinned: readonly string[]; scrolled: readonly string[] }): boolean {
    const drag = this.#drag;
    const target = this.#target;
    const wasDrag = this.isDragging;
    this.cancel();
    if (drag?.kind !== 'order' || target === null) return wasDrag;
    const pinned = drag.pinned ? moveItem(ids.pinned, drag.from, target.index) : [...ids.pinned];
    const scrolled = drag.pinned ? [...ids.scrolled] : moveItem(ids.scrolled, drag.from, target.index);
    this.#outcome.reorder([...pinned, ...scrolled]);
    return true;
  }

  /** Lets go without any outcome. */
  cancel(): void {
    this.#drag = null;
    this.#target = null;
  }
}
