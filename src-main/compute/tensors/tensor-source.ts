/** @file A file of tensors whose names and shapes are known, and whose numbers are read when they are wanted. */
import type { WeightArray } from '../../learn/index.ts';

/** Tensors of a file, as long as it is open. */
export type TensorSource = {
  kind: 'safetensors' | 'pytorch';
  shapes: ReadonlyMap<string, readonly number[]>;
  /** Numbers as float32. @throws Malformed when they are cut, or more than the file can hold */
  read(name: string): WeightArray;
};

/** All tensors of a source. */
export function readAll(source: TensorSource): Map<string, WeightArray> {
  return new Map([...source.shapes.keys()].map((name) => [name, source.read(name)]));
}
