/**
 * @file Positions of a crop are masked, and what a teacher makes of the whole crop is predicted there (data2vec, Baevski et al. 2022; Music2Vec, Li et al.
 * 2022). The teacher is the second half of the encoder, a moving average of the one that learns; it hears what that one's first half hears.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../base/index.ts';
import type { Encoder, Halves, TrainOptions } from '../encoders/encoder.ts';
import { untaped } from '../gradients/closed-form.ts';
import { linear, linearParameters } from '../layers/transformer.ts';
import { deviationOf, regression, targetOf } from '../objectives/data2vec.ts';
import type { Compared } from '../objectives/data2vec.ts';
import type { Data2vecSettings } from '../objectives/settings.ts';
import { drawWeights } from '../parameters.ts';
import type { Parameter, WeightArray, WeightTensors } from '../parameters.ts';
import { unroofed, within } from './method.ts';
import type { Averages, BatchPart, Method } from './method.ts';

/** What stands at a masked position, and what makes a prediction of a state; named as in Hugging Face's and fairseq's checkpoints. */
const [maskName, headName] = ['masked_spec_embed', 'final_proj'];
/** A clip's predictions are looked at in so many stretches of time. */
const stretches = 16;

/**
 * The method for an encoder that can be taken in halves. Watched are `embeddings` `[batch, values]` of the masked crop; `projections`
 * `[2 · batch, stretches · values]`: sums over the masked positions of each stretch, of the predictions, then of the targets; and `deviations` `[2]` of
 * targets and predictions, which tell of collapse.
 * @throws AppError `BAD_INPUT` for an encoder without halves, with fewer layers than are averaged, or a crop that is too short for a span
 */
export function masked({ encoder, objective }: { encoder: Encoder; objective: Data2vecSettings }): Method {
  const halves = halvesOf(encoder, objective);
  const own = ownParameters(halves.values);
  const learner = within('encoder', encoder.parameters());
  const averages = averagesOf(halves, objective);
  const teacher = within(
    'teacher',
    halves.context.map(({ parameter }) => ({ ...parameter, isTrained: false })),
  );
  return {
    encoder,
    parts: partsOf(encoder, halves, objective),
    parameters: () => [...learner, ...own, ...teacher],
    initialise: (seed) => {
      const first = new Map<string, WeightArray>([...encoder.initialise(seed)].map(([name, array]) => [`encoder.${name}`, array] as const));
      // Another sequence of random numbers than the encoder's.
      for (const [name, array] of drawWeights(own, (seed ^ 0x9e3779b9) >>> 0)) first.set(name, array);
      for (const [name, { of }] of averages.followers) first.set(name, defined(first.get(of), of));
      return first;
    },
    value: (weights, batch, options) => {
      const { last, ...compared } = comparedOf({ halves, objective, options }, weights, batch);
      const [target, prediction] = [deviationOf(compared.target, compared.mask), deviationOf(compared.prediction, compared.mask)];
      return {
        loss: regression(compared, objective),
        parts: { targetDeviation: target, predictionDeviation: prediction },
        watched: {
          embeddings: tf.mean(last, 1),
          projections: tf.concat([summedUp(compared.prediction, compared.mask), summedUp(compared.target, compared.mask)], 0),
          deviations: tf.stack([target, prediction]),
        },
        statistics: [],
      };
    },
    averages,
    pieces: null,
  };
}

/** What learns predicts from the masked crop, what the teacher makes of the whole one, and what leaves the last layer of the first. */
export function comparedOf(
  { halves, objective, options }: { halves: Halves; objective: Pick<Data2vecSettings, 'topLayers'>; options: TrainOptions },
  weights: WeightTensors,
  batch: Readonly<Record<string, Tensor>>,
): Compared & { last: Tensor3D } {
  const mask = defined(batch['mask'], 'mask') as Tensor2D;
  const learner = unroofed('encoder', weights);
  const heard = halves.hear(learner, defined(batch['crop'], 'crop') as Tensor2D, options);
  const { last } = halves.understand(learner, hidden(heard, mask, defined(weights[maskName], maskName) as Tensor1D), keptOf(batch));
  const prediction = linear(headName, weights, last);
  // The teacher is told, not taught: no gradient goes through it.
  const target = untaped(() => targetOf(halves.understand(unroofed('teacher', weights), heard).added, objective.topLayers));
  return { prediction, target, mask, last };
}

