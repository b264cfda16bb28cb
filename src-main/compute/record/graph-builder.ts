/** @file Collects the nodes and constants of a graph while a function is recorded, and drops what no output needs. */
import { defined } from '../../base/index.ts';
import type { OnnxAttribute, OnnxConstant, OnnxData, OnnxGraph, OnnxType, OnnxValue } from '../onnx/graph.ts';
import type { Operand, RecordedNode } from './operand.ts';

/** From this many equal elements on, a constant is stored as one. */
const spreadLimit = 1024;

type Output = { shape: readonly number[]; type?: OnnxType };

/** Names are numbered in the order of recording, so that recording the same function twice gives the same names. */
export class GraphBuilder {
  readonly #nodes: RecordedNode[] = [];
  readonly #constants = new Map<string, Operand & { constant: OnnxData }>();
  readonly #constantNames = new Map<OnnxData, { name: string; shape: string }[]>();
  #counter = 0;

  /** Forgets everything. */
  restart(): void {
    this.#nodes.length = 0;
    this.#constants.clear();
    this.#constantNames.clear();
    this.#counter = 0;
  }

  /**
   * Appends a node with one output.
   * @param inputs an absent optional input is `undefined`
   * @param output the output's shape; its type is the first input's unless given
   */
  node(op: string, inputs: readonly (Operand | undefined)[], output: Output, attributes: Record<string, OnnxAttribute> = {}): Operand {
    return defined(this.nodeWithOutputs(op, inputs, [output], attributes)[0], 'an output');
  }

  /** Appends a node with several outputs. */
  nodeWithOutputs(
    op: string,
    inputs: readonly (Operand | undefined)[],
    outputs: readonly Output[],
    attributes: Record<string, OnnxAttribute> = {},
  ): Operand[] {
    const operands = inputs.filter((input) => input !== undefined);
    const names = outputs.map(() => `t${this.#counter++}`);
    const node: RecordedNode = {
      op,
      inputs: inputs.map((input) => (input === undefined ? '' : this.#nameOf(input))),
      outputs: names,
      attributes,
      operands,
    };
    this.#nodes.push(node);
    const type = operands[0]?.type ?? 'float32';
    return outputs.map((output, index) => ({
      shape: output.shape,
      type: output.type ?? type,
      name: defined(names[index], 'a name'),
      producer: node,
    }));
  }

  /** A one-dimensional constant of shapes or axes. */
  integers(values: readonly number[]): Operand {
    return { shape: [values.length], type: 'int64', constant: BigInt64Array.from(values, BigInt) };
  }

  /** A constant without dimensions. */
  scalar(value: number, type: OnnxType = 'float32'): Operand {
    if (type === 'float32') return { shape: [], type, constant: Float32Array.of(value) };
    if (type === 'int64') return { shape: [], type, constant: BigInt64Array.of(BigInt(value)) };
    return { shape: [], type, constant: type === 'int32' ? Int32Array.of(value) : Uint8Array.of(value) };
  }

  /**
   * The finished graph: nodes that lead to no output are left out.
   * @param order as recorded, or `late`: each node as late as its readers allow (see {@link byDepth})
   */
  finish(
    name: string,
    inputs: readonly OnnxValue[],
    outputs: readonly { name: string; operand: Operand }[],
    order: 'recorded' | 'late' = 'recorded',
  ): OnnxGraph {
    const renamed = new Map<string, string>();
    for (const { name: output, operand } of outputs) {
      const source = this.#nameOf(operand);
      // What a node makes for one output goes by that output's name; anything else is copied.
      if (operand.producer !== undefined && !renamed.has(source)) renamed.set(source, output);
      else this.#nodes.push({ op: 'Identity', inputs: [source], outputs: [output], attributes: {}, operands: [operand] });
    }
    const finalName = (own: string): string => renamed.get(own) ?? own;
    const needed = new Set(outputs.map((output) => output.name));
    const all = this.#nodes.map((node) => ({ ...node, inputs: node.inputs.map(finalName), outputs: node.outputs.map(finalName) }));
    const nodes = all.toReversed().filter((node) => {
      const isNeeded = node.outputs.some((output) => needed.has(output));
      if (isNeeded) for (const input of node.inputs) needed.add(input);
      return isNeeded;
    });
    const constants: OnnxConstant[] = [...this.#constants]
      .filter(([constantName]) => needed.has(constantName))
      .map(([constantName, { shape, type, constant }]) => ({ name: constantName, shape, type, data: constant }));
    const inOrder = order === 'late' ? byDepth(nodes.toReversed()) : nodes.toReversed();
    return {
      name,
      nodes: inOrder.map(({ op, inputs: from, outputs: to, attributes }) => ({ op, inputs: from, outputs: to, attributes })),
      constants,
      inputs: [...inputs],
      outputs: outputs.map(({ name: output, operand }) => ({ name: output, type: operand.type, shape: operand.shape })),
    };
  }

  #nameOf(operand: Operand): string {
    if (operand.name !== undefined) return operand.name;
    const constant = defined(operand.constant, 'the value of an operand without a name');
    const sharing = this.#constantNames.get(constant)?.find(({ shape }) => shape === operand.shape.join());
    operand.name = sharing?.name ?? this.#spread(operand, constant) ?? this.#store(operand, constant);
    return operand.name;
  }

  /** A large constant of one value, as gradients begin with, becomes a scalar that is spread when the graph runs. */
  #spread({ shape, type }: Operand, constant: OnnxData): string | undefined {
    const [first] = constant;
    if (constant.length < spreadLimit || constant.some((value) => value !== first)) return undefined;
    return this.node('Expand', [this.scalar(Number(first), type), this.integers(shape)], { shape, type }).name;
  }

  #store(operand: Operand, constant: OnnxData): string {
    const name = `c${this.#counter++}`;
    this.#constants.set(name, { ...operand, constant });
    const known = this.#constantNames.get(constant) ?? [];
    this.#constantNames.set(constant, [...known, { name, shape: operand.shape.join() }]);
    return name;
  }
}

/**
 * Nodes by the length of the longest way to them. ONNX Runtime walks a graph backwards from its outputs and visits the later of a node's inputs first;
 * in this order it goes down the longest way first, and computes what needs little just before it is read. That is what lets a training step compute
 * cheap things twice instead of holding them (observed with ONNX Runtime 1.30, whose order is a reverse depth-first search by node index).
 */
function byDepth(nodes: readonly RecordedNode[]): RecordedNode[] {
  const depths = new Map<string, number>();
  const ranked = nodes.map((node) => {
    const depth = node.inputs.reduce((most, input) => Math.max(most, depths.get(input) ?? 0), 0) + 1;
    for (const output of node.outputs) depths.set(output, depth);
    return { node, depth };
  });
  return ranked.sort((a, b) => a.depth - b.depth).map(({ node }) => node);
}
