/** @file Matrix products. */
import type { BatchMatMulAttrs } from '@tensorflow/tfjs-core';
import { broadcastShape, dimension, sizeOf } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { input, reshaped, transposed } from './kernel.ts';
import type { KernelCall, KernelGroup } from './kernel.ts';

/** Matrices of up to so many elements are turned by a product with a permutation: what moves single numbers takes twenty times as long (ONNX Runtime 1.30). */
const mostPermuted = 64;

function lastTwoSwapped(call: KernelCall, x: Operand): Operand {
  const rank = x.shape.length;
  const [rows, columns] = [dimension(x, rank - 2), dimension(x, rank - 1)];
  const size = rows * columns;
  if (rank > 2 && size <= mostPermuted && sizeOf(x.shape) > size * size) {
    const matrix: Operand = { shape: [size, size], type: 'float32', constant: permutationOf(rows, columns) };
    const flat = reshaped(call.graph, x, [sizeOf(x.shape) / size, size]);
    const turned = call.graph.node('MatMul', [flat, matrix], { shape: flat.shape });
    return reshaped(call.graph, turned, [...x.shape.slice(0, -2), columns, rows]);
  }
  const order = x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return transposed(call.graph, x, order);
}

const permutations = new Map<string, Float32Array>();

/** What turns the rows of a small matrix into its columns, `[rows · columns, rows · columns]`; the same array each time, which a graph holds once. */
function permutationOf(rows: number, columns: number): Float32Array {
  const known = permutations.get(`${rows} ${columns}`);
  if (known !== undefined) return known;
  const size = rows * columns;
  const made = new Float32Array(size * size);
  for (let at = 0; at < size; at++) made[at * size + (at % columns) * rows + Math.floor(at / columns)] = 1;
  permutations.set(`${rows} ${columns}`, made);
  return made;
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
