/** @file Runs an encoder that came as an ONNX file: the wave becomes what it takes, and what it gives becomes one vector a crop. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, assert, defined } from '../../base/index.ts';
import { onnxParameter, onnxPlace, pictures } from '../../learn/index.ts';
import type { OnnxPlace, OnnxSettings, OutputChoice, WeightArray, WeightArrays } from '../../learn/index.ts';
import type { OnnxDeviceId } from '../devices/device.ts';
import { record } from '../record/record.ts';
import { openModel, openSession } from '../session.ts';
import type { Session, SessionArray } from '../session.ts';
import { Budget } from '../tensors/budget.ts';
import { Malformed, unreadable } from '../tensors/unreadable.ts';
import { readForeignModel, withOutputs } from './foreign-model.ts';
import { mixedOnWebgpu } from './foreign-nodes.ts';

/** A model that is open; `raw` gives its outputs as they are, by name. */
export type RawRunner = {
  raw(waves: Float32Array, batch: number): Promise<Record<string, SessionArray>>;
  close(): Promise<void>;
};

/** The same with what is chosen of it. */
export type ForeignRunner = Pick<RawRunner, 'close'> & {
  /** `[batch, cropSamples]` to `[batch, dimensions of all that was chosen, side by side]`. */
  encode(waves: Float32Array, batch: number): Promise<Float32Array>;
};

/** What is needed to run it; what its outputs are like is known only after it has run once. */
export type ForeignInput = Pick<OnnxSettings, 'input' | 'mel' | 'cropSamples'> & { outputs: readonly string[] };

export type ForeignOptions = { name: string; device: OnnxDeviceId; threads?: number | undefined };

/** The array that holds a file; its numbers mean nothing. */
export function fileAsWeights(bytes: Uint8Array): Map<string, WeightArray> {
  const words = new Float32Array(Math.ceil(bytes.byteLength / 4));
  new Uint8Array(words.buffer).set(bytes);
  return new Map([[onnxParameter, { shape: [words.length], data: words }]]);
}

/** The file that an array holds. */
export function fileOfWeights(weights: WeightArrays, bytes: number): Uint8Array {
  const { data } = defined(weights.get(onnxParameter), onnxParameter);
  return new Uint8Array(data.buffer, data.byteOffset, bytes);
}

/** An encoder's file and what is wanted of it. */
export type ForeignWork = { settings: OnnxSettings; weights: WeightArrays; outputs: readonly OutputChoice[] };

/** Opens an encoder's file. @throws AppError BAD_INPUT for an output that it does not have, DEVICE_FAILED, DEVICE_UNAVAILABLE, WEIGHTS_UNREADABLE */
export async function openForeign({ settings, weights, outputs }: ForeignWork, options: ForeignOptions): Promise<ForeignRunner> {
  refuseMixed(fileOfWeights(weights, settings.bytes), options);
  const places = outputs.map((choice) => onnxPlace(settings, choice));
  const names = [...new Set(places.map(({ name }) => name))];
  const open = await openRaw({ ...settings, outputs: names }, bytesGiving(names, settings, weights), options);
  const { cropSamples, isBatched } = settings;
  const width = places.reduce((sum, { dimensions }) => sum + dimensions, 0);
  const encode = async (waves: Float32Array, batch: number): Promise<Float32Array> => {
    if (isBatched) return sideBySide(await open.raw(waves, batch), places, batch);
    const rows = new Float32Array(batch * width);
    for (let row = 0; row < batch; row++)
      rows.set(sideBySide(await open.raw(waves.subarray(row * cropSamples, (row + 1) * cropSamples), 1), places, 1), row * width);
    return rows;
  };
  return { encode, close: open.close };
}

/** @throws AppError DEVICE_UNAVAILABLE for a model that WebGPU computes wrong numbers of */
function refuseMixed(bytes: Uint8Array, { name, device }: ForeignOptions): void {
  const place = device === 'webgpu' ? mixedOnWebgpu(bytes) : undefined;
  if (place === undefined) return;
  throw new AppError(
    'DEVICE_UNAVAILABLE',
    `${name} cannot be run on WebGPU: ONNX Runtime mixes channels there of convolutions in groups of such sizes as the one that makes ${place}. Choose the processor.`,
  );
}

/** The encoder's file; with more outputs where values inside it are wanted. */
function bytesGiving(names: readonly string[], settings: OnnxSettings, weights: WeightArrays): Uint8Array {
  const bytes = fileOfWeights(weights, settings.bytes);
  if (names.every((name) => name === settings.output.name)) return bytes;
  try {
    return withOutputs(readForeignModel(bytes, 'the encoder’s ONNX file', new Budget(bytes.byteLength)), names);
  } catch (error) {
    if (error instanceof Malformed) throw unreadable('the encoder’s ONNX file', error.message, error);
    throw error;
  }
}

