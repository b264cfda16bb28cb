/** @file What Transformers are made of (Vaswani et al. 2017), on the tape: linear maps, layer norm, GELU, attention. Rows are `[batch, time, values]`. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { defaultBias, defaultKernel } from '../parameters.ts';
import type { Parameter, WeightTensors } from '../parameters.ts';

/** Weights of a linear map as PyTorch has them. */
export function linearParameters(name: string, from: number, to: number): Parameter[] {
  return [defaultKernel(`${name}.weight`, [to, from]), defaultBias(`${name}.bias`, [to, from])];
}

/** Weights of a linear map as BERT's are drawn (Devlin et al. 2019): normal with a deviation of 0.02, and no bias at first. */
export function bertLinearParameters(name: string, from: number, to: number): Parameter[] {
  return [
    { name: `${name}.weight`, shape: [to, from], initial: { kind: 'normal', deviation: 0.02 }, isTrained: true },
    { name: `${name}.bias`, shape: [to], initial: { kind: 'constant', value: 0 }, isTrained: true },
  ];
}

/** @param x `[batch, time, from]` @returns `[batch, time, to]` */
export function linear(name: string, weights: WeightTensors, x: Tensor3D): Tensor3D {
  const [batch, time] = x.shape;
  const product = productOf(name, weights, x);
  return tf.reshape(tf.add(product, defined(weights[`${name}.bias`], `${name}.bias`)), [batch, time, product.shape[1]]);
}

/** A linear map without a bias. @param x `[batch, time, from]` @returns `[batch, time, to]` */
export function mapped(name: string, weights: WeightTensors, x: Tensor3D): Tensor3D {
  const [batch, time] = x.shape;
  const product = productOf(name, weights, x);
  return tf.reshape(product, [batch, time, product.shape[1]]);
}

/** `[batch · time, to]` */
function productOf(name: string, weights: WeightTensors, x: Tensor3D): Tensor2D {
  const [batch, time, from] = x.shape;
  const weight = defined(weights[`${name}.weight`], `${name}.weight`) as Tensor2D;
  return tf.matMul(tf.reshape(x, [batch * time, from]), weight, false, true);
}

/** Gain and shift of a layer norm, which begins as the identity. */
export function layerNormParameters(name: string, values: number): Parameter[] {
  const vector = (part: string, value: number): Parameter => ({
    name: `${name}.${part}`,
    shape: [values],
    initial: { kind: 'constant', value },
    isTrained: true,
  });
  return [vector('weight', 1), vector('bias', 0)];
}

/**
 * The kernel of a layer norm, as ONNX's operator has it, where a backend has it: inputs `x` `[batch, time, values]`, `gain` and perhaps `shift` `[values]`;
 * gives the result, and of each row the mean and one over the root of the variance, `[batch, time, 1]`.
 */
export const layerNormKernel = 'EarmarkLayerNorm';

/** Normalises each row to mean 0 and variance 1 (Ba, Kiros and Hinton 2016). @param name of its gain and shift; null for none */
export function layerNorm(name: string | null, weights: WeightTensors, x: Tensor3D, epsilon: number): Tensor3D {
  const affine = name === null ? [] : ['weight', 'bias'].map((part) => defined(weights[`${name}.${part}`], `${name}.${part}`));
  const apply = tf.customGrad((...given) => {
    const [own, gain, shift] = given.slice(0, -1) as Tensor[] as [Tensor3D, Tensor1D?, Tensor1D?];
    const save = given.at(-1) as unknown as (tensors: Tensor[]) => void;
    const { y, mean, inverse } = standardised(own, { gain, shift, epsilon });
    save([own, mean, inverse, ...(gain === undefined ? [] : [gain])]);
    return {
      value: y,
      gradFunc: (gradient: Tensor, saved: Tensor[]) => layerNormGradients(gradient as Tensor3D, saved as Saved),
    };
  });
  return apply(x, ...affine);
}

type Saved = [x: Tensor3D, mean: Tensor3D, inverse: Tensor3D, gain?: Tensor1D];
type Affine = { gain: Tensor1D | undefined; shift: Tensor1D | undefined; epsilon: number };

