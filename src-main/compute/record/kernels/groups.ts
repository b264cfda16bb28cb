/**
 * @file Convolutions in groups, laid out so that every device keeps the groups apart. ONNX Runtime 1.30's WebGPU mixes channels of two kinds of them without
 * a word: of convolutions with more than four kernels a group that are no whole fours, and of transposed ones that give one channel a group of an even number.
 * Zeros that are taken out again, or add nothing, make others of these.
 */
import type { OnnxAttribute } from '../../onnx/graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { dimension } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { reshaped } from './kernel.ts';

/** `source` `[batch, channels, height, width]`; `shape`: of what comes out; `attributes` without the number of groups. */
export type Grouped = {
  source: Operand;
  /** As ONNX has it: `[out, channels / groups, height, width]`, of a transposed one `[channels, out / groups, height, width]`. */
  kernel: Operand;
  groups: number;
  shape: readonly number[];
  attributes: Record<string, OnnxAttribute>;
};

/** How many channels a group of the kernel's first axis has to have for WebGPU to keep the groups apart. */
export function keptApart(operator: 'Conv' | 'ConvTranspose', kernel: readonly number[], groups: number): number {
  const [first = 0, second = 0] = kernel;
  const each = first / groups;
  if (operator === 'Conv') return each <= 4 ? each : 4 * Math.ceil(each / 4);
  return second === 1 && each % 2 === 0 ? each + 1 : each;
}

/** A convolution whose channels are in groups. */
export function groupedConvolution(graph: GraphBuilder, { source, kernel, groups, shape, attributes }: Grouped): Operand {
  const each = dimension(kernel, 0) / groups;
  const filled = keptApart('Conv', kernel.shape, groups);
  const own = { ...attributes, group: groups };
  if (filled === each) return graph.node('Conv', [source, kernel], { shape }, own);
  const given = [source, widened(graph, kernel, { axis: 0, groups, to: filled })];
  const [batch = 1, , ...sides] = shape;
  const wide = graph.node('Conv', given, { shape: [batch, groups * filled, ...sides] }, own);
  const byGroup = reshaped(graph, wide, [batch, groups, filled, ...sides]);
  const range = [graph.integers([0]), graph.integers([each]), graph.integers([2])];
  return reshaped(graph, graph.node('Slice', [byGroup, ...range], { shape: [batch, groups, each, ...sides] }), shape);
}

/** A transposed convolution whose channels are in groups. */
export function groupedTransposed(graph: GraphBuilder, { source, kernel, groups, shape, attributes }: Grouped): Operand {
  const each = dimension(kernel, 0) / groups;
  const own = { ...attributes, group: groups };
  const filled = groups === 1 ? each : keptApart('ConvTranspose', kernel.shape, groups);
  const given =
    filled === each
      ? [source, kernel]
      : [widened(graph, source, { axis: 1, groups, to: filled }), widened(graph, kernel, { axis: 0, groups, to: filled })];
  return graph.node('ConvTranspose', given, { shape }, own);
}

/** Zeros behind each group of an axis, up to so many channels a group. */
function widened(graph: GraphBuilder, x: Operand, { axis, groups, to }: { axis: number; groups: number; to: number }): Operand {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const each = dimension(x, axis) / groups;
  const byGroup = reshaped(graph, x, [...before, groups, each, ...after]);
  const pads = graph.integers(byGroup.shape.flatMap(() => 0).concat(byGroup.shape.map((_, at) => (at === axis + 1 ? to - each : 0))));
  const padded = graph.node('Pad', [byGroup, pads], { shape: [...before, groups, to, ...after] }, { mode: 'constant' });
  return reshaped(graph, padded, [...before, groups * to, ...after]);
}
