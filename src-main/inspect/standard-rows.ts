/** @file Rows whose features are in units of their own, decibels beside logarithms, brought to one scale. */
import type { Rows } from './principal-components.ts';

/** Smaller deviations, beside a feature's size, are what 32 bits leave. */
const leastDeviation = 1e-5;

/** Every feature less its mean over the rows, divided by its deviation; 0 where it hardly differs, since nothing but rounding would be seen there. */
export function standardRows({ values, count, width }: Rows): Rows {
  const [means, squares] = [new Float64Array(width), new Float64Array(width)];
  for (let at = 0; at < values.length; at++) means[at % width] = (means[at % width] as number) + (values[at] as number) / count;
  for (let at = 0; at < values.length; at++) {
    const apart = (values[at] as number) - (means[at % width] as number);
    squares[at % width] = (squares[at % width] as number) + (apart * apart) / count;
  }
  const scales = squares.map((square, i) => {
    const deviation = Math.sqrt(square);
    return deviation > leastDeviation * Math.max(1, Math.abs(means[i] as number)) ? 1 / deviation : 0;
  });
  return { values: values.map((value, at) => (value - (means[at % width] as number)) * (scales[at % width] as number)), count, width };
}
