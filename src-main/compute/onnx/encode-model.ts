/** @file Writes an {@link OnnxGraph} as an ONNX file (field numbers of onnx.proto3, ONNX 1.15). */
import { MessageWriter } from './protobuf.ts';
import type { OnnxAttribute, OnnxConstant, OnnxGraph, OnnxNode, OnnxType, OnnxValue } from './graph.ts';

/** Operator set 20 (ONNX 1.15, IR version 9): reductions take their axes as inputs, `Gelu` exists; runtimes since the end of 2023 read it. */
export const operatorSet = 20;
const irVersion = 9;

const elementType: Record<OnnxType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };
const attributeType = { float: 1, integer: 2, string: 3, integers: 7 } as const;

/**
 * The bytes of an ONNX file.
 * @param metadata texts for the file's `metadata_props`, for example the sample rate that an encoder wants
 */
export function encodeModel(graph: OnnxGraph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const model = new MessageWriter().integer(1, irVersion).string(2, 'earmark');
  model.message(7, encodeGraph(graph));
  model.message(8, new MessageWriter().string(1, '').integer(2, operatorSet));
  for (const [key, value] of Object.entries(metadata)) model.message(14, new MessageWriter().string(1, key).string(2, value));
  return model.finish();
}

function encodeGraph(graph: OnnxGraph): MessageWriter {
  const message = new MessageWriter();
  graph.nodes.forEach((node, index) => message.message(1, encodeNode(node, index)));
  message.string(2, graph.name);
  for (const constant of graph.constants) message.message(5, encodeConstant(constant));
  for (const input of graph.inputs) message.message(11, encodeValue(input));
  for (const output of graph.outputs) message.message(12, encodeValue(output));
  return message;
}

/** A node as a message; `index` makes its name. */
export function encodeNode(node: OnnxNode, index: number): MessageWriter {
  const message = new MessageWriter();
  for (const input of node.inputs) message.string(1, input);
  for (const output of node.outputs) message.string(2, output);
  message.string(3, `${node.op}_${index}`).string(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) message.message(5, encodeAttribute(name, attribute));
  return message;
}

function encodeAttribute(name: string, attribute: OnnxAttribute): MessageWriter {
  const message = new MessageWriter().string(1, name);
  if (typeof attribute === 'number') return message.integer(3, attribute).integer(20, attributeType.integer);
  if (typeof attribute === 'string') return message.string(4, attribute).integer(20, attributeType.string);
  if ('float' in attribute) return message.float(2, attribute.float).integer(20, attributeType.float);
  for (const value of attribute) message.integer(8, value);
  return message.integer(20, attributeType.integers);
}

function encodeConstant(constant: OnnxConstant): MessageWriter {
  const message = new MessageWriter();
  for (const dimension of constant.shape) message.integer(1, dimension);
  const { buffer, byteOffset, byteLength } = constant.data;
  return message
    .integer(2, elementType[constant.type])
    .string(8, constant.name)
    .bytes(9, new Uint8Array(buffer, byteOffset, byteLength));
}

function encodeValue(value: OnnxValue): MessageWriter {
  const shape = new MessageWriter();
  for (const dimension of value.shape) {
    const inner = new MessageWriter();
    shape.message(1, typeof dimension === 'number' ? inner.integer(1, dimension) : inner.string(2, dimension));
  }
  const tensor = new MessageWriter().integer(1, elementType[value.type]).message(2, shape);
  return new MessageWriter().string(1, value.name).message(2, new MessageWriter().message(1, tensor));
}
