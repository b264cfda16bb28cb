/**
 * @file ONNX files of others (field numbers of onnx.proto3): what goes in, what comes out, and what must not be loaded. Operators from elsewhere would have
 * to be fetched as code, and data outside a file's folder are other people's files: both are refused before ONNX Runtime sees the file.
 */
import { AppError } from '../../base/index.ts';
import type { Budget } from '../tensors/budget.ts';
import { Malformed } from '../tensors/unreadable.ts';
import { MessageWriter } from './protobuf.ts';
import { fieldsOf, integers, parts, texts } from './protobuf-reader.ts';

/** A value of a graph: its element type by ONNX's number, and its shape; a text names an open size, null one that is not told. */
export type ForeignValue = { name: string; type: number; shape: (number | string | null)[] | null };

/** What an ONNX file says of itself. `values`: every value that a node of the graph makes. */
export type ForeignModel = {
  inputs: ForeignValue[];
  outputs: ForeignValue[];
  values: string[];
  metadata: ReadonlyMap<string, string>;
  bytes: Uint8Array;
};

const floatType = 1;
/** Domains whose operators ONNX Runtime has itself. */
const knownDomains = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);
/** Loads a compiled model from a path of its own. */
const refusedOperators = new Set(['EPContext']);
const deepestGraph = 16;

type Scan = { path: string; budget: Budget; functions: ReadonlySet<string> };

/** True for numbers of 32 bits. */
export function isFloat({ type }: ForeignValue): boolean {
  return type === floatType;
}

/**
 * Looks through a file, within its budget. Its data must lie in it ({@link inlineData}).
 * @throws Malformed; AppError WEIGHTS_UNSAFE for operators that are no part of ONNX
 */
export function readForeignModel(bytes: Uint8Array, path: string, budget: Budget): ForeignModel {
  // A repeated graph is one graph in pieces, as the format has it.
  const graph = Buffer.concat(parts(bytes, 7));
  if (graph.byteLength === 0) throw new Malformed('it is no ONNX file: it holds no graph');
  const functions = parts(bytes, 25);
  const scan: Scan = {
    path,
    budget,
    functions: new Set(functions.flatMap((one) => texts(one, 1).flatMap((name) => texts(one, 10).map((domain) => `${domain} ${name}`)))),
  };
  checkGraph(graph, scan, 0);
  for (const one of functions) for (const node of parts(one, 7)) checkNode(node, scan, 0);
  const initial = new Set(parts(graph, 5).flatMap((tensor) => texts(tensor, 8)));
  const entries = parts(bytes, 14).map((entry): [string, string] => [texts(entry, 1)[0] ?? '', texts(entry, 2)[0] ?? '']);
  return {
    inputs: parts(graph, 11)
      .map(valueOf)
      .filter(({ name }) => !initial.has(name)),
    outputs: parts(graph, 12).map(valueOf),
    values: [...new Set(parts(graph, 1).flatMap((node) => texts(node, 2)))].filter((name) => name !== ''),
    metadata: new Map(entries),
    bytes,
  };
}

/** The file with more outputs: any value that a node makes can be one. */
export function withOutputs({ bytes, outputs }: Pick<ForeignModel, 'bytes' | 'outputs'>, names: readonly string[]): Uint8Array {
  const known = new Set(outputs.map(({ name }) => name));
  const more = new MessageWriter();
  for (const name of new Set(names)) if (!known.has(name)) more.message(12, new MessageWriter().string(1, name));
  return more.byteLength === 0 ? bytes : withGraph(bytes, more);
}

/** The file with more of its graph, whose pieces the format puts together. */
export function withGraph(bytes: Uint8Array, more: MessageWriter): Uint8Array {
  return Buffer.concat([bytes, new MessageWriter().message(7, more).finish()]);
}

/** Tag and length of a field of bytes. */
export function varintField(field: number, length: number): Uint8Array {
  const bytes: number[] = [];
  for (const value of [field * 8 + 2, length])
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      bytes.push(rest >= 128 ? (rest % 128) + 128 : rest);
      if (rest < 128) break;
    }
  return Uint8Array.from(bytes);
}

function checkGraph(graph: Uint8Array, scan: Scan, depth: number): void {
  if (depth > deepestGraph) throw new Malformed(`its graphs lie more than ${deepestGraph} deep in each other`);
  for (const node of parts(graph, 1)) checkNode(node, scan, depth);
  for (const tensor of parts(graph, 5)) refuseOutside(tensor);
  for (const sparse of parts(graph, 15)) for (const field of [1, 2]) for (const tensor of parts(sparse, field)) refuseOutside(tensor);
}

function checkNode(node: Uint8Array, scan: Scan, depth: number): void {
  scan.budget.takeValues(1);
  const operators = texts(node, 4);
  for (const domain of [...texts(node, 7), ...(texts(node, 7).length === 0 ? [''] : [])])
    for (const operator of operators)
      if ((!knownDomains.has(domain) || refusedOperators.has(operator)) && !scan.functions.has(`${domain} ${operator}`))
        throw custom(scan.path, domain, operator);
  for (const attribute of parts(node, 5)) {
    for (const field of [6, 11]) for (const inner of parts(attribute, field)) checkGraph(inner, scan, depth + 1);
    for (const field of [5, 10]) for (const tensor of parts(attribute, field)) refuseOutside(tensor);
    for (const field of [22, 23])
      for (const sparse of parts(attribute, field))
        for (const part of [1, 2]) for (const tensor of parts(sparse, part)) refuseOutside(tensor);
  }
}

/** Data outside the file were taken in before; what is still outside lies where no exporter puts it. */
function refuseOutside(tensor: Uint8Array): void {
  if (isOutside(tensor)) throw new Malformed('it keeps the data of a branch in another file; save it as one file');
}

/** Whether a tensor's numbers lie in another file. */
export function isOutside(tensor: Uint8Array): boolean {
  return integers(tensor, 14).some((location) => location !== 0) || parts(tensor, 13).length > 0;
}

function custom(path: string, domain: string, operator: string): AppError {
  const says = `${path} needs the operator ${operator}${domain === '' ? '' : ` of ${domain}`}, which is no part of ONNX, so that code from elsewhere would have to be loaded.`;
  return new AppError('WEIGHTS_UNSAFE', `${says} Nothing was run. Export the model with ONNX’s own operators alone.`, {
    details: { path, domain, operator },
  });
}

function valueOf(message: Uint8Array): ForeignValue {
  const [tensor] = parts(message, 2).flatMap((type) => parts(type, 1));
  const [shape] = tensor === undefined ? [] : parts(tensor, 2);
  return {
    name: texts(message, 1)[0] ?? '',
    type: tensor === undefined ? 0 : (integers(tensor, 1)[0] ?? 0),
    shape: shape === undefined ? null : parts(shape, 1).map(sizeOf),
  };
}

function sizeOf(dimension: Uint8Array): number | string | null {
  for (const { field, integer, bytes } of fieldsOf(dimension)) {
    if (field === 1) return integer > 0 && integer < 2 ** 31 ? integer : null;
    if (field === 2 && bytes !== null) return new TextDecoder().decode(bytes);
  }
  return null;
}
