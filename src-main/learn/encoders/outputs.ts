/**
 * @file What can be looked at of an encoder: its embedding, and the values of its layers, pooled over time. Over pictures of sound, time and frequency are
 * pooled alike, so that a neuron is a channel everywhere.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { embeddingOutput } from './poolings.ts';
import type { Pooling } from './poolings.ts';

/** Something that an encoder computes, by its name for programs and for people; `dimensions`: its neurons. */
export type EncoderOutput = { name: string; title: string; dimensions: number };

/** Values of an output, `[batch, …]` with one axis of neurons; `positions`: the axes that are pooled over. */
export type LayerValues = { values: Tensor; positions: readonly number[] };

/** Which output, and how it is pooled. */
export type OutputChoice = { output: string; pooling: Pooling };

/** The entry of the output that every encoder has. */
export function embeddingOf(dimensions: number): EncoderOutput {
  return { name: embeddingOutput, title: 'Embedding', dimensions };
}

/** Entries of layers that differ in their number alone: `block-1`, “Block 1”. */
export function numberedOutputs(name: string, dimensions: readonly number[]): EncoderOutput[] {
  const title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return dimensions.map((size, index) => ({
    name: `${name}-${index + 1}`,
    title: `${title} ${index + 1}`,
    dimensions: size,
  }));
}
