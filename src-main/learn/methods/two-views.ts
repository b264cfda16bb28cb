/**
 * @file Two views of each track are embedded, projected and compared (SimCLR, Chen et al. 2020; CLMR; VICReg). Views are passed through one after the
 * other, as CLMR's code does: each has its own batch statistics.
 *
 * The objective sees embeddings alone, so a large batch can be embedded chunk by chunk (Gao et al. 2021, gradient cache). A chunk is then the group over
 * which batch norms take their statistics.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Encoder } from '../encoders/encoder.ts';
import type { Objective } from '../objectives/objective.ts';
import type { Projector } from '../projectors/projector.ts';
import { roofed, unroofed, within } from './method.ts';
import type { Method, MethodValue, Pieces } from './method.ts';

/** The views' names. */
const views = ['first', 'second'] as const;

/**
 * The method for an encoder, a projector of its embeddings, and an objective over the projections. Watched are `embeddings` and `projections`,
 * `[2 · batch, dimensions]`, the first views before the second.
 */
export function twoViews({ encoder, projector, objective }: { encoder: Encoder; projector: Projector; objective: Objective }): Method {
  const pieces: Pieces = {
    parts: views,
    embedding: within('encoder', encoder.parameters()),
    comparing: within('projector', projector.parameters()),
    embed: (weights, part, options) => {
      const { embedding, statistics } = encoder.train(unroofed('encoder', weights), part as Tensor2D, options);
      return { embedding, statistics: roofed('encoder', statistics) };
    },
    compare: (weights, embeddings): MethodValue => {
      const own = unroofed('projector', weights);
      const statistics = views.map((): Record<string, Tensor> => ({}));
      const given = views.map((view) => defined(embeddings[view], view));
      const projections = given.map((embedding, view) => projector.train(own, embedding, defined(statistics[view], 'a view')));
      const [first, second] = projections;
      return {
        ...objective(defined(first, 'a view'), defined(second, 'a view')),
        watched: { embeddings: tf.concat(given, 0), projections: tf.concat(projections, 0) },
        statistics: statistics.map((batch) => roofed('projector', batch)),
      };
    },
  };
  return {
    encoder,
    parts: views.map((name, view) => ({ name, content: { kind: 'view', view: view as 0 | 1 }, shape: [encoder.cropSamples] })),
    parameters: () => [...pieces.embedding, ...pieces.comparing],
    initialise: (seed) =>
      new Map([
        ...[...encoder.initialise(seed)].map(([name, array]) => [`encoder.${name}`, array] as const),
        // Another sequence of random numbers than the encoder's.
        ...[...projector.initialise((seed ^ 0x9e3779b9) >>> 0)].map(([name, array]) => [`projector.${name}`, array] as const),
      ]),
    value: (weights, batch, options) => {
      const embedded = views.map((view) => pieces.embed(weights, defined(batch[view], view), options));
      const compared = pieces.compare(
        weights,
        Object.fromEntries(views.map((view, index) => [view, defined(embedded[index], view).embedding])),
        {},
      );
      return { ...compared, statistics: [...embedded.map(({ statistics }) => statistics), ...compared.statistics] };
    },
    averages: null,
    pieces,
  };
}
