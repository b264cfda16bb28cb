/**
 * @file A small network upon timbre statistics: two layers, which learn in a minute on a person's own library what parts its tracks from each other. The
 * statistics have nothing to learn, so that a run is fed with those that an index holds already. Names are PyTorch's for a sequence of a batch norm without
 * weights, which stands in for standardising, and twice a linear map without bias, a batch norm and a ReLU.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../../base/index.ts';
import { batchNormEpsilon, normalised } from '../../layers/batch-norm.ts';
import { batchNormParameters, defaultKernel, drawWeights } from '../../parameters.ts';
import type { Parameter, WeightTensors } from '../../parameters.ts';
import type { Encoder } from '../encoder.ts';
import type { TrainedFamily } from '../family.ts';
import { foldBatchNorm } from '../fold-batch-norm.ts';
import { embeddingOf, numberedOutputs } from '../outputs.ts';
import { embeddingOutput } from '../poolings.ts';
import { encoderTitles } from '../settings.ts';
import type { ChoiceOf } from '../settings.ts';
import { timbreMel, timbreNames } from './timbre-names.ts';
import { createTimbre, statisticsOf } from './timbre.ts';

/** How wide the first layer is, and how many neurons the second has. */
export type TimbreNetSettings = Omit<ChoiceOf<'timbre-net'>, 'architecture'>;

const entrance = '0';
const layers = [
  { linear: '1', norm: '2' },
  { linear: '4', norm: '5' },
] as const;

/** The network upon statistics `[batch, 316]`, as an encoder whose input they are. */
function learntPart(choice: TimbreNetSettings): Encoder {
  const { sampleRate, hidden, neurons } = choice;
  const length = timbreNames.length;
  const parameters = (): Parameter[] => [
    ...batchNormParameters(entrance, length).filter(({ isTrained }) => !isTrained),
    ...layers.flatMap(({ linear, norm }, index) => {
      const [from, to] = index === 0 ? [length, hidden] : [hidden, neurons];
      return [defaultKernel(`${linear}.weight`, [to, from]), ...batchNormParameters(norm, to)];
    }),
  ];
  return {
    settings: { architecture: 'timbre-net', ...choice },
    architecture: 'timbre-net',
    title: encoderTitles['timbre-net'],
    sampleRate,
    cropSamples: length,
    dimensions: neurons,
    outputs: [...numberedOutputs('layer', [hidden]), embeddingOf(neurons)],
    // What a batch norm takes and gives, and a ReLU, of each layer.
    keptElements: 2 * length + 3 * (hidden + neurons),
    parameters,
    forward: (weights, statistics) => passed(weights, statistics).at(-1) as Tensor2D,
    layers: (weights, statistics) => {
      const [first, second] = passed(weights, statistics);
      return {
        'layer-1': { values: defined(first, 'layer 1'), positions: [] },
        [embeddingOutput]: { values: defined(second, 'layer 2'), positions: [] },
      };
    },
    train: (weights, rows) => {
      const statistics: Record<string, Tensor> = {};
      const weight = (name: string): Tensor => defined(weights[name], name);
      const embedding = layers.reduce(
        (x: Tensor2D, { linear, norm }): Tensor2D => {
          const y: Tensor2D = tf.matMul(x, weight(`${linear}.weight`), false, true);
          const scaled = tf.mul(normalised(norm, y, statistics), weight(`${norm}.weight`));
          const shifted: Tensor2D = tf.add(scaled, weight(`${norm}.bias`));
          return tf.relu(shifted);
        },
        normalised(entrance, rows, statistics),
      );
      return { embedding, statistics };
    },
    initialise: (seed) => drawWeights(parameters(), seed),
    fold: (weights) =>
      foldBatchNorm(
        weights,
        layers.map(({ linear, norm }) => ({ convolution: linear, batchNorm: norm })),
      ),
  };
}

/** What leaves each layer in evaluation mode; weights as they are, or folded. */
function passed(weights: WeightTensors, statistics: Tensor2D): Tensor2D[] {
  const weight = (name: string): Tensor => defined(weights[name], name);
  const deviation = (norm: string): Tensor => tf.sqrt(tf.add(weight(`${norm}.running_var`), batchNormEpsilon));
  const standardised = tf.div<Tensor2D>(tf.sub(statistics, weight(`${entrance}.running_mean`)), deviation(entrance));
  const left: Tensor2D[] = [];
  for (const { linear, norm } of layers) {
    const y = tf.matMul(left.at(-1) ?? standardised, weight(`${linear}.weight`), false, true);
    const bias = weights[`${linear}.bias`];
    const scaled = (): Tensor2D => {
      const centred = tf.div(tf.sub(y, weight(`${norm}.running_mean`)), deviation(norm));
      return tf.add(tf.mul(centred, weight(`${norm}.weight`)), weight(`${norm}.bias`));
    };
    left.push(tf.relu<Tensor2D>(bias === undefined ? scaled() : tf.add(y, bias)));
  }
  return left;
}

/** The encoder of waves. */
export function createTimbreNet(choice: TimbreNetSettings): Encoder {
  const learnt = learntPart(choice);
  const { cropSamples } = createTimbre();
  return {
    ...learnt,
    cropSamples,
    forward: (weights, wave) => learnt.forward(weights, statisticsOf(wave)),
    layers: (weights, wave) => learnt.layers(weights, statisticsOf(wave)),
    train: (weights, wave, options) => learnt.train(weights, statisticsOf(wave), options),
    upon: learnt,
  };
}

const mostUnits = 8192;

function widthOf(value: unknown, name: string): number {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostUnits) return Number(value);
  throw new AppError('BAD_INPUT', `A timbre net has between 1 and ${mostUnits} ${name}, not ${String(value)}.`);
}

/** Nets of any width, at the one rate that timbre statistics have. */
export const timbreNetFamily: TrainedFamily<ChoiceOf<'timbre-net'>> = {
  create: ({ sampleRate, hidden, neurons }) => {
    if (sampleRate !== timbreMel.sampleRate)
      throw new AppError('BAD_INPUT', `A timbre net hears at ${timbreMel.sampleRate} Hz, not at ${String(sampleRate)} Hz.`);
    return createTimbreNet({ sampleRate, hidden: widthOf(hidden, 'units in its first layer'), neurons: widthOf(neurons, 'neurons') });
  },
  choose: ({ sampleRate, hidden, neurons }) => createTimbreNet({ sampleRate, hidden, neurons }),
  published: [],
};
