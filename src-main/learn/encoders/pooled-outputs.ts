/** @file Outputs of an encoder by their names, and the pass that gives them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../base/index.ts';
import type { WeightTensors } from '../parameters.ts';
import type { Encoder } from './encoder.ts';
import type { EncoderOutput, OutputChoice } from './outputs.ts';

/** So many names a sentence can hold; the last layers are asked for most. */
const mostListed = 32;

/** @throws AppError `BAD_INPUT` for a name that the encoder has no output of, with those that it has */
export function findOutput({ title, outputs }: Pick<Encoder, 'title' | 'outputs'>, name: string): EncoderOutput {
  const found = outputs.find((output) => output.name === name);
  if (found !== undefined) return found;
  const names = outputs.map((output) => output.name);
  const [listed, more] = [names.slice(-mostListed), names.length - mostListed];
  const others = more > 0 ? `, and ${more} more, which \`earmark encoders show\` lists` : '';
  throw new AppError('BAD_INPUT', `${title} has no output called ${name}. It has ${listed.join(', ')}${others}.`, {
    details: { output: name, names },
  });
}

/**
 * The evaluation-mode pass up to some outputs, each pooled to one number a neuron, side by side in their order.
 * @param wave `[batch, cropSamples]`
 * @returns `[batch, dimensions of all together]`
 */
export function pooledOutputs(
  encoder: Encoder,
  choices: readonly OutputChoice[],
  { weights, wave }: { weights: WeightTensors; wave: Tensor2D },
): Tensor2D {
  return tf.tidy(() => {
    const layers = encoder.layers(weights, wave);
    const pooled = choices.map(({ output, pooling }) => {
      const { values, positions } = defined(layers[output], output);
      if (positions.length === 0) return values as Tensor2D;
      return pooling === 'mean' ? tf.mean<Tensor2D>(values, [...positions]) : tf.max<Tensor2D>(values, [...positions]);
    });
    const [only] = pooled;
    return only !== undefined && pooled.length === 1 ? only : tf.concat(pooled, 1);
  });
}
