/**
 * @file A tfjs backend that computes nothing: its kernels append ONNX nodes. Recording a function once gives the graph that ONNX Runtime runs on
 * every device.
 *
 * What depends on constants alone is computed at once by tfjs's own `cpu` kernels, so that, say, the transposition of a kernel's weights never
 * reaches the graph.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { AppError, assert, defined } from '../../base/index.ts';
import type { OnnxData } from '../onnx/graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { recordedKernels } from './kernels/index.ts';
import type { KernelCall } from './kernels/kernel.ts';
import { onnxType, sizeOf, tensorType } from './operand.ts';
import type { Operand } from './operand.ts';

/** The backend's name in tfjs. */
export const recordingBackendName = 'earmark-record';

type DataId = tf.DataId;
type Held = { operand: Operand; references: number };

/** Constants larger than this are not made from smaller ones while recording: a filled tensor stays a node. In elements. */
const foldLimit = 4_000_000;

/** Holds an operand for every tensor; knows the graph that is being recorded. */
export class RecordingBackend extends tf.KernelBackend {
  builder = new GraphBuilder();
  readonly #held = new Map<DataId, Held>();

  /** The operand behind a tensor. */
  operand({ dataId, shape }: tf.TensorInfo): Operand {
    const { operand } = defined(this.#held.get(dataId), 'the operand of a tensor');
    assert(operand.shape.join() === shape.join(), 'a tensor has the shape of its operand');
    return operand;
  }

  /** A new tensor's data. */
  hold(operand: Operand): DataId {
    const dataId: DataId = {};
    this.#held.set(dataId, { operand, references: 1 });
    return dataId;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): DataId {
    return this.hold({ shape, type: onnxType(dtype), constant: onnxData(values, dtype) });
  }

  override move(dataId: DataId, values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType, references: number): void {
    this.#held.set(dataId, { operand: { shape, type: onnxType(dtype), constant: onnxData(values, dtype) }, references });
  }

  override readSync(dataId: DataId): tf.backend_util.BackendValues {
    const data = this.#held.get(dataId)?.operand.constant;
    if (data !== undefined) return tensorValues(data);
    throw new AppError('INTERNAL', 'A recorded function reads a value that is known only when the graph runs; it may not depend on one.');
  }

  override read(dataId: DataId): Promise<tf.backend_util.BackendValues> {
    return Promise.resolve().then(() => this.readSync(dataId));
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const held = this.#held.get(dataId);
    if (held === undefined) return true;
    held.references -= 1;
    if (!force && held.references > 0) return false;
    this.#held.delete(dataId);
    return true;
  }

  override incRef(dataId: DataId): void {
    const held = this.#held.get(dataId);
    if (held !== undefined) held.references += 1;
  }

  override refCount(dataId: DataId): number {
    return this.#held.get(dataId)?.references ?? 0;
  }

  override numDataIds(): number {
    return this.#held.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override timerAvailable(): boolean {
    return false;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.#held.clear();
  }
}

function onnxData(values: tf.backend_util.BackendValues, dtype: tf.DataType): OnnxData {
  if (dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values as ArrayLike<number>);
  if (dtype === 'bool') return Uint8Array.from(values as ArrayLike<number>);
  return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
}

function tensorValues(data: OnnxData): tf.backend_util.BackendValues {
  return data instanceof BigInt64Array ? Int32Array.from(data, Number) : data;
}

/** Computes a kernel on tfjs's `cpu` backend; `undefined` when it has no such kernel. */
function computeNow(name: string, backend: RecordingBackend, call: KernelCall): tf.TensorInfo | tf.TensorInfo[] | undefined {
  const kernel = tf.getKernel(name, 'cpu');
  const cpu = tf.findBackend('cpu') as tf.KernelBackend | null;
  if (kernel === undefined || cpu === null) return undefined;
  const toTensor = ({ shape, type, constant }: Operand): tf.TensorInfo => {
    const dtype = tensorType(type);
    return { dataId: cpu.write(tensorValues(defined(constant, 'a constant')), [...shape], dtype), shape: [...shape], dtype };
  };
  const inputs = Object.entries(call.inputs).map(([key, value]) => [key, toTensor(value)] as const);
  // Kernels that take any number of inputs take a list, whose places are the names.
  const isList = inputs.every(([key], place) => key === String(place));
  const result = kernel.kernelFunc({
    inputs: isList ? (inputs.map(([, tensor]) => tensor) as unknown as tf.NamedTensorInfoMap) : Object.fromEntries(inputs),
    backend: cpu,
    ...(call.attributes === undefined ? {} : { attrs: call.attributes as tf.NamedAttrMap }),
  });
  const outputs = eachOf(result, ({ dataId, shape, dtype }) => {
    const values = cpu.readSync(dataId) as tf.backend_util.TypedArray;
    return { dataId: backend.write(values.slice(), shape, dtype), shape, dtype };
  });
  for (const { dataId } of [...inputs.map(([, tensor]) => tensor), ...(Array.isArray(result) ? result : [result])])
    cpu.disposeData(dataId, true);
  return outputs;
}

function runKernel(
  name: string,
  backend: RecordingBackend,
  given: tf.NamedTensorInfoMap,
  attributes: unknown,
): tf.TensorInfo | tf.TensorInfo[] {
  const inputs = Object.fromEntries(
    Object.entries(given)
      .filter((entry): entry is [string, tf.TensorInfo] => entry[1] !== undefined && entry[1] !== null)
      .map(([key, info]) => [key, backend.operand(info)]),
  );
  const call: KernelCall = { inputs, attributes, graph: backend.builder };
  const operands = Object.values(inputs);
  const isConstant = operands.length > 0 && operands.every(({ constant, shape }) => constant !== undefined && sizeOf(shape) <= foldLimit);
  const computed = isConstant && !name.endsWith('Like') ? computeNow(name, backend, call) : undefined;
  if (computed !== undefined) return computed;
  const results = defined(recordedKernels[name], `the recorded kernel ${name}`)(call);
  return eachOf(results, (operand) => ({ dataId: backend.hold(operand), shape: [...operand.shape], dtype: tensorType(operand.type) }));
}

/** A kernel's one output, or each of its outputs; tfjs tells them apart by whether it is an array. */
function eachOf<A, B>(outputs: A | A[], change: (output: A) => B): B | B[] {
  return Array.isArray(outputs) ? outputs.map(change) : change(outputs);
}

/** Makes the backend known to tfjs; does nothing the second time. Production mode keeps tfjs from advising its users on the console. */
export function registerRecordingBackend(): void {
  if (tf.findBackendFactory(recordingBackendName) !== undefined && tf.findBackendFactory(recordingBackendName) !== null) return;
  tf.enableProdMode();
  tf.registerBackend(recordingBackendName, () => new RecordingBackend(), 0);
  for (const kernelName of Object.keys(recordedKernels)) {
    tf.registerKernel({
      kernelName,
      backendName: recordingBackendName,
      kernelFunc: ({ inputs, backend, attrs }) => runKernel(kernelName, backend as RecordingBackend, inputs, attrs),
    });
  }
}