function halvesOf({ title, halves }: Encoder, { topLayers, maskSpan }: Data2vecSettings): Halves {
  if (halves === undefined)
    throw new AppError('BAD_INPUT', `${title} has no positions that could be masked, which a teacher’s objective needs. Choose data2vec.`);
  if (topLayers > halves.layers)
    throw new AppError('BAD_INPUT', `The encoder has ${halves.layers} layers, and ${topLayers} are to be averaged. Choose fewer.`);
  if (maskSpan < halves.positions) return halves;
  const says = `A crop gives ${halves.positions} positions, and a span of ${maskSpan} leaves none of them.`;
  throw new AppError('BAD_INPUT', `${says} Choose shorter spans or longer crops.`);
}

function partsOf(
  { cropSamples }: Encoder,
  { positions, layers }: Halves,
  { maskProbability, maskSpan, leastSpans, layerDrop }: Data2vecSettings,
): BatchPart[] {
  const mask = { kind: 'mask', of: positions, probability: maskProbability, span: maskSpan, least: leastSpans } as const;
  const parts: BatchPart[] = [
    { name: 'crop', content: { kind: 'crop' }, shape: [cropSamples] },
    { name: 'mask', content: mask, shape: [positions] },
  ];
  if (layerDrop > 0) parts.push({ name: 'layers', content: { kind: 'kept', dropped: layerDrop }, shape: [layers] });
  return parts;
}

function ownParameters(values: number): Parameter[] {
  return [
    { name: maskName, shape: [values], initial: { kind: 'between', least: 0, most: 1 }, isTrained: true },
    ...linearParameters(headName, values, values),
  ];
}

/** What tells positions is the learner's own in the teacher. */
function averagesOf({ context }: Halves, { decay, endDecay, decaySteps }: Data2vecSettings): Averages {
  return {
    followers: new Map(
      context.map(({ parameter: { name }, tellsPosition }) => [`teacher.${name}`, { of: `encoder.${name}`, isCopy: tellsPosition }]),
    ),
    decay: (step) => tf.add(tf.mul(tf.minimum(tf.div(step, decaySteps), 1), endDecay - decay), decay),
  };
}

/** Masked positions hold the same learnt values instead of what is heard. */
function hidden(heard: Tensor3D, mask: Tensor2D, instead: Tensor1D): Tensor3D {
  const isMasked = tf.expandDims<Tensor3D>(mask, 2);
  return tf.add(tf.mul(heard, tf.sub(1, isMasked)), tf.mul(isMasked, instead));
}

/** Which layers work in this step, `[layers]`; all of them where none are ever left out. */
function keptOf({ layers }: Readonly<Record<string, Tensor>>): Tensor1D | undefined {
  if (layers === undefined) return undefined;
  const [, count = 0] = layers.shape;
  return tf.reshape<tf.Rank.R1>(tf.slice(layers, [0, 0], [1, count]), [count]);
}

/** Sums over the masked positions of each stretch of time, `[batch, stretches · values]`. */
function summedUp(x: Tensor3D, mask: Tensor2D): Tensor2D {
  const [batch, positions, values] = x.shape;
  const count = Math.min(stretches, positions);
  const length = Math.ceil(positions / count);
  const filled = tf.pad(tf.mul<Tensor3D>(x, tf.expandDims(mask, 2)), [
    [0, 0],
    [0, count * length - positions],
    [0, 0],
  ]);
  return tf.reshape(tf.sum(tf.reshape<tf.Rank.R4>(filled, [batch, count, length, values]), 2), [batch, count * values]);
}
