/** @file Matrix products. */
import type { BatchMatMulAttrs } from '@tensorflow/tfjs-core';
import { broadcastShape, dimension, sizeOf } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { input, reshaped, transposed } from './kernel.ts';
import type { KernelCall, KernelGroup } from './kernel.ts';

function lastTwoSwapped(call: KernelCall, x: Operand): Operand {
  const rank = x.shape.length;
  const order = x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return transposed(call.graph, x, order);
}

/** A matrix, or a batch of one as a matrix. */
function matrix(call: KernelCall, x: Operand): Operand | undefined {
  if (x.shape.length === 2) return x;
  return x.shape.length === 3 && x.shape[0] === 1 ? reshaped(call.graph, x, x.shape.slice(1)) : undefined;
}

/**
 * Up to so many elements a left matrix is turned round by a node of its own: ONNX Runtime's product reads one that lies across its memory up to a quarter
 * slower than one that was turned round before, and that costs less (observed with ONNX Runtime 1.30 on a processor, weights' gradients of a Transformer).
 */
const mostTurned = 2 ** 21;

/** `[…, m, k] · […, k, n]`; the leading dimensions broadcast. */
function batchMatMul(call: KernelCall): Operand {
  const { transposeA, transposeB } = call.attributes as BatchMatMulAttrs;
  const [left, right] = [matrix(call, input(call, 'a')), matrix(call, input(call, 'b'))];
  const isTurned = transposeA && left !== undefined && sizeOf(left.shape) <= mostTurned;
  if (!isTurned && left !== undefined && right !== undefined && (transposeA || transposeB)) {
    const shape = [dimension(left, transposeA ? 1 : 0), dimension(right, transposeB ? 0 : 1)];
    const product = call.graph.node('Gemm', [left, right], { shape }, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
    return input(call, 'a').shape.length === 2 ? product : reshaped(call.graph, product, [1, ...shape]);
  }
  const a = transposeA ? lastTwoSwapped(call, input(call, 'a')) : input(call, 'a');
  const b = transposeB ? lastTwoSwapped(call, input(call, 'b')) : input(call, 'b');
  const leading = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...leading, dimension(a, a.shape.length - 2), dimension(b, b.shape.length - 1)];
  return call.graph.node('MatMul', [a, b], { shape });
}

/** Products by their tfjs names. */
export const productKernels: KernelGroup = { BatchMatMul: batchMatMul };
