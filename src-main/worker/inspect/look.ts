/** @file Looking at neurons, one column of an index after the other. */
import { nameNeuron, neuronStatistics } from '../../inspect/index.ts';
import type { NeuronOrder, SeenNeuron } from '../../service/index.ts';
import { ChunkFiles } from '../../store/activations/thread.ts';
import { readRuns, runsOf } from './runs.ts';
import type { Told } from './told.ts';

/** The mean of each track's segments; of what is no finite number, 0. */
function trackMeans(values: Float32Array, counts: Int32Array): Float32Array {
  let at = 0;
  return Float32Array.from(counts, (count) => {
    let sum = 0;
    for (const end = at + count; at < end; at++) sum += values[at] as number;
    return Number.isFinite(sum) ? sum / count : 0;
  });
}

/** Looks at each neuron. */
export function look(order: NeuronOrder, told: Told): SeenNeuron[] {
  const files = new ChunkFiles(order.directory, order.dimensions);
  const runs = runsOf(order);
  const values = new Float32Array(runs.at(-1)?.end ?? 0);
  try {
    return Array.from(order.features, (feature, seen) => {
      readRuns(files, runs, feature, values);
      const means = trackMeans(values, order.counts);
      const names = order.labels.members.length === 0 ? [] : nameNeuron(means, order.labels, order.z);
      told(seen + 1);
      const sampled = Float32Array.from(order.sample, (track) => means[track] as number);
      return { feature, ...neuronStatistics(values, order.known), names, means: sampled };
    });
  } finally {
    files.close();
  }
}
