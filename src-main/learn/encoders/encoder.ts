/** @file What an encoder is to the other rooms. */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Parameter, WeightArray, WeightArrays, WeightTensors } from '../parameters.ts';
import type { EncoderOutput, LayerValues } from './outputs.ts';

/** What an encoder is made from: its family and that family's settings. They are stored with its weights, as JSON, and it is made from them again. */
export type EncoderSettings = { readonly architecture: string; readonly sampleRate: number; readonly [name: string]: unknown };

/**
 * How a training pass works. `chunkElements`: activations of a layer that are worked on at a time; infinity takes the batch as a whole. `patches`: by kind
 * of {@link Encoder.patches}, which are looked at, `[batch, kept]`; all when absent.
 */
export type TrainOptions = { chunkElements: number; patches?: readonly Tensor2D[] };

/** Patches of a kind that an encoder cuts its input into: how many there are, and how many of them are looked at while it trains. */
export type Patches = { name: string; count: number; kept: number };

/** What a training-mode forward pass gives. Statistics are those of this batch alone, by the running ones' names; they have no gradient. */
export type TrainedForward = {
  /** `[batch, dimensions]` */
  embedding: Tensor2D;
  statistics: Record<string, Tensor>;
};

/** The sequences that an encoder makes of a crop on its way: latents, and contexts that sum up the latents before each. */
export type Sequences = {
  /** How many there are of each, and how many values one has. */
  positions: number;
  latents: number;
  contexts: number;
  /** In training mode. @param wave `[batch, cropSamples]` @returns `[batch, positions, …]` each */
  of(weights: WeightTensors, wave: Tensor2D, options: TrainOptions): { latents: Tensor3D; contexts: Tensor3D };
};

/** What a Transformer makes of a sequence, `[batch, positions, values]` each. */
export type LayerStates = {
  /** What leaves the last layer. */
  last: Tensor3D;
  /** What the second half of each layer (its feed-forward part) adds, from the first layer to the last. */
  added: readonly Tensor3D[];
};

/** An encoder in two halves between which positions can be masked: what each position hears by itself, and what is made of all of them together. */
export type Halves = {
  positions: number;
  values: number;
  layers: number;
  /** Weights of the second half. `tellsPosition`: they tell where a position is, before the first layer. */
  context: readonly { parameter: Parameter; tellsPosition: boolean }[];
  /** @param wave `[batch, cropSamples]` @returns `[batch, positions, values]` */
  hear(weights: WeightTensors, wave: Tensor2D, options: TrainOptions): Tensor3D;
  /** @param kept `[layers]`: 1 for a layer that works, 0 for one that is left out; all work when absent */
  understand(weights: WeightTensors, heard: Tensor3D, kept?: Tensor1D): LayerStates;
};

/** A network that turns a crop of a track into one vector: a pure function of its weights and its input. */
export type Encoder = {
  /** All that `createEncoder` needs to make the same encoder. */
  settings: EncoderSettings;
  /** Names the family, for programs and for people. */
  architecture: string;
  title: string;
  /** Rate of the input, in hertz. */
  sampleRate: number;
  /** Length of the input, in samples. */
  cropSamples: number;
  /** Length of the embedding. */
  dimensions: number;
  /** What can be looked at: values of its layers in their order, and the embedding last. */
  outputs: readonly EncoderOutput[];
  /** Activations of one clip that a training pass holds until it has gone back. */
  keptElements: number;
  /** All weights, in the order of the layers; names are those of the published checkpoints. */
  parameters(): Parameter[];
  /**
   * The evaluation-mode forward pass.
   * @param weights all of {@link parameters}, or what {@link fold} made of them
   * @param wave `[batch, cropSamples]`, mono, full scale is ±1
   * @returns embeddings `[batch, dimensions]`
   */
  forward(weights: WeightTensors, wave: Tensor2D): Tensor2D;
  /** The same pass with the values of each of {@link outputs} on its way, by name; who asks disposes of them, and of all in between. */
  layers(weights: WeightTensors, wave: Tensor2D): Record<string, LayerValues>;
  /** The training-mode forward pass, which tfjs' tape follows. The batch is the group that batch norms take their statistics over. */
  train(weights: WeightTensors, wave: Tensor2D, options: TrainOptions): TrainedForward;
  /** For predictive methods, where the encoder makes sequences. */
  sequences?: Sequences;
  /** Where the input is cut into patches: by kind. Each kind makes an equal part of the embedding, in this order, which is compared by itself. */
  patches?: readonly Patches[];
  /** For methods that mask, where the encoder can be taken in halves. */
  halves?: Halves;
  /** Where it stands upon another encoder, which has nothing to learn (see `standsUpon`): the rest, as an encoder whose input are that one's embeddings. */
  upon?: Encoder;
  /** Weights drawn from a seed, the same on every machine. */
  initialise(seed: number): Map<string, WeightArray>;
  /** The weights of an equal but cheaper network, for inference: constants such as batch statistics are folded into the layers before them. */
  fold(weights: WeightArrays): Map<string, WeightArray>;
};
