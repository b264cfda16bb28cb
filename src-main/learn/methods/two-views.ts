/**
 * @file Two views of each track are embedded, projected and compared (SimCLR, Chen et al. 2020; CLMR; VICReg). Views are passed through one after the
 * other, as CLMR's code does, where each has its own batch statistics; at once where there are none, so that the gradient of each weight is one product. Where an encoder cuts its input into patches, other patches of each view may be left out
 * (Myna, Yonay et al. 2025); of several kinds of patches each part of the embedding is compared by itself, and the loss is the mean.
 *
 * The objective sees embeddings alone, so a large batch can be embedded chunk by chunk (Gao et al. 2021, gradient cache). A chunk is then the group over
 * which batch norms take their statistics.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Encoder, Patches } from '../encoders/encoder.ts';
import type { Objective, ObjectiveValue } from '../objectives/objective.ts';
import type { Projector } from '../projectors/projector.ts';
import { roofed, unroofed, within } from './method.ts';
import type { BatchPart, Method, MethodValue, Pieces } from './method.ts';

/** The views' names, and that of what the objective remembers. */
const views = ['first', 'second'] as const;
const memory = 'remembered';

/** Length of what is compared: of the whole embedding, or of each kind of patches' part. */
export function comparedDimensions({ dimensions, patches }: Pick<Encoder, 'dimensions' | 'patches'>): number {
  return dimensions / (patches?.length ?? 1);
}

/** What the method is made of. */
type Parts = { encoder: Encoder; projector: Projector; objective: Objective };

/**
 * The method for an encoder, a projector of its embeddings, and an objective over the projections. Watched are `embeddings` and `projections`,
 * `[2 · batch, dimensions]`, the first views before the second.
 */
export function twoViews(given: Parts): Method {
  const { encoder, projector, objective } = given;
  const pieces = piecesOf(given);
  return {
    encoder,
    parts: [...views.flatMap((name, view) => partsOf(encoder, { name, view: view as 0 | 1 })), ...rememberedBy(objective)],
    parameters: () => [...pieces.embedding, ...pieces.comparing],
    initialise: (seed) =>
      new Map([
        ...[...encoder.initialise(seed)].map(([name, array]) => [`encoder.${name}`, array] as const),
        // Another sequence of random numbers than the encoder's.
        ...[...projector.initialise((seed ^ 0x9e3779b9) >>> 0)].map(([name, array]) => [`projector.${name}`, array] as const),
      ]),
    value: (weights, batch, options) => {
      const parts = views.map((view) => defined(pieces.embedded[view], view).map((part) => defined(batch[part], part)));
      const embedded = hasStatistics(encoder)
        ? parts.map((own) => pieces.embed(weights, own, options))
        : takenApart(pieces.embed(weights, oneAfterTheOther(parts), options));
      const embeddings = Object.fromEntries(views.map((view, index) => [view, defined(embedded[index], view).embedding]));
      const compared = pieces.compare(weights, embeddings, batch);
      return { ...compared, statistics: [...embedded.map(({ statistics }) => statistics), ...compared.statistics] };
    },
    averages: null,
    pieces,
  };
}

/** Whether what an encoder makes of a clip in training depends on the others of its batch. */
function hasStatistics(encoder: Encoder): boolean {
  return encoder.parameters().some(({ isTrained }) => !isTrained);
}

/** The clips of both views as one batch, part by part. */
function oneAfterTheOther(parts: readonly (readonly Tensor[])[]): Tensor[] {
  const [first = [], second = []] = parts;
  return first.map((own, index) => tf.concat([own, defined(second[index], 'a part')], 0));
}

function takenApart({ embedding }: { embedding: Tensor2D }): { embedding: Tensor2D; statistics: Record<string, Tensor> }[] {
  return tf.split<Tensor2D>(embedding, views.length, 0).map((own) => ({ embedding: own, statistics: {} }));
}

