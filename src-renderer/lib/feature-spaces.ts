/** @file The spaces in which an encoder hears: its embedding, and layers of it that were indexed. Views take any of them as an encoder. */
import { embeddingOutput } from '../../src-main/contract/index.ts';
import type { Encoder, EncoderId, EncoderOutput, FeatureSpace, Pooling } from '../../src-main/contract/index.ts';

/** What is asked for of an encoder. */
export type OutputWish = { output: string; pooling: Pooling };

/** A space in its encoder's place: its neurons, index and number, and no tags that came with the encoder. */
export function asEncoder(base: Encoder, space: FeatureSpace): Encoder {
  const { encoderId: id, dimensions, index, title } = space;
  return { ...base, id, dimensions, index, name: `${base.name} · ${title}`, tagSet: null, spaces: [] };
}

/** The encoder or space with a number, and the encoder that it belongs to; null where there is none. */
export function findShown(list: readonly Encoder[], id: EncoderId | null): { base: Encoder; shown: Encoder } | null {
  for (const base of list) {
    if (base.id === id) return { base, shown: base };
    const space = base.spaces.find(({ encoderId }) => encoderId === id);
    if (space !== undefined) return { base, shown: asEncoder(base, space) };
  }
  return null;
}

/** The index of an output as it is pooled; null where it has none. */
export function indexOf(base: Encoder, { output, pooling }: OutputWish): Encoder['index'] {
  if (output === embeddingOutput) return base.index;
  return base.spaces.find((space) => space.output === output && space.pooling === pooling)?.index ?? null;
}

/** Chosen names of outputs as wishes; the embedding is not pooled. */
export function wishesOf(names: readonly string[], pooling: Pooling): OutputWish[] {
  return names.map((output) => ({ output, pooling: output === embeddingOutput ? 'mean' : pooling }));
}

/** Neurons of the chosen outputs together. */
export function neuronsOf(outputs: readonly EncoderOutput[], names: readonly string[]): number {
  return outputs.reduce((sum, { name, dimensions }) => sum + (names.includes(name) ? dimensions : 0), 0);
}
