/**
 * @file What a method is: which parts a batch has, which weights there are, the loss with what is watched beside it, and, where the loss allows it, how a
 * batch is computed in pieces. Everything is a pure function that tfjs' tape can follow; a method keeps nothing.
 */
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Encoder, TrainOptions } from '../encoders/encoder.ts';
import type { Parameter, WeightArray, WeightTensors } from '../parameters.ts';

/**
 * What a part of a batch holds. `view`: a random crop that went through the augmentation chain; views of one track differ by their number. `crop`: a random
 * crop as it is. `permutations`: so many of all positions of the batch, `of` for each item, and the inverse of each, in `[batch, of, 2 · count]`. `window`: 1 over `size` positions in a row
 * among the first `of`, 0 elsewhere; the same for the whole batch. `mask`: 1 at positions that are masked in spans of `span`, which together are about the
 * share `probability` of all where they do not overlap, and at least `least` spans; as many positions in each item. `kept`: 1 for each layer that works, 0
 * for one that is left out, with the probability `dropped`; the same for the whole batch. `labels`: what is known of the track, as the objectives over labels
 * take it. `dropout`: 0 with the probability `dropped`, else what keeps the mean, 1 / (1 − `dropped`). `patches`: the numbers of `kept` patches among `of`,
 * ascending, others in each item. `remembered`: what the method told of the item's track the last time that it came, zeros the first time.
 */
export type PartContent =
  | { kind: 'view'; view: 0 | 1 }
  | { kind: 'crop' }
  | { kind: 'permutations'; of: number; count: number }
  | { kind: 'window'; of: number; size: number }
  | { kind: 'mask'; of: number; probability: number; span: number; least: number }
  | { kind: 'kept'; dropped: number }
  | { kind: 'labels' }
  | { kind: 'dropout'; dropped: number }
  | { kind: 'patches'; of: number; kept: number }
  | { kind: 'remembered' };

/** One array of a batch. `shape`: that of one item; the batch stands before it. */
export type BatchPart = { name: string; content: PartContent; shape: readonly number[] };

/** Whether a part is made of a track's sound. */
export function isHeard({ content }: BatchPart): boolean {
  return content.kind === 'view' || content.kind === 'crop';
}

/** What a method makes of a batch. */
export type MethodValue = {
  loss: Scalar;
  /** Parts of the loss by name, which already carry their weights, or figures beside it; for people to look at. */
  parts: Record<string, Scalar>;
  /** What is told of the batch besides, by name. */
  watched: Record<string, Tensor>;
  /** What is remembered of each item's track until it comes again, by the names of the parts that are given then; `[batch, …]`. */
  remembered?: Record<string, Tensor>;
  /** Batch statistics by the names of the running ones that follow them, in the order in which they do. */
  statistics: readonly Readonly<Record<string, Tensor>>[];
};

/** How a batch that is too large for a device is computed: each piece is embedded by itself, the loss is taken over all embeddings. */
export type Pieces = {
  /** What is embedded: by name, the parts of the batch that are taken for it, in their order. */
  embedded: Readonly<Record<string, readonly string[]>>;
  /** Further parts that the comparison takes as they are; none when absent. */
  beside?: readonly string[];
  /** Weights that embed, with running statistics, and weights that compare; together those of the method. */
  embedding: readonly Parameter[];
  comparing: readonly Parameter[];
  /** @param parts `[clips, …]` each @returns `[clips, dimensions]`, and the batch statistics */
  embed(
    weights: WeightTensors,
    parts: readonly Tensor[],
    options: TrainOptions,
  ): { embedding: Tensor2D; statistics: Readonly<Record<string, Tensor>> };
  /** @param embeddings by name, `[batch, dimensions]` @param beside those parts that are taken as they are, `[batch, …]` */
  compare(weights: WeightTensors, embeddings: Readonly<Record<string, Tensor2D>>, beside: Readonly<Record<string, Tensor>>): MethodValue;
};

/** Weights that are no part of the optimiser's work: each follows a trained one by a moving average. */
export type Averages = {
  /** By the names of those that follow: whom; a copy is taken as it is. */
  followers: ReadonlyMap<string, { of: string; isCopy: boolean }>;
  /** How much of a follower stays at a step, counted from 1. */
  decay(step: Scalar): Scalar;
};

/** A way to train an encoder. */
export type Method = {
  encoder: Encoder;
  /** What a step takes. */
  parts: readonly BatchPart[];
  /** All weights with running statistics, the encoder's as `encoder.…`, in the order of the layers. */
  parameters(): Parameter[];
  /** First weights, the same on every machine. @param seed unsigned 32-bit integer */
  initialise(seed: number): Map<string, WeightArray>;
  /** The loss of a batch. @param batch by the names of {@link parts}, `[batch, …]` */
  value(weights: WeightTensors, batch: Readonly<Record<string, Tensor>>, options: TrainOptions): MethodValue;
  /**
   * What is told of clips that are held out, in evaluation mode, by name; absent where nothing is held out.
   * @param wave `[clips, cropSamples]`
   */
  evaluate?(weights: WeightTensors, wave: Tensor2D): Record<string, Tensor2D>;
  /** Null where no weights follow others. */
  averages: Averages | null;
  /** Null where a batch cannot be taken apart. */
  pieces: Pieces | null;
};

/** Parameters under a roof of names. */
export function within(roof: string, parameters: readonly Parameter[]): Parameter[] {
  return parameters.map((parameter) => ({ ...parameter, name: `${roof}.${parameter.name}` }));
}

/** Named things under a roof. */
export function roofed<Value>(roof: string, named: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [`${roof}.${name}`, value]));
}

/** Those under a roof, without its name. */
export function unroofed<Value>(roof: string, named: Readonly<Record<string, Value>>): Record<string, Value> {
  const prefix = `${roof}.`;
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
  );
}