function piecesOf({ encoder, projector, objective }: Parts): Pieces {
  const partNames = (name: string): string[] => partsOf(encoder, { name, view: 0 }).map((part) => part.name);
  return {
    embedded: Object.fromEntries(views.map((name) => [name, partNames(name)])),
    beside: rememberedBy(objective).map(({ name }) => name),
    embedding: within('encoder', encoder.parameters()),
    comparing: within('projector', projector.parameters()),
    embed: (weights, [wave, ...patches], options) => {
      const kept = patches.length === 0 ? {} : { patches: patches as Tensor2D[] };
      const { embedding, statistics } = encoder.train(unroofed('encoder', weights), wave as Tensor2D, { ...options, ...kept });
      return { embedding, statistics: roofed('encoder', statistics) };
    },
    compare: (weights, embeddings, beside): MethodValue => {
      const own = unroofed('projector', weights);
      const given = views.map((view) => defined(embeddings[view], view));
      const kinds = partedBy(given, encoder.patches?.length ?? 1);
      const statistics = kinds.flatMap((pair) => pair.map((): Record<string, Tensor> => ({})));
      const projected = kinds.map((pair, kind) =>
        pair.map((embedding, view) => projector.train(own, embedding, defined(statistics[kind * views.length + view], 'a view'))),
      );
      const projections = views.map((_, view) => sideBySide(projected, view));
      return {
        ...comparedBy(objective, projected, beside[memory] as Tensor2D | undefined),
        watched: { embeddings: tf.concat(given, 0), projections: tf.concat(projections, 0) },
        statistics: statistics.map((batch) => roofed('projector', batch)),
      };
    },
  };
}

/** A view, and which patches of it are looked at, where some are left out. */
function partsOf({ cropSamples, patches = [] }: Encoder, { name, view }: { name: string; view: 0 | 1 }): BatchPart[] {
  const isLeftOut = patches.some(({ count, kept }) => kept < count);
  const chosen = ({ name: kind, count, kept }: Patches): BatchPart => ({
    name: `${name}-${kind}`,
    content: { kind: 'patches', of: count, kept },
    shape: [kept],
  });
  return [{ name, content: { kind: 'view', view }, shape: [cropSamples] }, ...(isLeftOut ? patches.map(chosen) : [])];
}

function rememberedBy({ remembers = 0 }: Objective): BatchPart[] {
  return remembers === 0 ? [] : [{ name: memory, content: { kind: 'remembered' }, shape: [remembers] }];
}

/** The embeddings of both views, taken apart into the parts of each kind of patches: by kind, by view. */
function partedBy(embeddings: readonly Tensor2D[], kinds: number): Tensor2D[][] {
  if (kinds === 1) return [[...embeddings]];
  const parts = embeddings.map((embedding) => tf.split<Tensor2D>(embedding, kinds, 1));
  return Array.from({ length: kinds }, (_, kind) => parts.map((own) => defined(own[kind], 'a part')));
}

/** A view's projections of all kinds. */
function sideBySide(projected: readonly (readonly Tensor2D[])[], view: number): Tensor2D {
  const own = projected.map((pair) => defined(pair[view], 'a view'));
  return own.length === 1 ? defined(own[0], 'a view') : tf.concat(own, 1);
}

/** The objective's value, the mean over the kinds; what one is told of a track is what the one before it said. */
function comparedBy(
  objective: Objective,
  projected: readonly (readonly Tensor2D[])[],
  before: Tensor2D | undefined,
): Pick<MethodValue, 'loss' | 'parts' | 'remembered'> {
  let known = before;
  const values = projected.map((pair): ObjectiveValue => {
    const value = objective(defined(pair[0], 'a view'), defined(pair[1], 'a view'), known);
    known = value.remembered;
    return value;
  });
  const mean = (scalars: Scalar[]): Scalar =>
    scalars.length === 1 ? defined(scalars[0], 'a value') : tf.div(tf.addN(scalars), scalars.length);
  const names = Object.keys(defined(values[0], 'a value').parts);
  return {
    loss: mean(values.map(({ loss }) => loss)),
    parts: Object.fromEntries(names.map((name) => [name, mean(values.map(({ parts }) => defined(parts[name], name)))])),
    ...(known === undefined ? {} : { remembered: { [memory]: known } }),
  };
}
