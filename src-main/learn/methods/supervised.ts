/**
 * @file Labels are learnt from a crop of each track, end to end (SampleCNN, Lee et al. 2017; the supervised baselines of Spijkervet 2021): an encoder, dropout, and a
 * linear layer, or two. The loss sees embeddings alone, so a large batch can be embedded chunk by chunk, each chunk a group of batch norm.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Encoder } from '../encoders/encoder.ts';
import { headLogits } from '../encoders/sample-cnn.ts';
import { linearParameters } from '../layers/transformer.ts';
import { binaryCrossEntropy, crossEntropy } from '../objectives/labels.ts';
import type { LabelObjectiveSettings } from '../objectives/settings.ts';
import { drawWeights } from '../parameters.ts';
import type { Parameter, WeightTensors } from '../parameters.ts';
import { roofed, unroofed, within } from './method.ts';
import type { BatchPart, Method, MethodValue, Pieces } from './method.ts';

/** What the method is made of. `outputs`: how many labels there are. */
export type SupervisedOptions = { encoder: Encoder; objective: LabelObjectiveSettings; outputs: number };

/**
 * The method for any encoder that trains. Watched are `embeddings` `[batch, dimensions]`, `logits` and `labels` `[batch, outputs]`; a clip is evaluated to `embeddings` and
 * `logits`, with running statistics and without dropout.
 */
export function supervised({ encoder, objective, outputs }: SupervisedOptions): Method {
  const head = within('head', headParameters(objective, encoder.dimensions, outputs));
  const drawn = drawnParts(encoder, objective, outputs);
  const pieces: Pieces = {
    embedded: { crop: ['crop'] },
    beside: drawn.map(({ name }) => name),
    embedding: within('encoder', encoder.parameters()),
    comparing: head,
    embed: (weights, [crop], options) => {
      const { embedding, statistics } = encoder.train(unroofed('encoder', weights), crop as Tensor2D, options);
      return { embedding, statistics: roofed('encoder', statistics) };
    },
    compare: (weights, { crop }, beside) => compared(weights, defined(crop, 'crop'), { objective, ...beside }),
  };
  return {
    encoder,
    parts: [{ name: 'crop', content: { kind: 'crop' }, shape: [encoder.cropSamples] }, ...drawn],
    parameters: () => [...pieces.embedding, ...head],
    initialise: (seed) =>
      new Map([
        ...[...encoder.initialise(seed)].map(([name, array]) => [`encoder.${name}`, array] as const),
        // Another sequence of random numbers than the encoder's.
        ...drawWeights(head, (seed ^ 0x9e3779b9) >>> 0),
      ]),
    value: (weights, batch, options) => {
      const { embedding, statistics } = pieces.embed(weights, [defined(batch['crop'], 'crop')], options);
      const value = pieces.compare(weights, { crop: embedding }, batch);
      return { ...value, statistics: [statistics] };
    },
    evaluate: (weights, wave) => {
      const embeddings = encoder.forward(unroofed('encoder', weights), wave);
      return { embeddings, logits: headLogits(unroofed('head', weights), embeddings) };
    },
    averages: null,
    pieces,
  };
}

function headParameters({ head, hidden }: LabelObjectiveSettings, dimensions: number, outputs: number): Parameter[] {
  if (head === 'linear') return linearParameters('fc', dimensions, outputs);
  return [...linearParameters('hidden', dimensions, hidden), ...linearParameters('fc', hidden, outputs)];
}

function drawnParts({ dimensions }: Encoder, { dropout }: LabelObjectiveSettings, outputs: number): BatchPart[] {
  const labels: BatchPart = { name: 'labels', content: { kind: 'labels' }, shape: [outputs] };
  return dropout === 0 ? [labels] : [labels, { name: 'dropout', content: { kind: 'dropout', dropped: dropout }, shape: [dimensions] }];
}

function compared(
  weights: WeightTensors,
  embeddings: Tensor2D,
  { objective, labels: given, dropout }: { objective: LabelObjectiveSettings; labels?: Tensor; dropout?: Tensor },
): MethodValue {
  const labels = defined(given, 'labels') as Tensor2D;
  const logits = headLogits(unroofed('head', weights), dropout === undefined ? embeddings : tf.mul(embeddings, dropout));
  const loss = objective.kind === 'bce' ? binaryCrossEntropy(logits, labels) : crossEntropy(logits, labels);
  return { loss, parts: {}, watched: { embeddings, logits, labels: tf.add(labels, 0) }, statistics: [] };
}
