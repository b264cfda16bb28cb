/**
 * @file Which values inside a foreign model can be looked at: those that follow the sound, and that are a vector for each crop or can be pooled to one. The
 * model is run on noise with nodes behind each value that tell its shape, largest and smallest number and sum, so that no value has to be kept.
 */
import { countOf } from '../../base/index.ts';
import { embeddingOutput, onnxInnerBounds } from '../../learn/index.ts';
import type { OnnxInner } from '../../learn/index.ts';
import { inferOutputs } from '../session.ts';
import type { SessionArray } from '../session.ts';
import { encodeNode } from './encode-model.ts';
import { withGraph, withOutputs } from './foreign-model.ts';
import { channelAxes, foreignNodes, valuesAfter } from './foreign-nodes.ts';
import { openRaw } from './foreign-runner.ts';
import type { SettledInput } from './foreign-wish.ts';
import { noiseCrops } from './noise-crops.ts';
import { MessageWriter } from './protobuf.ts';

/** The model and how it is fed. `told`: the axis that a person named for values of so many axes; `embedding`: what is taken already. */
export type InnerWish = {
  bytes: Uint8Array;
  settled: SettledInput;
  isBatched: boolean;
  told: { axis: number; axes: number } | null;
  embedding: { name: string } & SessionArray;
  path: string;
};

/** ONNX's number of the element type int32. */
const int32 = 6;
const mostAxes = 4;
/** Numbers of one crop that differ by less than this share of the largest come from rounding. */
const rounding = 1e-3;

