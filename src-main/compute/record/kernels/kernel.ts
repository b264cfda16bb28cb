/** @file What a recorded kernel is: a tfjs kernel's inputs and attributes in, operands out, nodes appended on the way. */
import { defined } from '../../../base/index.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import type { Operand } from '../operand.ts';

/** One call of a tfjs kernel; `attributes` are typed by tfjs per kernel (`kernel_names.d.ts`). */
export type KernelCall = { inputs: Readonly<Record<string, Operand>>; attributes: unknown; graph: GraphBuilder };

/** Appends the nodes of one kernel. */
export type RecordedKernel = (call: KernelCall) => Operand | Operand[];

/** A group of kernels by their tfjs names. */
export type KernelGroup = Readonly<Record<string, RecordedKernel>>;

/** The named input. */
export function input({ inputs }: KernelCall, name: string): Operand {
  return defined(inputs[name], `the input ${name} of a kernel`);
}

/** All inputs in order, for kernels that take any number. */
export function inputList({ inputs }: KernelCall): Operand[] {
  return Object.keys(inputs)
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => defined(inputs[key], key));
}

/** The output of a `Reshape` node, or the operand itself when its shape is that already. */
export function reshaped(graph: GraphBuilder, operand: Operand, shape: readonly number[]): Operand {
  if (operand.shape.length === shape.length && operand.shape.every((size, axis) => size === shape[axis])) return operand;
  return graph.node('Reshape', [operand, graph.integers(shape)], { shape });
}

/** The output of a `Transpose` node, or of none where transpositions cancel each other. */
export function transposed(graph: GraphBuilder, operand: Operand, order: readonly number[]): Operand {
  const { producer } = operand;
  const source = producer?.operands[0];
  if (producer?.op === 'Transpose' && source !== undefined) {
    const before = producer.attributes['perm'] as readonly number[];
    const whole = order.map((axis) => defined(before[axis], `dimension ${axis}`));
    return whole.every((axis, index) => axis === index) ? source : transposed(graph, source, whole);
  }
  const shape = order.map((axis) => defined(operand.shape[axis], `dimension ${axis}`));
  return graph.node('Transpose', [operand], { shape }, { perm: order });
}
