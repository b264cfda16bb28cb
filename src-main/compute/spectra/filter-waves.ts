/** @file Waves that excite filters: gradient ascent by Adam from noise, on the processor (Spijkervet 2021, MSc thesis, section 7.1; CLMR's branch v1). */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { defined, seededRandom } from '../../base/index.ts';
import { filterAscent } from '../../learn/index.ts';
import type { EncoderSettings, WeightArrays, WeightTensors } from '../../learn/index.ts';
import { record } from '../record/record.ts';
import { openSession } from '../session.ts';

/** Length of the waves, in samples. */
export const spectrumSamples = 729;

/** As in branch v1: noise, steps, and Adam's settings with weight decay added to the gradient. */
const [noise, steps] = [0.5, 17];
const adam = { rate: 0.1, decay: 1e-6, first: 0.9, second: 0.999, epsilon: 1e-8 } as const;
/** Filters that are worked on at a time. */
const together = 64;

/** What is made: of a layer's filters, from 1 on. `start`: the waves it begins with, `[filters, samples]`; drawn from the seed where there are none. */
export type FilterWaves = { settings: EncoderSettings; weights: WeightArrays; layer: number; seed: number; start?: Float32Array };

/** @returns waves `[filters, samples]` @throws AppError BAD_INPUT, DEVICE_FAILED */
export async function filterWaves(
  { settings, weights, layer, seed, start }: FilterWaves,
  onProgress: (done: number, total: number) => void,
): Promise<Float32Array> {
  const ascent = filterAscent(settings, weights, { layer, samples: spectrumSamples });
  const { filters } = ascent;
  const graph = record({
    name: `sample-cnn-ascent-${layer}`,
    inputs: [
      { name: 'wave', type: 'float32', shape: [together, spectrumSamples] },
      { name: 'chosen', type: 'float32', shape: [together, filters] },
    ],
    run: ({ wave, chosen }) => ({
      gradient: ascent.gradient(tensorsOf(ascent.weights), defined(wave, 'wave') as Tensor2D, defined(chosen, 'chosen') as Tensor2D),
    }),
  });
  const session = await openSession({ graph, device: 'cpu' });
  const waves = start?.slice() ?? drawnWaves(filters, seed);
  try {
    for (let from = 0; from < filters; from += together) {
      const count = Math.min(together, filters - from);
      const own = new Float32Array(together * spectrumSamples);
      own.set(waves.subarray(from * spectrumSamples, (from + count) * spectrumSamples));
      const chosen = new Float32Array(together * filters);
      for (let at = 0; at < count; at++) chosen[at * filters + from + at] = 1;
      const step = adamOver(own);
      for (let done = 0; done < steps; done++) {
        const { gradient } = await session.run({
          wave: { shape: [together, spectrumSamples], data: own },
          chosen: { shape: [together, filters], data: chosen },
        });
        step(defined(gradient, 'the gradient').data as Float32Array);
      }
      waves.set(own.subarray(0, count * spectrumSamples), from * spectrumSamples);
      onProgress(from + count, filters);
    }
  } finally {
    await session.close();
  }
  return waves;
}

function drawnWaves(filters: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: filters * spectrumSamples }, () => (random.uniform() * 2 - 1) * noise);
}

/** Takes steps up a gradient, in place. */
function adamOver(values: Float32Array): (gradient: Float32Array) => void {
  const [mean, square] = [new Float64Array(values.length), new Float64Array(values.length)];
  let step = 0;
  return (gradient) => {
    step++;
    const [ofMean, ofSquare] = [1 - adam.first ** step, 1 - adam.second ** step];
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      const down = adam.decay * value - (gradient[at] as number);
      const [m, s] = [
        adam.first * (mean[at] as number) + (1 - adam.first) * down,
        adam.second * (square[at] as number) + (1 - adam.second) * down * down,
      ];
      mean[at] = m;
      square[at] = s;
      values[at] = value - (adam.rate * (m / ofMean)) / (Math.sqrt(s / ofSquare) + adam.epsilon);
    }
  };
}

function tensorsOf(weights: WeightArrays): WeightTensors {
  return Object.fromEntries([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
}
