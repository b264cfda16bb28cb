/**
 * @file A crop of each track becomes a sequence, and its later parts are predicted from what came before (CPC, van den Oord et al. 2018; as compared with
 * in Spijkervet 2021). Negatives are drawn as permutations of all latents of the batch, shared by all steps; the loss is taken over a window at random
 * (CLMR's first code). Where batch and crop are one graph, the batch cannot be taken apart.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../base/index.ts';
import type { Encoder, Sequences } from '../encoders/encoder.ts';
import { infoNce, predictedBy } from '../objectives/info-nce.ts';
import type { InfoNceSettings } from '../objectives/settings.ts';
import { defaultKernel, drawWeights } from '../parameters.ts';
import { unroofed, within } from './method.ts';
import type { Method } from './method.ts';

/**
 * The method for an encoder that makes sequences. Watched are `embeddings` `[batch, dimensions]`, and `projections` `[2 · batch, latents]`: the mean of what
 * is predicted one step ahead, then that of the latents.
 * @throws AppError `BAD_INPUT` for an encoder that makes none, or whose sequence is too short for steps and window
 */
export function predictive({ encoder, objective }: { encoder: Encoder; objective: InfoNceSettings }): Method {
  const { steps: count, negatives, window } = objective;
  const sequences = sequencesOf(encoder, count + window);
  const { positions, latents, contexts } = sequences;
  const steps = Array.from({ length: count }, (_, index) => index + 1);
  const predictor = within('predictor', [defaultKernel('weight', [count * latents, contexts])]);
  return {
    encoder,
    parts: [
      { name: 'crop', content: { kind: 'crop' }, shape: [encoder.cropSamples] },
      { name: 'negatives', content: { kind: 'permutations', of: positions, count: negatives }, shape: [positions, 2 * negatives] },
      { name: 'window', content: { kind: 'window', of: positions - count, size: window }, shape: [positions] },
    ],
    parameters: () => [...within('encoder', encoder.parameters()), ...predictor],
    initialise: (seed) =>
      new Map([
        ...[...encoder.initialise(seed)].map(([name, array]) => [`encoder.${name}`, array] as const),
        // Another sequence of random numbers than the encoder's.
        ...drawWeights(predictor, (seed ^ 0x9e3779b9) >>> 0),
      ]),
    value: (weights, batch, options) => {
      const named = (name: string): Tensor => defined(batch[name], name);
      const made = sequences.of(unroofed('encoder', weights), named('crop') as Tensor2D, options);
      const whole = tf.reshape(defined(weights['predictor.weight'], 'predictor.weight'), [count, latents, contexts]);
      const predictors = tf.unstack(whole, 0) as Tensor2D[];
      const loss = infoNce({
        ...{ latents: made.latents, contexts: made.contexts, predictors, steps },
        ...halves(named('negatives') as Tensor3D),
        window: named('window') as Tensor2D,
      });
      const next = predictedBy(made.contexts, defined(predictors[0], 'a predictor'), 1);
      return {
        loss,
        parts: {},
        watched: {
          embeddings: tf.mean(made.contexts, 1),
          projections: tf.concat([tf.mean(next, 1), tf.mean(made.latents, 1)], 0),
        },
        statistics: [],
      };
    },
    averages: null,
    pieces: null,
  };
}

/** Permutations, and their inverses. */
function halves(drawn: Tensor3D): { negatives: Tensor3D; inverses: Tensor3D } {
  const [negatives, inverses] = tf.split(drawn, 2, 2) as [Tensor3D, Tensor3D];
  return { negatives, inverses };
}

function sequencesOf(encoder: Encoder, needed: number): Sequences {
  const { sequences, title } = encoder;
  if (sequences === undefined)
    throw new AppError('BAD_INPUT', `${title} makes no sequence, which a predictive objective needs. Choose CPC.`);
  if (sequences.positions >= needed) return sequences;
  const says = `A crop gives ${sequences.positions} positions, and steps and window together want ${needed}.`;
  throw new AppError('BAD_INPUT', `${says} Choose fewer steps or a smaller window.`);
}
