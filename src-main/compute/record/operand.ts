/** @file A tensor while a function is recorded: its shape and type, and where its value will come from. */
import type { DataType } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../base/index.ts';
import type { OnnxData, OnnxNode, OnnxType } from '../onnx/graph.ts';

/** A node that was recorded, with its inputs' operands, so that a later kernel can look back through them. */
export type RecordedNode = OnnxNode & { operands: readonly Operand[] };

/** Either a constant with data, or the output of a node or of the graph's inputs. */
export type Operand = {
  readonly shape: readonly number[];
  readonly type: OnnxType;
  /** The values, if they are known while recording. */
  readonly constant?: OnnxData;
  /** Its name in the graph; a constant gets one when a node first reads it. */
  name?: string;
  readonly producer?: RecordedNode;
};

/** The ONNX type of a tfjs type. @throws AppError for types that no recorded function may use */
export function onnxType(dtype: DataType): OnnxType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new AppError('INTERNAL', `A recorded function made a tensor of type ${dtype}; it may use float32, int32 and bool.`);
}

/** The tfjs type of an ONNX type. */
export function tensorType(type: OnnxType): DataType {
  return type === 'int64' ? 'int32' : type;
}

/** The number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The shape that two shapes broadcast to. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    return left === 1 ? right : left;
  });
}

/** The axes as non-negative numbers in ascending order; tfjs gives nothing when all are meant. */
export function normalAxes(axis: number | readonly number[] | null | undefined, rank: number): number[] {
  const axes = typeof axis === 'number' ? [axis] : [...(axis ?? Array.from({ length: rank }, (_, index) => index))];
  return axes.map((value) => (value < 0 ? value + rank : value)).sort((a, b) => a - b);
}

/** The size of one dimension. */
export function dimension(operand: Operand, axis: number): number {
  return defined(operand.shape[axis], `dimension ${axis} of a tensor of rank ${operand.shape.length}`);
}