/** The file, and before it what makes its spectrogram. @throws AppError DEVICE_FAILED */
export async function openRaw(given: ForeignInput, bytes: Uint8Array, { name, device, threads }: ForeignOptions): Promise<RawRunner> {
  const { input, mel, cropSamples, outputs } = given;
  const threaded = threads === undefined ? {} : { threads };
  const picture = mel === null ? null : await openSession({ graph: melGraph(mel, { cropSamples, input }), device, ...threaded });
  let model: Session;
  try {
    model = await openModel({ name, bytes, device, ...threaded });
  } catch (error) {
    await picture?.close();
    throw error;
  }
  const raw: RawRunner['raw'] = async (waves, batch) => {
    const wave = { shape: [batch, cropSamples], data: waves };
    const sides = picture === null ? wave : defined((await picture.run({ wave }))['mel'], 'mel');
    return model.run({ [input.name]: laidOut(sides, input.axes, batch) }, outputs);
  };
  const close = async (): Promise<void> => {
    await model.close();
    await picture?.close();
  };
  return { raw, close };
}

/** Wave to `[batch, bands, frames]` or `[batch, frames, bands]`. */
function melGraph(
  mel: pictures.MelSettings,
  { cropSamples, input }: Pick<OnnxSettings, 'cropSamples' | 'input'>,
): Parameters<typeof openSession>[0]['graph'] {
  const isBandsFirst = input.axes.indexOf('bands') < input.axes.indexOf('frames');
  return record({
    name: 'log-mel',
    inputs: [{ name: 'wave', type: 'float32', shape: ['batch', cropSamples] }],
    run: ({ wave }) => {
      const frames = pictures.logMel(mel, defined(wave, 'wave') as Tensor2D);
      return { mel: isBandsFirst ? pictures.transposed(frames) : frames };
    },
  });
}

/** Gives an input the axes that the model wants; along an axis of several, a crop is repeated. */
function laidOut({ shape, data }: SessionArray, axes: OnnxSettings['input']['axes'], batch: number): SessionArray {
  const sides = shape.slice(1);
  const repeats = axes.reduce<number>((product, axis) => (typeof axis === 'number' ? product * axis : product), 1);
  const wanted = axes.flatMap((axis) => (axis === 'batch' ? [batch] : typeof axis === 'number' ? [axis] : []));
  const whole = [...wanted, ...sides];
  if (repeats === 1) return { shape: whole, data };
  const size = data.length / batch;
  const copied = new Float32Array(data.length * repeats);
  for (let row = 0; row < batch; row++)
    for (let copy = 0; copy < repeats; copy++) copied.set(data.subarray(row * size, (row + 1) * size), (row * repeats + copy) * size);
  return { shape: whole, data: copied };
}

/** What was chosen, pooled, side by side: `[batch, dimensions of all]`. */
function sideBySide(results: Record<string, SessionArray>, places: readonly OnnxPlace[], batch: number): Float32Array {
  const columns = places.map((place) => pooled(defined(results[place.name], place.name), place, batch));
  const [only] = columns;
  if (only !== undefined && columns.length === 1) return only;
  const width = places.reduce((sum, { dimensions }) => sum + dimensions, 0);
  const rows = new Float32Array(batch * width);
  let from = 0;
  for (const [index, { dimensions }] of places.entries()) {
    const own = defined(columns[index], 'the columns of an output');
    for (let row = 0; row < batch; row++) rows.set(own.subarray(row * dimensions, (row + 1) * dimensions), row * width + from);
    from += dimensions;
  }
  return rows;
}

/** One number a neuron: pooled over all axes but the batch and the neurons'. */
function pooled({ shape, data }: SessionArray, { axis, dimensions, pooling }: OnnxPlace, batch: number): Float32Array {
  assert(shape[axis] === dimensions, 'the model gives as many numbers as at its import');
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const positions = data.length / (batch * dimensions);
  if (!Number.isInteger(positions) || positions < 1)
    throw new AppError('DEVICE_FAILED', `The model gave [${shape.join(', ')}] for ${batch} segments, which is no row of numbers for each.`);
  const perRow = data.length / batch;
  const rows = new Float32Array(batch * dimensions);
  for (let row = 0; row < batch; row++)
    for (let neuron = 0; neuron < dimensions; neuron++) {
      let value = pooling === 'mean' ? 0 : -Infinity;
      for (let position = 0; position < positions; position++) {
        const outer = Math.floor(position / inner);
        const one = data[row * perRow + (outer * dimensions + neuron) * inner + (position % inner)] as number;
        value = pooling === 'mean' ? value + one / positions : Math.max(value, one);
      }
      rows[row * dimensions + neuron] = value;
    }
  return rows;
}
