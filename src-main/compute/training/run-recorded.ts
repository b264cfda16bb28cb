/** @file Runs a function once on the processor as it is recorded. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import { record } from '../record/record.ts';
import { openSession } from '../session.ts';

/** Keeps the graph's inputs apart from outputs of the same names. */
const inputPrefix = 'given:';

/** @returns the numbers of every output, by name */
export async function runRecorded(
  name: string,
  inputs: Readonly<Record<string, WeightArray>>,
  of: (given: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>,
): Promise<Record<string, ArrayLike<number>>> {
  const entries = Object.entries(inputs);
  const graph = record({
    name,
    inputs: entries.map(([key, { shape }]) => ({ name: `${inputPrefix}${key}`, type: 'float32', shape })),
    run: (given) => of(Object.fromEntries(entries.map(([key]) => [key, defined(given[`${inputPrefix}${key}`], key)]))),
  });
  const session = await openSession({ graph, device: 'cpu' });
  try {
    const outputs = await session.run(Object.fromEntries(entries.map(([key, array]) => [`${inputPrefix}${key}`, array])));
    return Object.fromEntries(Object.entries(outputs).map(([key, { data }]) => [key, data as Float32Array]));
  } finally {
    await session.close();
  }
}
