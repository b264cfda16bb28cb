/** @file An ONNX graph as plain data: what the recorder makes, what {@link encodeModel} writes. */

/** Element types that Earmark's graphs use, by their ONNX names. */
export type OnnxType = 'float32' | 'int32' | 'int64' | 'bool';

/** Arrays that hold a constant's elements; booleans are bytes of 0 and 1. */
export type OnnxData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A tensor stored in the file. */
export type OnnxConstant = { name: string; type: OnnxType; shape: readonly number[]; data: OnnxData };

/** A node's setting: integers, lists of integers and texts as such, a single float marked as one. */
export type OnnxAttribute = number | string | readonly number[] | { float: number };

/** One operation; an absent optional input is an empty name. */
export type OnnxNode = {
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
};

/** An input or output of the graph; a text in the shape names a dimension that is known only when the graph runs. */
export type OnnxValue = { name: string; type: OnnxType; shape: readonly (number | string)[] };

/** A graph in execution order. */
export type OnnxGraph = { name: string; nodes: OnnxNode[]; constants: OnnxConstant[]; inputs: OnnxValue[]; outputs: OnnxValue[] };
