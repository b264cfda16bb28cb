/** @file Numbers in cells of tables. */

/** NaN for an empty cell, which `Number` would take for 0, and for what is no number. */
export const numberIn = (cell: string | undefined): number => (cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell));
