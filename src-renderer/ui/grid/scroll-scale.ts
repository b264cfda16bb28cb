/**
 * @file Scrolling through tables that are taller than a browser lets an element be.
 *
 * The scrolled element is `elementPx` high at most. Where a table is taller, the way from the element's scroll position to the table's is linear,
 * except near both ends, where it is 1:1 so that the first and the last rows are reached pixel by pixel. Movements of about a page (wheel, keys,
 * the trough of the scroll bar) move the table by exactly as many pixels; longer ones (dragging the thumb) go by the scale. Where that leaves the
 * thumb at the wrong place, it is put right when scrolling has come to rest.
 */

/** Firefox allows 17.8 million px, Chromium 33.5 million. */
export const tallestElementPx = 16_000_000;

/** Near both ends, this many px are 1:1. */
const exactEndPx = 400_000;

/** Sizes of one scrolled table. */
export interface ScrollExtent {
  /** Height of all rows. */
  readonly contentPx: number;
  /** Height of the element that stands for them. */
  readonly elementPx: number;
  /** Height of the rows in sight. */
  readonly viewportPx: number;
}

/** Where a table stands: what the browser thinks, and what is shown. */
export interface ScrollPosition {
  readonly scrollTop: number;
  readonly contentTop: number;
}

/** Sizes for so many rows in a viewport. */
export function scrollExtent(rows: number, rowPx: number, viewportPx: number): ScrollExtent {
  const contentPx = rows * rowPx;
  return { contentPx, elementPx: Math.min(contentPx, tallestElementPx), viewportPx };
}

/** The furthest that the table can be moved, in px. */
export function lastContentTop(extent: ScrollExtent): number {
  return Math.max(0, extent.contentPx - extent.viewportPx);
}

function ends(extent: ScrollExtent): { content: number; scroll: number; exact: number } {
  const content = lastContentTop(extent);
  const scroll = Math.max(0, extent.elementPx - extent.viewportPx);
  return { content, scroll, exact: Math.min(exactEndPx, scroll / 4) };
}

/** Table position that belongs to a scroll position. */
export function contentTopAt(extent: ScrollExtent, scrollTop: number): number {
  const { content, scroll, exact } = ends(extent);
  const inside = Math.min(Math.max(scrollTop, 0), scroll);
  if (content === scroll || inside <= exact) return inside;
  if (inside >= scroll - exact) return content - (scroll - inside);
  return exact + ((inside - exact) * (content - 2 * exact)) / (scroll - 2 * exact);
}

/** Scroll position that belongs to a table position; the inverse of {@link contentTopAt}. */
export function scrollTopFor(extent: ScrollExtent, contentTop: number): number {
  const { content, scroll, exact } = ends(extent);
  const inside = Math.min(Math.max(contentTop, 0), content);
  if (content === scroll || inside <= exact) return inside;
  if (inside >= content - exact) return scroll - (content - inside);
  return exact + ((inside - exact) * (scroll - 2 * exact)) / (content - 2 * exact);
}

/** Where the table stands after the browser has scrolled to `scrollTop`. `astray`: the thumb has run into an end that the table has not reached. */
export function followScroll(
  extent: ScrollExtent,
  before: ScrollPosition,
  scrollTop: number,
): ScrollPosition & { readonly astray: boolean } {
  const { content, scroll } = ends(extent);
  if (content === scroll) return { scrollTop, contentTop: contentTopAt(extent, scrollTop), astray: false };
  const movedPx = scrollTop - before.scrollTop;
  if (Math.abs(movedPx) > 1.5 * extent.viewportPx) return { scrollTop, contentTop: contentTopAt(extent, scrollTop), astray: false };
  const contentTop = Math.min(Math.max(before.contentTop + movedPx, 0), content);
  const astray = (scrollTop <= 0 && contentTop > 0) || (scrollTop >= scroll && contentTop < content);
  return { scrollTop, contentTop, astray };
}
