/** @file The nodes of a foreign graph as far as it matters what follows from what, and along which axis the neurons of a value lie. */
import { keptApart } from '../record/kernels/groups.ts';
import { integers, parts, texts } from './protobuf-reader.ts';

/** `permutation`: of a transposition, where it says one; `isBranching`: it holds graphs of its own, which read values that are not among its inputs. */
export type ForeignNode = { operator: string; inputs: string[]; outputs: string[]; permutation: number[] | null; isBranching: boolean };

/** The nodes of the outermost graph, in their order, in which a value is made before it is read. @throws Malformed */
export function foreignNodes(bytes: Uint8Array): ForeignNode[] {
  return parts(Buffer.concat(parts(bytes, 7)), 1).map((node) => {
    const attributes = parts(node, 5);
    const permutation = attributes.find((attribute) => texts(attribute, 1)[0] === 'perm');
    return {
      operator: texts(node, 4)[0] ?? '',
      inputs: texts(node, 1),
      outputs: texts(node, 2).filter((name) => name !== ''),
      permutation: permutation === undefined ? null : integers(permutation, 8),
      isBranching: attributes.some((attribute) => parts(attribute, 6).length + parts(attribute, 11).length > 0),
    };
  });
}

/** Names of the values that may follow from an input, in the order of the graph. */
export function valuesAfter(nodes: readonly ForeignNode[], input: string): string[] {
  const reached = new Set([input]);
  for (const { inputs, outputs, isBranching } of nodes)
    if (isBranching || inputs.some((name) => reached.has(name))) for (const name of outputs) reached.add(name);
  reached.delete(input);
  return [...reached];
}

/**
 * The output of a convolution in groups whose channels WebGPU may mix: ONNX Runtime's does so without a word (`record/kernels/groups.ts`), and a kernel that
 * is computed tells too little. Undefined where there is none. @throws Malformed
 */
export function mixedOnWebgpu(bytes: Uint8Array): string | undefined {
  const graph = Buffer.concat(parts(bytes, 7));
  const shapes = new Map(parts(graph, 5).map((tensor) => [texts(tensor, 8)[0] ?? '', integers(tensor, 1)]));
  for (const node of parts(graph, 1)) {
    const operator = texts(node, 4)[0];
    if (operator !== 'Conv' && operator !== 'ConvTranspose') continue;
    const group = parts(node, 5).find((attribute) => texts(attribute, 1)[0] === 'group');
    const groups = group === undefined ? 1 : (integers(group, 3)[0] ?? 1);
    const kernel = shapes.get(texts(node, 1)[1] ?? '');
    const isApart = groups === 1 || (kernel !== undefined && keptApart(operator, kernel, groups) === (kernel[0] ?? 0) / groups);
    if (!isApart) return texts(node, 2)[0];
  }
  return undefined;
}

type Shapes = ReadonlyMap<string, readonly number[]>;

/** Operators whose values are `[batch, channels, …]`. */
const channelled = new Set([
  'Conv',
  'ConvTranspose',
  'ConvInteger',
  'MaxPool',
  'AveragePool',
  'LpPool',
  'GlobalAveragePool',
  'GlobalMaxPool',
]);
for (const name of ['BatchNormalization', 'InstanceNormalization', 'GroupNormalization', 'LRN']) channelled.add(name);
/** Operators after which an axis means something else. */
const mixing = new Set(['MatMul', 'Gemm', 'Einsum', 'Gather', 'GatherND', 'GatherElements', 'LSTM', 'GRU', 'RNN', 'Scan', 'Loop', 'If']);
const reshaping = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Expand']);

/**
 * The axes of channels where convolutions tell them, followed through what keeps, turns or reshapes a value. @param shapes of the values that are asked about
 */
export function channelAxes(nodes: readonly ForeignNode[], shapes: Shapes): Map<string, number> {
  const axes = new Map<string, number>();
  for (const node of nodes) {
    const axis = axisAfter(node, { axes, shapes });
    if (axis !== null) for (const name of node.outputs) axes.set(name, axis);
  }
  return axes;
}

function axisAfter({ operator, inputs, outputs, permutation }: ForeignNode, { axes, shapes }: Known): number | null {
  if (channelled.has(operator)) return 1;
  if (mixing.has(operator)) return null;
  const shape = shapes.get(outputs[0] ?? '');
  if (shape === undefined) return null;
  for (const input of inputs) {
    const [axis, before] = [axes.get(input), shapes.get(input)];
    if (axis === undefined || before === undefined) continue;
    if (operator === 'Transpose') return permutation === null ? before.length - 1 - axis : permutation.indexOf(axis);
    const same = shape.flatMap((size, at) => (at > 0 && size === before[axis] ? [at] : []));
    if (reshaping.has(operator)) return same.includes(axis) ? axis : same.length === 1 ? (same[0] ?? null) : null;
    if (shape.length === before.length && same.includes(axis)) return axis;
  }
  return null;
}

type Known = { axes: ReadonlyMap<string, number>; shapes: Shapes };
