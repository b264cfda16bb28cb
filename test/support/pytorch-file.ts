/** @file Files as `torch.save` writes them, for tests: a state dictionary, or a Lightning checkpoint around one. */
import type { WeightArrays } from '../../src-main/learn/index.ts';
import { dictionary, integer, pickle, tensor, text, zip } from '../unit/compute/pickle-bytes.ts';

/** The bytes of a state dictionary; with `lightning` those of a checkpoint with its hyper-parameters, epoch and optimiser. */
export function pytorchFile(weights: WeightArrays, { lightning = false }: { lightning?: boolean } = {}): Buffer {
  const storages: Record<string, Uint8Array> = {};
  const entries: Record<string, Buffer> = {};
  for (const [index, [name, { shape, data }]] of [...weights].entries()) {
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
    entries[name] = tensor(String(index), data.length, [...shape], strides);
    storages[`archive/data/${index}`] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  const around = (state: Buffer): Buffer =>
    dictionary({
      ...{ epoch: integer(10_000), 'pytorch-lightning_version': text('1.2.6'), state_dict: state },
      ...{ hyper_parameters: dictionary({ dataset: text('magnatagatune') }), optimizer_states: dictionary({}) },
    });
  const state = dictionary(entries);
  return zip({ 'archive/data.pkl': pickle(lightning ? around(state) : state), ...storages });
}

/** The same weights with something before their names. */
export function under(prefix: string, weights: WeightArrays): WeightArrays {
  return new Map([...weights].map(([name, array]) => [`${prefix}${name}`, array]));
}

/** A linear layer `name` (or one without a name) of small numbers that tell its places apart. */
export function linear(name: string, outputs: number, inputs: number): WeightArrays {
  const data = Float32Array.from({ length: outputs * inputs }, (_, i) => ((i * 7 + outputs) % 11) / 11 - 0.5);
  const dot = name === '' ? '' : `${name}.`;
  return new Map([
    [`${dot}weight`, { shape: [outputs, inputs], data }],
    [`${dot}bias`, { shape: [outputs], data: data.slice(0, outputs) }],
  ]);
}

/** All weights together. */
export function together(...parts: WeightArrays[]): WeightArrays {
  return new Map(parts.flatMap((part) => [...part]));
}
