/** @file Which neurons of one space do what neurons of another do, and which do what none of the other does. */
import { dotAt } from './alignment.ts';
import { bestAssignment } from './assignment.ts';

/** Neurons by number, and Pearson's correlation over the same segments. */
export type MatchedPair = { first: number; second: number; correlation: number };

/** A neuron, and the one of the other space that goes with it most, or against it; null where none differs there. */
export type BestPartner = { number: number; partner: number | null; correlation: number };

/** `best`: of both spaces each neuron that differs, the one that stands most alone first. `dead`: neurons that do not differ. */
export type NeuronMatch = { pairs: MatchedPair[]; best: [BestPartner[], BestPartner[]]; dead: [number, number] };

/** Rows `[segments, width]` of the same segments; finite. */
export type SpaceRows = { values: Float32Array; width: number };

type Columns = { numbers: number[]; values: Float64Array; count: number };

/**
 * Pairs neurons one to one so that the sum of their correlations is greatest (Li, Yosinski, Clune, Lipson and Hopcroft 2016, Convergent learning, section 3.2);
 * here by size, since a neuron that does the opposite tells the same.
 * @param onShare hears how much is done, 0 to 1
 */
export function matchNeurons(first: SpaceRows, second: SpaceRows, onShare: (share: number) => void = () => undefined): NeuronMatch {
  const [own, its] = [columnsOf(first), columnsOf(second)];
  const [rows, columns] = [own.numbers.length, its.numbers.length];
  const correlations = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const values = own.values.subarray(row * own.count, (row + 1) * own.count);
    for (let column = 0; column < columns; column++) correlations[row * columns + column] = dotAt(values, its.values, column * its.count);
    onShare((0.7 * (row + 1)) / rows);
  }
  const at = (row: number, column: number): number => correlations[row * columns + column] as number;
  const pairs = assigned(rows, columns, at, (share) => onShare(0.7 + 0.3 * share)).map(([row, column]): MatchedPair => ({
    first: own.numbers[row] as number,
    second: its.numbers[column] as number,
    correlation: at(row, column),
  }));
  return {
    pairs: pairs.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation) || a.first - b.first),
    best: [partners(own.numbers, its.numbers, at), partners(its.numbers, own.numbers, (row, column) => at(column, row))],
    dead: [first.width - rows, second.width - columns],
  };
}

/** The best pairs of places, as many as the smaller side has. */
function assigned(
  rows: number,
  columns: number,
  at: (row: number, column: number) => number,
  onShare: (share: number) => void,
): [row: number, column: number][] {
  const [few, many] = [Math.min(rows, columns), Math.max(rows, columns)];
  if (few === 0) return [];
  const isTurned = rows > columns;
  const gains = Float64Array.from({ length: few * many }, (_, place) => {
    const [one, other] = [Math.floor(place / many), place % many];
    return Math.abs(isTurned ? at(other, one) : at(one, other));
  });
  const chosen = bestAssignment(gains, few, many, (done) => onShare(done / few));
  return Array.from(chosen, (other, one) => (isTurned ? [other, one] : [one, other]));
}

function partners(numbers: readonly number[], others: readonly number[], at: (row: number, column: number) => number): BestPartner[] {
  return numbers
    .map((number, row): BestPartner => {
      let [best, partner] = [0, null as number | null];
      for (const [column, other] of others.entries())
        if (partner === null || Math.abs(at(row, column)) > Math.abs(best)) [best, partner] = [at(row, column), other];
      return { number, partner, correlation: best };
    })
    .sort((a, b) => Math.abs(a.correlation) - Math.abs(b.correlation) || a.number - b.number);
}

/** Deviations that are smaller beside a neuron's size are what 32 bits leave. */
const leastDeviation = 1e-6;

/** Neurons that differ, each with mean 0 and length 1, one behind the other. */
function columnsOf({ values, width }: SpaceRows): Columns {
  const count = values.length / width;
  const [numbers, kept] = [[] as number[], [] as Float64Array[]];
  for (let neuron = 0; neuron < width; neuron++) {
    const column = Float64Array.from({ length: count }, (_, row) => values[row * width + neuron] as number);
    let mean = 0;
    for (const value of column) mean += value / count;
    let squares = 0;
    for (let row = 0; row < count; row++) {
      column[row] = (column[row] as number) - mean;
      squares += (column[row] as number) ** 2;
    }
    const length = Math.sqrt(squares);
    if (!(length > leastDeviation * Math.max(Number.MIN_VALUE, Math.abs(mean)) * Math.sqrt(count))) continue;
    numbers.push(neuron);
    kept.push(column.map((value) => value / length));
  }
  const all = new Float64Array(numbers.length * count);
  for (const [at, column] of kept.entries()) all.set(column, at * count);
  return { numbers, values: all, count };
}
