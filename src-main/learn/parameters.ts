/**
 * @file What a model's weights are: as plain arrays while stored, as tensors while a function runs; and how each parameter is declared, so that nothing has
 * to be told from its name.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { seededRandom } from '../base/index.ts';
import type { Random } from '../base/index.ts';

/** A named array of numbers in row-major order, as checkpoints hold them. */
export type WeightArray = { shape: readonly number[]; data: Float32Array };

/** All of a model's weights by name. */
export type WeightArrays = ReadonlyMap<string, WeightArray>;

/** The same weights while a function runs. */
export type WeightTensors = Readonly<Record<string, Tensor>>;

/** How first values are drawn: uniform within ±`bound` or from `least` to `most`, normal about 0, or all the same. */
export type Initial =
  | { kind: 'uniform'; bound: number }
  | { kind: 'between'; least: number; most: number }
  | { kind: 'normal'; deviation: number }
  | { kind: 'constant'; value: number };

/** An array's name and shape. */
export type NamedShape = { name: string; shape: readonly number[] };

/** One parameter. `isTrained`: an optimiser changes it; running statistics follow the batches instead. */
export type Parameter = NamedShape & { initial: Initial; isTrained: boolean };

/** How many numbers a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Numbers of a kernel `[out, …]` that go into one output. */
function fanInOf(shape: readonly number[]): number {
  return sizeOf(shape.slice(1));
}

/** A kernel `[out, …]` before a ReLU: uniform within ±√(6 / fan-in), which keeps the variance (He et al. 2015, as CLMR's released code draws it). */
export function kaimingKernel(name: string, shape: readonly number[]): Parameter {
  return { name, shape, initial: { kind: 'uniform', bound: Math.sqrt(6 / fanInOf(shape)) }, isTrained: true };
}

/** A kernel `[out, …]` as PyTorch draws it by default: uniform within ±1 / √fan-in. */
export function defaultKernel(name: string, shape: readonly number[]): Parameter {
  return { name, shape, initial: { kind: 'uniform', bound: 1 / Math.sqrt(fanInOf(shape)) }, isTrained: true };
}

/** The bias of a kernel as PyTorch draws it by default: uniform within ±1 / √fan-in of the kernel. */
export function defaultBias(name: string, kernel: readonly number[]): Parameter {
  return { name, shape: kernel.slice(0, 1), initial: { kind: 'uniform', bound: 1 / Math.sqrt(fanInOf(kernel)) }, isTrained: true };
}

/** A batch norm that begins as the identity. */
export function batchNormParameters(name: string, channels: number): Parameter[] {
  const vector = (part: string, value: number, isTrained: boolean): Parameter => ({
    name: `${name}.${part}`,
    shape: [channels],
    initial: { kind: 'constant', value },
    isTrained,
  });
  return [vector('weight', 1, true), vector('bias', 0, true), vector('running_mean', 0, false), vector('running_var', 1, false)];
}

function drawerOf(initial: Initial, random: Random): () => number {
  switch (initial.kind) {
    case 'constant':
      return () => initial.value;
    case 'uniform':
      return () => (2 * random.uniform() - 1) * initial.bound;
    case 'between':
      return () => initial.least + random.uniform() * (initial.most - initial.least);
    case 'normal':
      return () => random.normal() * initial.deviation;
  }
}

/**
 * First weights, the same on every machine.
 * @param parameters in the order in which numbers are drawn for them
 * @param seed unsigned 32-bit integer
 */
export function drawWeights(parameters: readonly Parameter[], seed: number): Map<string, WeightArray> {
  const random = seededRandom(seed);
  return new Map(
    parameters.map(({ name, shape, initial }) => {
      const data = new Float32Array(sizeOf(shape));
      const draw = drawerOf(initial, random);
      for (let i = 0; i < data.length; i++) data[i] = draw();
      return [name, { shape, data }];
    }),
  );
}
