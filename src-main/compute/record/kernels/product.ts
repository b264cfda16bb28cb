/** @file Matrix products. */
import type { BatchMatMulAttrs } from '@tensorflow/tfjs-core';
import { broadcastShape, dimension } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { input, transposed } from './kernel.ts';
import type { KernelCall, KernelGroup } from './kernel.ts';

function lastTwoSwapped(call: KernelCall, x: Operand): Operand {
  const rank = x.shape.length;
  const order = x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return transposed(call.graph, x, order);
}

/** `[…, m, k] · […, k, n]`; the leading dimensions broadcast. */
function batchMatMul(call: KernelCall): Operand {
  const { transposeA, transposeB } = call.attributes as BatchMatMulAttrs;
  const a = transposeA ? lastTwoSwapped(call, input(call, 'a')) : input(call, 'a');
  const b = transposeB ? lastTwoSwapped(call, input(call, 'b')) : input(call, 'b');
  const leading = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...leading, dimension(a, a.shape.length - 2), dimension(b, b.shape.length - 1)];
  return call.graph.node('MatMul', [a, b], { shape });
}

/** Products by their tfjs names. */
export const productKernels: KernelGroup = { BatchMatMul: batchMatMul };
