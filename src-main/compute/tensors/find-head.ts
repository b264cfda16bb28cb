/** @file Heads: the linear layers that turn an encoder's embedding into numbers for tags, beside the encoder or in a file of their own. */
import { AppError, countOf } from '../../base/index.ts';
import type { Encoder, WeightArray } from '../../learn/index.ts';
import { isCounter, someOf } from './match-encoder.ts';
import type { TensorSource } from './tensor-source.ts';

/** Names for a head's outputs are given one by one; no head of an encoder for music has more. */
export const mostOutputs = 4096;

/** Parts of a model that are no head, by any part of their names. */
const otherParts = new Set(['encoder', 'backbone', 'projector', 'projection_head', 'criterion', 'loss']);

/** A head: `fc.…`, with `hidden.…` before it where there are two layers; and the names that it had in its file. */
export type FoundHead = { weights: Map<string, WeightArray>; names: readonly string[] };

type Place = { name: string; outputs: number; inputs: number };

/**
 * The head that hangs beside an encoder in its own file, under the names of the code that trained it: `fc` of a supervised model, `model.0` and
 * `model.2` of CLMR's evaluation, `mlp` of VICMus's, `head.fc` behind `head.hidden` of Earmark's own checkpoints. Two layers have a ReLU between them.
 * @returns null where there is none
 */
export function headBeside(source: TensorSource, prefix: string, encoder: Encoder): FoundHead | null {
  const beside = prefix.replace(/(encoder|backbone)\.$/, '');
  const single = [`${prefix}fc`, `${beside}fc`, `${beside}mlp`];
  for (const name of single) if (fits(source, name, encoder.dimensions)) return headOf(source, [name]);
  const [own, hiddenLayer] = [`${beside}head.fc`, `${beside}head.hidden`];
  if (fits(source, hiddenLayer, encoder.dimensions) && fits(source, own, source.shapes.get(`${hiddenLayer}.weight`)?.[0] ?? 0))
    return headOf(source, [hiddenLayer, own]);
  if (fits(source, own, encoder.dimensions)) return headOf(source, [own]);
  for (const name of ['model', 'mlp', 'fc']) {
    const first = `${beside}${name}.0`;
    if (!fits(source, first, encoder.dimensions)) continue;
    const second = `${beside}${name}.2`;
    const hidden = source.shapes.get(`${first}.weight`)?.[0] ?? 0;
    if (fits(source, second, hidden)) return headOf(source, [first, second]);
    return source.shapes.has(`${second}.weight`) ? null : headOf(source, [first]);
  }
  return null;
}

/** Whether a linear layer of that name takes so many values, and gives no more than a head does. */
function fits({ shapes }: TensorSource, name: string, inputs: number): boolean {
  const [weight, bias] = [shapes.get(`${name}.weight`), shapes.get(`${name}.bias`)];
  if (weight === undefined || bias === undefined) return false;
  return weight.length === 2 && weight[1] === inputs && bias.join() === String(weight[0]) && (weight[0] ?? 0) <= mostOutputs;
}

/** Whether a file holds linear layers besides those of encoders and projectors. */
export function hasHead(source: TensorSource): boolean {
  return layersOf(source).length > 0;
}

/**
 * The head that is all there is in a file, whatever its layers are called; an encoder or projector beside it is passed over.
 * @throws AppError `WEIGHTS_MISMATCH` when it is no head of one or two linear layers, or takes other embeddings than this encoder's
 */
export function headOfFile(source: TensorSource, path: string, encoder: Encoder): FoundHead {
  const layers = layersOf(source);
  const own = new Set(layers.flatMap(({ name }) => [join(name, 'weight'), join(name, 'bias')]));
  const others = [...source.shapes.keys()].filter((name) => !own.has(name) && !isOther(name) && !isCounter(name));
  if (layers.length === 0) {
    const beside = headBeside(source, 'encoder.', encoder);
    if (beside !== null) return beside;
    throw mismatch(
      path,
      `holds no head: no linear layer with a bias (there are ${source.shapes.size} tensors: ${someOf([...source.shapes.keys()])})`,
    );
  }
  if (others.length > 0)
    throw mismatch(path, `holds more than linear layers (${someOf(others)}), and Earmark runs heads of one or two of those`);
  if (layers.length > 2) throw mismatch(path, `holds ${layers.length} linear layers, and Earmark runs heads of one or two`);
  const chain = layers.length === 1 ? layers : inOrder(layers);
  const [first, last] = [chain?.[0], chain?.at(-1)];
  if (chain === null || first === undefined || last === undefined)
    throw mismatch(
      path,
      `holds two linear layers that do not follow each other (${layers.map(({ inputs, outputs }) => `${inputs} to ${outputs}`).join(', ')})`,
    );
  if (first.inputs !== encoder.dimensions)
    throw mismatch(
      path,
      `takes embeddings of ${countOf(first.inputs, 'number')}, and this encoder gives ${encoder.dimensions}: it was trained on another encoder`,
    );
  if (last.outputs > mostOutputs) throw mismatch(path, `gives ${last.outputs} numbers, more than the ${mostOutputs} that can be named`);
  return headOf(
    source,
    chain.map(({ name }) => name),
  );
}

/** Linear layers that are no part of an encoder or projector, in the file's order. */
function layersOf({ shapes }: TensorSource): Place[] {
  return [...shapes].flatMap(([name, shape]) => {
    if (!/(^|\.)weight$/.test(name) || shape.length !== 2 || isOther(name)) return [];
    const layer = name.replace(/\.?weight$/, '');
    const [outputs = 0, inputs = 0] = shape;
    return shapes.get(join(layer, 'bias'))?.join() === String(outputs) ? [{ name: layer, outputs, inputs }] : [];
  });
}

/** Files may list layers by their names; the second takes what the first gives. */
function inOrder(layers: readonly Place[]): readonly Place[] | null {
  const orders = [layers, layers.toReversed()];
  return orders.find(([first, second]) => first !== undefined && first.outputs === second?.inputs) ?? null;
}

function isOther(name: string): boolean {
  return name.split('.').some((part) => otherParts.has(part));
}

function join(layer: string, part: string): string {
  return layer === '' ? part : `${layer}.${part}`;
}

function headOf({ read }: TensorSource, layers: readonly string[]): FoundHead {
  const called = layers.length === 1 ? ['fc'] : ['hidden', 'fc'];
  const places = layers.flatMap((layer, index) =>
    ['weight', 'bias'].map((part) => [`${called[index]}.${part}`, join(layer, part)] as const),
  );
  return { weights: new Map(places.map(([name, place]) => [name, read(place)])), names: places.map(([, place]) => place) };
}

function mismatch(path: string, why: string): AppError {
  return new AppError('WEIGHTS_MISMATCH', `The head in ${path} ${why}. Choose the head that was trained on this encoder.`, {
    details: { path },
  });
}
