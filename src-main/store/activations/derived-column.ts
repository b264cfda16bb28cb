/** @file Columns that no file holds: what a track is called, a segment's number, a tag's value, several neurons together. Each is filled for a view. */
import type { SegmentView } from './segment-view.ts';

/** A neuron, and how much of it is added. */
export type WeightedFeature = { feature: number; weight: number };

/**
 * A column that is made. The same `key` means the same values. `each`: one value a segment, by its track. `weighted`: the sum of neurons by their
 * weights and an offset.
 */
export type DerivedColumn =
  | { kind: 'each'; key: string; ofTrack(trackId: number): number | ((segment: number) => number) }
  | { kind: 'weighted'; key: string; weights: readonly WeightedFeature[]; offset: number };

/** What tells a column from others of its index. */
export function columnKey(column: number | DerivedColumn): string {
  return typeof column === 'number' ? `${column}` : column.key;
}

/** A derived column in a direction: what has no value (NaN) comes last either way. */
export function unknownLast(column: DerivedColumn, descending: boolean): DerivedColumn {
  if (column.kind === 'weighted') return column;
  const last = descending ? -Infinity : Infinity;
  const placed = (value: number): number => (Number.isNaN(value) ? last : value);
  return {
    ...{ kind: 'each', key: `${column.key} ${descending ? 'down' : 'up'}` },
    ofTrack: (trackId) => {
      const value = column.ofTrack(trackId);
      return typeof value === 'number' ? placed(value) : (segment) => placed(value(segment));
    },
  };
}

/**
 * Fills a column `[view.total]`, a neuron at a step.
 * @param read brings a neuron's values into the view's order
 */
export function* fillDerived(
  column: DerivedColumn,
  view: SegmentView,
  { values, read }: { values: Float32Array; read: (feature: number, into: Float32Array) => void },
): Generator<void, void> {
  if (column.kind === 'each') return fillEach(column, view, values);
  const sums = new Float64Array(view.total).fill(column.offset);
  for (const { feature, weight } of column.weights) {
    read(feature, values);
    for (let position = 0; position < sums.length; position++)
      sums[position] = (sums[position] as number) + weight * (values[position] as number);
    yield;
  }
  values.set(sums);
}

/** A derived column's value on one segment, the very number that {@link fillDerived} gives. @param row the segment's `[dimensions]` */
export function derivedValue(column: DerivedColumn, { trackId, segment }: { trackId: number; segment: number }, row: Float32Array): number {
  if (column.kind === 'each') {
    const value = column.ofTrack(trackId);
    return Math.fround(typeof value === 'number' ? value : value(segment));
  }
  let sum = column.offset;
  for (const { feature, weight } of column.weights) sum += weight * (row[feature] as number);
  return Math.fround(sum);
}

function fillEach({ ofTrack }: Extract<DerivedColumn, { kind: 'each' }>, view: SegmentView, values: Float32Array): void {
  for (const [run, trackId] of view.trackIds.entries()) {
    const [start, end] = [view.starts[run] as number, view.starts[run + 1] as number];
    const value = ofTrack(trackId);
    if (typeof value === 'number') values.fill(value, start, end);
    else {
      const first = view.firstSegments[run] as number;
      for (let position = start; position < end; position++) values[position] = value(first + position - start);
    }
  }
}
