/** @file The table: rows and columns drawn only where they are in sight. */
export { arraySource } from './column.ts';
export type { GridColumn, GridMenuRequest, GridPlace, GridSort, GridWindow, RowSource } from './column.ts';
export { default as Grid } from './Grid.svelte';
export type { GridEvents } from './grid-model.svelte.ts';
export { nextSort } from './sort.ts';
export { isSelected, selectedCount, selectedRows } from './selection.ts';
export { withWidths } from './spread.ts';
export type { RowRange } from './selection.ts';
