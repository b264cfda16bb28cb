/**
 * @file What stands between the embedding and the objective while an encoder learns (SimCLR, section 4.2; CLMR; VICReg's expander): nothing,
 * one linear map, or several with ReLU, and with batch norm if wanted. Names are PyTorch's for a sequence of layers. Linear maps have no bias: CLMR's
 * have none, and before a batch norm, as VICReg's stand, one has no effect. They start at PyTorch's default, as both papers' code leaves them.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { batchNormParameters, defaultKernel, drawWeights } from '../parameters.ts';
import type { Parameter, WeightArray, WeightTensors } from '../parameters.ts';
import { normalised } from '../layers/batch-norm.ts';
import type { ProjectorSettings } from './settings.ts';

/** A projector for embeddings of a given length. */
export type Projector = {
  /** Length of the projections. */
  dimensions: number;
  /** All weights with running statistics, in the order of the layers. */
  parameters(): Parameter[];
  initialise(seed: number): Map<string, WeightArray>;
  /**
   * Training mode, differentiable; statistics of this batch are put into `statistics` by the running ones' names.
   * @param embedding `[batch, length]`
   * @returns `[batch, dimensions]`
   */
  train(weights: WeightTensors, embedding: Tensor2D, statistics: Record<string, Tensor>): Tensor2D;
};

type Layer = { name: string; from: number; to: number; norm: string | null };

/** @param length of the embedding */
export function createProjector({ kind, hidden, dimensions, batchNorm }: ProjectorSettings, length: number): Projector {
  const widths = kind === 'identity' ? [] : kind === 'linear' ? [dimensions] : [...hidden, dimensions];
  const layers = layersOf(widths, length, batchNorm);
  const parameters = (): Parameter[] => layers.flatMap(parametersOf);
  return {
    dimensions: kind === 'identity' ? length : dimensions,
    parameters,
    initialise: (seed) => drawWeights(parameters(), seed),
    train: (weights, embedding, statistics): Tensor2D =>
      layers.reduce((x: Tensor2D, layer, index): Tensor2D => {
        const y = applyLinear(layer, weights, x);
        if (index === layers.length - 1) return y;
        const hidden = layer.norm === null ? y : applyNorm(layer.norm, { weights, x: y, statistics });
        return tf.relu(hidden);
      }, embedding),
  };
}

/** Numbered as in a sequence: linear, (norm,) ReLU, linear … */
function layersOf(widths: readonly number[], length: number, batchNorm: boolean): Layer[] {
  const stride = batchNorm ? 3 : 2;
  return widths.map((to, index) => {
    const isLast = index === widths.length - 1;
    return {
      name: String(index * stride),
      from: widths[index - 1] ?? length,
      to,
      norm: batchNorm && !isLast ? String(index * stride + 1) : null,
    };
  });
}

function parametersOf({ name, from, to, norm }: Layer): Parameter[] {
  return [defaultKernel(`${name}.weight`, [to, from]), ...(norm === null ? [] : batchNormParameters(norm, to))];
}

function applyLinear({ name }: Layer, weights: WeightTensors, x: Tensor2D): Tensor2D {
  return tf.matMul(x, defined(weights[`${name}.weight`], `${name}.weight`), false, true);
}

function applyNorm(
  name: string,
  { weights, x, statistics }: { weights: WeightTensors; x: Tensor2D; statistics: Record<string, Tensor> },
): Tensor2D {
  const scaled = normalised(name, x, statistics);
  const gain = defined(weights[`${name}.weight`], `${name}.weight`);
  return tf.add(tf.mul(scaled, gain), defined(weights[`${name}.bias`], `${name}.bias`));
}