/** Each row with mean 0 and variance 1, times the gain, and shifted; its mean, and one over the root of its variance. */
function standardised(x: Tensor3D, { gain, shift, epsilon }: Affine): { y: Tensor3D; mean: Tensor3D; inverse: Tensor3D } {
  if (tf.getKernel(layerNormKernel, tf.getBackend()) !== undefined) {
    const inputs = { x, gain: gain ?? tf.ones([x.shape[2]]), ...(shift === undefined ? {} : { shift }) };
    const [y, mean, inverse] = tf.engine().runKernel<[Tensor3D, Tensor3D, Tensor3D]>(layerNormKernel, inputs, { epsilon });
    return { y, mean, inverse };
  }
  const mean = tf.mean<Tensor3D>(x, 2, true);
  const centred = tf.sub<Tensor3D>(x, mean);
  const inverse = tf.rsqrt<Tensor3D>(tf.add(tf.mean(tf.square(centred), 2, true), epsilon));
  const normed = tf.mul<Tensor3D>(centred, inverse);
  return { y: gain === undefined || shift === undefined ? normed : tf.add(tf.mul(normed, gain), shift), mean, inverse };
}

/** In closed form: what is kept is the input, and two numbers of each row. Of the input, then of gain and shift where there are any. */
function layerNormGradients(gradient: Tensor3D, [x, mean, inverse, gain]: Saved): Tensor[] {
  const normed = tf.mul(tf.sub<Tensor3D>(x, mean), inverse);
  const through = gain === undefined ? gradient : tf.mul<Tensor3D>(gradient, gain);
  const along = tf.mul(normed, tf.mean(tf.mul(through, normed), 2, true));
  const ofInput = tf.mul(tf.sub(tf.sub(through, tf.mean(through, 2, true)), along), inverse);
  return gain === undefined ? [ofInput] : [ofInput, tf.sum(tf.mul(gradient, normed), [0, 1]), tf.sum(gradient, [0, 1])];
}

/** The kernel of {@link gelu}, with the input `x`, where a backend has it. */
export const geluKernel = 'EarmarkGelu';

/** x · Φ(x) (Hendrycks and Gimpel 2016), with the error function. In closed form: the input alone is kept. */
export function gelu<Shape extends Tensor>(x: Shape): Shape {
  const apply = tf.customGrad((...given) => {
    const own = given[0] as Shape;
    const save = given[1] as unknown as (tensors: Tensor[]) => void;
    save([own]);
    const hasKernel = tf.getKernel(geluKernel, tf.getBackend()) !== undefined;
    return {
      value: hasKernel ? tf.engine().runKernel<Tensor>(geluKernel, { x: own }) : tf.mul(own, cumulative(own)),
      gradFunc: (gradient: Tensor, [saved]: Tensor[]) => {
        const y = defined(saved, 'the input');
        const density = tf.mul(tf.exp(tf.mul(tf.square(y), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(gradient, tf.add(cumulative(y), tf.mul(y, density)));
      },
    };
  });
  return apply(x) as Shape;
}

function cumulative(x: Tensor): Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
}

/** Weights of attention, as Hugging Face's `transformers` names them. */
export function attentionParameters(name: string, values: number): Parameter[] {
  return ['k_proj', 'v_proj', 'q_proj', 'out_proj'].flatMap((part) => bertLinearParameters(`${name}.${part}`, values, values));
}

/** Self-attention with several heads; every row sees all of its clip. */
export function attention(name: string, weights: WeightTensors, x: Tensor3D, heads: number): Tensor3D {
  const [queries, keys, values] = ['q_proj', 'k_proj', 'v_proj'].map((part) => linear(`${name}.${part}`, weights, x)) as [
    Tensor3D,
    Tensor3D,
    Tensor3D,
  ];
  return linear(`${name}.out_proj`, weights, attended({ queries, keys, values }, heads));
}

/** What each row takes of all values of its clip, by the softmax of how its query fits their keys. All are `[batch, time, values]`; heads share out the values. */
export function attended({ queries, keys, values }: { queries: Tensor3D; keys: Tensor3D; values: Tensor3D }, heads: number): Tensor3D {
  const [batch, time, width] = queries.shape;
  const each = width / heads;
  const byHead = (rows: Tensor3D): Tensor4D => tf.transpose(tf.reshape<tf.Rank.R4>(rows, [batch, time, heads, each]), [0, 2, 1, 3]);
  const scores: Tensor4D = tf.matMul(tf.mul<Tensor4D>(byHead(queries), 1 / Math.sqrt(each)), byHead(keys), false, true);
  const mixed: Tensor4D = tf.matMul(tf.softmax(scores), byHead(values));
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, time, width]);
}
