/**
 * @file Sessions that share tensors which stay on the device: weights and an optimiser's state are fed from where the last run left them, and are read
 * back only when somebody asks.
 */
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { AppError, defined } from '../../base/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import type { OnnxDeviceId } from '../devices/device.ts';
import { encodeModel } from '../onnx/encode-model.ts';
import type { OnnxGraph } from '../onnx/graph.ts';
import { deviceFailed, providers } from '../session.ts';
import type { SessionArray } from '../session.ts';

/** An output whose name is this and an input's name replaces that resident tensor. */
export const nextPrefix = 'next:';

/** Tensors on a device, and the sessions that work on them. */
export class Residents {
  readonly #device: OnnxDeviceId;
  readonly #threads: number;
  readonly #tensors = new Map<string, OnnxTensor>();
  /** Those that a session made: nobody else has their memory. */
  readonly #made = new WeakSet<OnnxTensor>();
  readonly #sessions: InferenceSession[] = [];
  #runtime: typeof import('onnxruntime-node') | undefined;

  /** @param threads that compute on the CPU; 0: one a core */
  constructor(device: OnnxDeviceId, threads = 0) {
    this.#device = device;
    this.#threads = threads;
  }

  /** Puts numbers on the device under a name, in place of what was there. */
  async put(name: string, { shape, data }: WeightArray): Promise<void> {
    const { Tensor } = await this.#load();
    this.#replace(name, new Tensor('float32', data, shape));
  }

  /** Reads a resident tensor back. @throws AppError `DEVICE_FAILED` */
  async get(name: string): Promise<WeightArray> {
    const tensor = defined(this.#tensors.get(name), `the resident tensor ${name}`);
    try {
      return { shape: tensor.dims, data: ((await tensor.getData()) as Float32Array).slice() };
    } catch (cause) {
      throw deviceFailed(`read ${name} from ${this.#device}`, cause);
    }
  }

  /** Reads several. */
  async read(names: readonly string[]): Promise<Map<string, WeightArray>> {
    const all = new Map<string, WeightArray>();
    for (const name of names) all.set(name, await this.get(name));
    return all;
  }

  /** Frees a resident tensor. */
  drop(name: string): void {
    const tensor = this.#tensors.get(name);
    if (tensor !== undefined) this.#free(tensor);
    this.#tensors.delete(name);
  }

  /**
   * Opens a graph. Its inputs that are resident are fed from there; outputs named `next:…` become resident. The others go in and out with each run.
   * @throws AppError `DEVICE_FAILED`, `OUT_OF_MEMORY`
   */
  async open(graph: OnnxGraph): Promise<(feeds: Readonly<Record<string, SessionArray>>) => Promise<Record<string, SessionArray>>> {
    const { InferenceSession: Sessions, Tensor } = await this.#load();
    const options: InferenceSession.SessionOptions = {
      executionProviders: [providers[this.#device]],
      intraOpNumThreads: this.#threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // The graph says what is computed twice and in what order; optimisations would merge the two and hold the value in between.
      graphOptimizationLevel: 'disabled',
      enableMemPattern: false,
      logSeverityLevel: 3,
      // A node that came back to the processor would copy its tensors at every step; it is better known at once.
      ...(this.#device === 'cpu' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
      preferredOutputLocation: this.#device === 'webgpu' ? locations(graph) : 'cpu',
    };
    let session: InferenceSession;
    try {
      session = await Sessions.create(encodeModel(graph), options);
    } catch (cause) {
      throw deviceFailed(`open ${graph.name} on ${this.#device}`, cause);
    }
    this.#sessions.push(session);
    const [resident, given] = [graph.inputs.filter(({ name }) => this.#tensors.has(name)), new Set(graph.inputs.map(({ name }) => name))];
    return async (feeds) => {
      const all: Record<string, OnnxTensor> = {};
      for (const { name } of resident) all[name] = defined(this.#tensors.get(name), `the resident tensor ${name}`);
      for (const [name, { shape, data }] of Object.entries(feeds)) {
        if (!given.has(name)) throw new AppError('INTERNAL', `The graph ${graph.name} has no input ${name}.`);
        all[name] = data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int32', data, shape);
      }
      try {
        return await this.#take(await session.run(all));
      } catch (cause) {
        throw deviceFailed(`run ${graph.name} on ${this.#device}`, cause);
      }
    };
  }

  /** Frees everything. */
  async close(): Promise<void> {
    for (const name of [...this.#tensors.keys()]) this.drop(name);
    for (const session of this.#sessions.splice(0)) await session.release();
  }

  async #take(outputs: InferenceSession.OnnxValueMapType): Promise<Record<string, SessionArray>> {
    const read: Record<string, SessionArray> = {};
    for (const [name, tensor] of Object.entries(outputs)) {
      if (name.startsWith(nextPrefix)) {
        this.#made.add(tensor);
        this.#replace(name.slice(nextPrefix.length), tensor);
      } else read[name] = { shape: tensor.dims, data: (await tensor.getData()) as Float32Array };
    }
    return read;
  }

  #replace(name: string, tensor: OnnxTensor): void {
    const former = this.#tensors.get(name);
    this.#tensors.set(name, tensor);
    if (former !== undefined && former !== tensor) this.#free(former);
  }

  /** Gives memory of the processor's back at once: collected later, the weights of several steps would be held. */
  #free(tensor: OnnxTensor): void {
    const buffer = tensor.location === 'cpu' && this.#made.has(tensor) ? (tensor.data as Float32Array).buffer : null;
    tensor.dispose();
    if (buffer instanceof ArrayBuffer) buffer.transfer(0);
  }

  async #load(): Promise<typeof import('onnxruntime-node')> {
    return (this.#runtime ??= await import('onnxruntime-node'));
  }
}

function locations(graph: OnnxGraph): Record<string, 'cpu' | 'gpu-buffer'> {
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, name.startsWith(nextPrefix) ? 'gpu-buffer' : 'cpu'] as const));
}
