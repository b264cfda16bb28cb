/**
 * @file Runs a function once on the recording backend and gives its graph. A dimension may be left open by naming it: the function is then recorded
 * at two sizes, and what differs between the two graphs is what depends on that dimension.
 */
import * as tf from '@tensorflow/tfjs-core';
import { AppError, assert, defined } from '../../base/index.ts';
import type { OnnxConstant, OnnxGraph, OnnxValue } from '../onnx/graph.ts';
import { RecordingBackend, recordingBackendName, registerRecordingBackend } from './backend.ts';
import { tensorType } from './operand.ts';

/** A function to record: its inputs, and what it makes of them. `run` may use any recorded kernel and no value of its inputs. */
export type Recording = {
  name: string;
  /** A text in a shape leaves that dimension open; all of one name are equal when the graph runs. */
  inputs: readonly OnnxValue[];
  run: (inputs: Readonly<Record<string, tf.Tensor>>) => Readonly<Record<string, tf.Tensor>>;
  /** `late`: nodes stand so that the runtime holds as little as possible at a time. */
  order?: 'recorded' | 'late';
};

/** Sizes at which open dimensions are recorded: primes that no ordinary size is, so that one cannot be taken for another. */
const trialSizes = [7, 11] as const;

/** The graph of a function. @throws AppError `INTERNAL` when an open dimension takes part in something that cannot stay open */
export function record(recording: Recording): OnnxGraph {
  const hasOpen = recording.inputs.some(({ shape }) => shape.some((size) => typeof size === 'string'));
  if (!hasOpen) return recordAt(recording, 0);
  return unify(recording, recordAt(recording, trialSizes[0]), recordAt(recording, trialSizes[1]));
}

function recordAt(recording: Recording, size: number): OnnxGraph {
  registerRecordingBackend();
  const previous = activeBackend();
  switchBackend(recordingBackendName);
  const backend = tf.backend();
  assert(backend instanceof RecordingBackend, 'the recording backend is active');
  try {
    backend.builder.restart();
    let graph: OnnxGraph | undefined;
    tf.tidy(() => {
      const inputs = recording.inputs.map(({ name, type, shape }) => {
        const fixed = shape.map((dimension) => (typeof dimension === 'string' ? size : dimension));
        const dataId = backend.hold({ shape: fixed, type, name });
        return [name, tf.engine().makeTensorFromDataId(dataId, fixed, tensorType(type), backend)] as const;
      });
      const outputs = Object.entries(recording.run(Object.fromEntries(inputs)));
      const operands = outputs.map(([name, tensor]) => ({ name, operand: { ...backend.operand(tensor), shape: tensor.shape } }));
      graph = backend.builder.finish(recording.name, recording.inputs, operands, recording.order);
    });
    return defined(graph, 'the recorded graph');
  } finally {
    backend.builder.restart();
    switchBackend(previous);
  }
}

/** The backend to return to; a process that has not chosen one yet returns to `cpu`. */
function activeBackend(): string {
  const name: string | undefined = tf.getBackend();
  return name === undefined || name === '' ? 'cpu' : name;
}

/** tfjs switches at once to a backend that starts without waiting; the promise it returns has nothing to wait for. */
function switchBackend(name: string): void {
  void tf.setBackend(name);
  assert(tf.getBackend() === name, `the tfjs backend is ${name}`);
}

function unify(recording: Recording, small: OnnxGraph, large: OnnxGraph): OnnxGraph {
  const shapeOf = (graph: OnnxGraph): string => JSON.stringify(graph.nodes);
  if (shapeOf(small) !== shapeOf(large)) throw cannotStayOpen(recording.name, 'its operations differ with the size');
  const targets = new Set(small.nodes.filter(({ op }) => op === 'Reshape').map(({ inputs }) => inputs[1]));
  const constants = small.constants.map((constant, index) => {
    const other = defined(large.constants[index], 'the same constant at the larger size');
    if (isSame(constant, other)) return constant;
    if (!targets.has(constant.name))
      throw cannotStayOpen(recording.name, `a constant of shape [${constant.shape.join(', ')}] differs with the size`);
    return openTarget(recording.name, constant, other);
  });
  const name = openName(recording);
  const outputs = small.outputs.map((output, index) => {
    const other = defined(large.outputs[index], 'the same output at the larger size');
    return { ...output, shape: output.shape.map((size, axis) => (size === other.shape[axis] ? size : name)) };
  });
  return { ...small, constants, outputs };
}

function isSame(a: OnnxConstant, b: OnnxConstant): boolean {
  return a.shape.join() === b.shape.join() && a.data.length === b.data.length && a.data.every((value, index) => value === b.data[index]);
}

/** A `Reshape`'s target in which exactly one size differs: that one is left to ONNX. */
function openTarget(name: string, small: OnnxConstant, large: OnnxConstant): OnnxConstant {
  const sizes = [...small.data].map((value, index) => (value === large.data[index] ? BigInt(value) : -1n));
  const open = sizes.filter((size) => size === -1n).length;
  if (open !== 1 || sizes.length !== large.data.length) throw cannotStayOpen(name, `a shape depends on it in ${open} places`);
  return { ...small, data: BigInt64Array.from(sizes) };
}

function openName({ inputs }: Recording): string {
  const names = new Set(inputs.flatMap(({ shape }) => shape.filter((size) => typeof size === 'string')));
  assert(names.size === 1, 'a recording leaves at most one dimension open');
  return defined([...names][0], 'the name of the open dimension');
}

function cannotStayOpen(name: string, why: string): AppError {
  return new AppError('INTERNAL', `Recording ${name} with an open dimension failed: ${why}. Record it at a fixed size instead.`);
}
