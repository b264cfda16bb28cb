/** @file The best assignment of rows to columns, by shortest augmenting paths (Jonker and Volgenant 1987; Crouse 2016, for matrices that are not square). */

/** A path's end, and the columns that were reached on the way. */
type Search = { costs: Float64Array; columns: number; ofRows: Float64Array; ofColumns: Float64Array; rowOf: Int32Array };

/**
 * Gives every row a column of its own so that the sum of gains is greatest.
 * @param gains `[rows, columns]`, finite, no more rows than columns
 * @returns of each row, its column
 */
export function bestAssignment(
  gains: Float64Array,
  rows: number,
  columns: number,
  onRow: (done: number) => void = () => undefined,
): Int32Array {
  const costs = gains.map((gain) => -gain);
  const [ofRows, ofColumns] = [new Float64Array(rows), new Float64Array(columns)];
  const [rowOf, columnOf] = [new Int32Array(columns).fill(-1), new Int32Array(rows).fill(-1)];
  for (let row = 0; row < rows; row++) {
    const { sink, from } = augment({ costs, columns, ofRows, ofColumns, rowOf }, row, columnOf);
    for (let column = sink; ;) {
      const own = from[column] as number;
      rowOf[column] = own;
      const next = columnOf[own] as number;
      columnOf[own] = column;
      if (own === row) break;
      column = next;
    }
    onRow(row + 1);
  }
  return columnOf;
}

/** The shortest way from a row to a column that nothing has yet; prices of rows and columns are brought up to date. `from`: by which row a column is reached. */
function augment(
  { costs, columns, ofRows, ofColumns, rowOf }: Search,
  start: number,
  columnOf: Int32Array,
): { sink: number; from: Int32Array } {
  const shortest = new Float64Array(columns).fill(Infinity);
  const from = new Int32Array(columns).fill(-1);
  const isDone = new Uint8Array(columns);
  const seenRows: number[] = [];
  let [row, least, sink] = [start, 0, -1];
  while (sink < 0) {
    seenRows.push(row);
    let [nearest, at] = [Infinity, -1];
    for (let column = 0; column < columns; column++) {
      if (isDone[column] === 1) continue;
      const way = least + (costs[row * columns + column] as number) - (ofRows[row] as number) - (ofColumns[column] as number);
      if (way < (shortest[column] as number)) {
        shortest[column] = way;
        from[column] = row;
      }
      const reached = shortest[column] as number;
      if (reached < nearest || (reached === nearest && rowOf[column] === -1)) [nearest, at] = [reached, column];
    }
    least = nearest;
    isDone[at] = 1;
    if (rowOf[at] === -1) sink = at;
    else row = rowOf[at] as number;
  }
  ofRows[start] = (ofRows[start] as number) + least;
  for (const seen of seenRows.slice(1)) ofRows[seen] = (ofRows[seen] as number) + least - (shortest[columnOf[seen] as number] as number);
  for (let column = 0; column < columns; column++)
    if (isDone[column] === 1) ofColumns[column] = (ofColumns[column] as number) - least + (shortest[column] as number);
  return { sink, from };
}