/** The values in the order of the graph. A model that does not run with them is an encoder without them, and the remark says so. */
export async function innerValues(wish: InnerWish): Promise<{ inner: OnnxInner[]; remarks: string[] }> {
  const nodes = foreignNodes(wish.bytes);
  try {
    const names = await floatsOf(valuesAfter(nodes, wish.settled.input.name), wish);
    const seen = names.length === 0 ? new Map<string, Seen>() : await probed(names, wish);
    const axes = channelAxes(nodes, new Map([...seen].map(([name, { shape }]) => [name, shape])));
    const all = [...seen].flatMap(([name, { shape }]) => placeOf({ name, shape, channels: axes.get(name) ?? null }, wish));
    const inner = all.slice(-onnxInnerBounds.most);
    const left = all.length - inner.length;
    return { inner, remarks: left > 0 ? [`Of the values inside it, the first ${countOf(left, 'value')} are not offered as outputs.`] : [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { inner: [], remarks: [`The values inside it are not offered as outputs: ${why}`] };
  }
}

/** Those of 32-bit floating-point numbers, as far as that shows without running the model. */
async function floatsOf(values: readonly string[], { bytes, path }: InnerWish): Promise<string[]> {
  const named = new Set(values.filter((name) => name !== embeddingOutput && name.length <= onnxInnerBounds.longestName));
  const outputs = await inferOutputs({ name: path, bytes: withOutputs({ bytes, outputs: [] }, [...named]), device: 'cpu' });
  const floats = new Set(outputs.flatMap(({ name, type, axes }) => (type === 'float32' && axes <= mostAxes ? [name] : [])));
  return [...named].filter((name) => floats.has(name));
}

/** What a value was like for one crop. */
type Seen = { shape: number[]; range: Range };
type Range = { largest: number; smallest: number; sum: number };

/** Runs the model on two crops, and on both together; what is left out does not follow the sound, is not finite, or mixes the crops of a batch. */
async function probed(names: readonly string[], { bytes, settled, isBatched, path }: InnerWish): Promise<Map<string, Seen>> {
  const outputs = names.flatMap((_, index) => Object.values(probeNames(index)));
  const model = await openRaw({ ...settled, outputs }, withGraph(bytes, probesOf(names)), { name: path, device: 'cpu' });
  try {
    const [first, second, pair] = noiseCrops(settled.cropSamples);
    const [alone, other] = [await model.raw(first, 1), await model.raw(second, 1)];
    const both = isBatched ? await model.raw(pair, 2) : null;
    return new Map(
      names.flatMap((name, index) => {
        const [one, two, together] = [seenIn(alone, index), seenIn(other, index), both === null ? null : seenIn(both, index)];
        const follows = Object.values(one.range).some((value, at) => value !== Object.values(two.range)[at]);
        const isFinite = [one, two].every(({ range }) => Object.values(range).every((value) => Number.isFinite(value)));
        const isKept = follows && isFinite && (together === null || isPair(together, one, two));
        return isKept ? [[name, one] as const] : [];
      }),
    );
  } finally {
    await model.close();
  }
}

function probeNames(index: number): Record<'shape' | keyof Range, string> {
  const name = (what: string): string => `earmark/inner/${index}/${what}`;
  return { shape: name('shape'), largest: name('largest'), smallest: name('smallest'), sum: name('sum') };
}

/** A piece of a graph with the nodes behind each value. */
function probesOf(names: readonly string[]): MessageWriter {
  const graph = new MessageWriter();
  let count = 0;
  const add = (op: string, [input, output]: readonly [string, string], attributes: Record<string, number>): void => {
    graph.message(1, encodeNode({ op, inputs: [input], outputs: [output], attributes }, count++));
  };
  for (const [index, name] of names.entries()) {
    const made = probeNames(index);
    add('Shape', [name, `${made.shape}/long`], {});
    add('Cast', [`${made.shape}/long`, made.shape], { to: int32 });
    add('ReduceMax', [name, made.largest], { keepdims: 0 });
    add('ReduceMin', [name, made.smallest], { keepdims: 0 });
    add('ReduceSum', [name, made.sum], { keepdims: 0 });
    for (const output of Object.values(made)) graph.message(12, new MessageWriter().string(1, output));
  }
  return graph;
}

function seenIn(results: Record<string, SessionArray>, index: number): Seen {
  const { shape, largest, smallest, sum } = probeNames(index);
  const number = (name: string): number => results[name]?.data[0] ?? NaN;
  return {
    shape: [...(results[shape]?.data ?? [])],
    range: { largest: number(largest), smallest: number(smallest), sum: number(sum) },
  };
}

/** Whether a value of two crops is that of the one and that of the other. */
function isPair({ shape, range }: Seen, one: Seen, two: Seen): boolean {
  const [batch, ...sides] = one.shape;
  if (shape.join() !== [2, ...sides].join() || batch !== 1) return false;
  const size = Math.max(...[one, two].flatMap(({ range: own }) => [Math.abs(own.largest), Math.abs(own.smallest)]));
  const numbers = shape.reduce((product, side) => product * side, 1);
  const isNear = (value: number, expected: number, scale: number): boolean => Math.abs(value - expected) <= rounding * scale;
  return (
    isNear(range.largest, Math.max(one.range.largest, two.range.largest), size) &&
    isNear(range.smallest, Math.min(one.range.smallest, two.range.smallest), size) &&
    isNear(range.sum, one.range.sum + two.range.sum, size * numbers)
  );
}

/** `channels`: the axis that convolutions tell. */
type InnerShape = { name: string; shape: readonly number[]; channels: number | null };

/** Which axis is that of the neurons: where there is one only, that; else the one that convolutions or a person tell, else of a sequence the last. */
function placeOf({ name, shape, channels }: InnerShape, { settled, told, embedding }: InnerWish): OnnxInner[] {
  const hasBatch = settled.input.axes.includes('batch');
  if (shape.length > mostAxes || (hasBatch && (shape[0] !== 1 || shape.length < 2))) return [];
  const sides = shape.flatMap((size, axis) => (size > 1 && (axis > 0 || shape.length === 1) ? [axis] : []));
  const [first] = sides;
  if (first === undefined || (sides.length === 1 && name === embedding.name)) return [];
  const said = channels ?? (told?.axes === shape.length ? told.axis : shape.length === mostAxes ? null : shape.length - 1);
  const axis = sides.length === 1 ? first : said;
  const dimensions = axis === null ? 0 : (shape[axis] ?? 0);
  return axis !== null && dimensions > 1 && dimensions <= onnxInnerBounds.mostDimensions ? [{ name, axis, dimensions }] : [];
}
