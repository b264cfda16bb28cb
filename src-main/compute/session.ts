/** @file Runs a graph on ONNX Runtime. The library is loaded when the first session opens, so that a process that opens none does not pay for it. */
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { AppError } from '../base/index.ts';
import type { OnnxDeviceId } from './devices/device.ts';
import { encodeModel } from './onnx/encode-model.ts';
import type { OnnxGraph } from './onnx/graph.ts';

/** Numbers that go into or come out of a session, row-major. */
export type SessionArray = { shape: readonly number[]; data: Float32Array | Int32Array };

/** A graph on a device. */
export type Session = {
  /** Runs the graph once, for some of its outputs or all; runs of one session follow each other. @throws AppError `DEVICE_FAILED` */
  run(feeds: Readonly<Record<string, SessionArray>>, outputs?: readonly string[]): Promise<Record<string, SessionArray>>;
  /** Frees the device's memory. */
  close(): Promise<void>;
};

/** What to open and where. */
export type SessionOptions = {
  graph: OnnxGraph;
  device: OnnxDeviceId;
  /** Threads that compute on the CPU; 0 lets ONNX Runtime take one for each core. */
  threads?: number;
};

/** ONNX Runtime's names of the devices. */
export const providers: Record<OnnxDeviceId, string> = { cpu: 'cpu', webgpu: 'webgpu', cuda: 'cuda', directml: 'dml', coreml: 'coreml' };

/**
 * Opens a graph on a device; nothing else is tried when that fails.
 * @throws AppError `DEVICE_FAILED` when the device or the graph cannot be opened
 */
export function openSession({ graph, ...rest }: SessionOptions): Promise<Session> {
  return openModel({ name: graph.name, bytes: encodeModel(graph), ...rest });
}

/** An ONNX file that is no graph of Earmark's; `name`: what to call it. */
export type ModelOptions = Omit<SessionOptions, 'graph'> & { name: string; bytes: Uint8Array };

/** An output of a model as ONNX Runtime infers it without running it: its element type, null for what is no tensor; how many axes it has, 0 where that is open. */
export type InferredOutput = { name: string; type: string | null; axes: number };

/** Infers what the outputs of an ONNX file are. @throws AppError `DEVICE_FAILED` */
export async function inferOutputs(options: ModelOptions): Promise<InferredOutput[]> {
  const session = await createSession(options);
  try {
    return session.outputMetadata.map((value) => ({
      name: value.name,
      type: value.isTensor ? value.type : null,
      axes: value.isTensor ? value.shape.length : 0,
    }));
  } finally {
    await session.release();
  }
}

/** Opens an ONNX file on a device. @throws AppError `DEVICE_FAILED` */
export async function openModel(options: ModelOptions): Promise<Session> {
  const { name, device } = options;
  const [{ Tensor }, session] = [await import('onnxruntime-node'), await createSession(options)];
  return {
    run: async (feeds, outputs) => {
      const tensors = Object.entries(feeds).map(([name, { shape, data }]) => [name, toOnnx(Tensor, data, shape)] as const);
      try {
        const given = Object.fromEntries(tensors);
        return readAll(await (outputs === undefined ? session.run(given) : session.run(given, outputs)));
      } catch (cause) {
        throw deviceFailed(`run ${name} on ${device}`, cause);
      }
    },
    close: () => session.release(),
  };
}

async function createSession({ name, bytes, device, threads = 0 }: ModelOptions): Promise<InferenceSession> {
  const { InferenceSession: Sessions } = await import('onnxruntime-node');
  const options: InferenceSession.SessionOptions = {
    executionProviders: [providers[device]],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  };
  try {
    return await Sessions.create(bytes, options);
  } catch (cause) {
    throw deviceFailed(`open ${name} on ${device}`, cause);
  }
}

function toOnnx(Tensor: typeof OnnxTensor, data: Float32Array | Int32Array, shape: readonly number[]): OnnxTensor {
  return data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int32', data, shape);
}

function readAll(results: InferenceSession.OnnxValueMapType): Record<string, SessionArray> {
  const arrays = Object.entries(results).map(([name, value]) => {
    const { data, dims } = value;
    const numbers = data instanceof Float32Array || data instanceof Int32Array ? data : Int32Array.from(data as ArrayLike<number>);
    return [name, { shape: dims, data: numbers }] as const;
  });
  return Object.fromEntries(arrays);
}

const outOfMemory = /bad_alloc|failed to allocate memory|out of memory|not enough memory|OOM/i;

/** The error of a device that failed, in words. */
export function deviceFailed(doing: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (outOfMemory.test(why)) {
    const advice = 'Compute the batch in smaller chunks, make it smaller, or free memory and try again.';
    return new AppError('OUT_OF_MEMORY', `Could not ${doing}: there is not enough memory. ${advice}`, { cause });
  }
  return new AppError('DEVICE_FAILED', `Could not ${doing}: ${why.trim()}. Choose another device, or free memory and try again.`, {
    cause,
  });
}
