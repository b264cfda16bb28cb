/** @file Runs an encoder that came as an ONNX file: the wave becomes what it takes, and what it gives becomes one vector a crop. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, assert, defined } from '../../base/index.ts';
import { onnxParameter, pictures } from '../../learn/index.ts';
import type { OnnxSettings, WeightArray, WeightArrays } from '../../learn/index.ts';
import type { OnnxDeviceId } from '../devices/device.ts';
import { record } from '../record/record.ts';
import { openModel, openSession } from '../session.ts';
import type { Session, SessionArray } from '../session.ts';

/** A model that is open; `raw` gives its output as it is. */
export type ForeignRunner = {
  raw(waves: Float32Array, batch: number): Promise<SessionArray>;
  /** `[batch, cropSamples]` to `[batch, dimensions]`. */
  encode(waves: Float32Array, batch: number): Promise<Float32Array>;
  close(): Promise<void>;
};

/** What is needed to run it; its output is known only after it has run once. */
export type ForeignInput = Pick<OnnxSettings, 'input' | 'mel' | 'cropSamples'> & { output: string };

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

/** Opens an encoder's file. @throws AppError DEVICE_FAILED */
export async function openForeign(settings: OnnxSettings, weights: WeightArrays, options: ForeignOptions): Promise<ForeignRunner> {
  const given = { ...settings, output: settings.output.name };
  const open = await openRaw(given, fileOfWeights(weights, settings.bytes), options);
  const encode = async (waves: Float32Array, batch: number): Promise<Float32Array> => {
    const { cropSamples, dimensions, isBatched } = settings;
    if (isBatched) return pooled(await open.raw(waves, batch), settings, batch);
    const rows = new Float32Array(batch * dimensions);
    for (let row = 0; row < batch; row++)
      rows.set(pooled(await open.raw(waves.subarray(row * cropSamples, (row + 1) * cropSamples), 1), settings, 1), row * dimensions);
    return rows;
  };
  return { ...open, encode };
}

/** The file, and before it what makes its spectrogram. @throws AppError DEVICE_FAILED */
export async function openRaw(
  given: ForeignInput,
  bytes: Uint8Array,
  { name, device, threads }: ForeignOptions,
): Promise<Pick<ForeignRunner, 'raw' | 'close'>> {
  const { input, mel, cropSamples, output } = given;
  const threaded = threads === undefined ? {} : { threads };
  const picture = mel === null ? null : await openSession({ graph: melGraph(mel, { cropSamples, input }), device, ...threaded });
  let model: Session;
  try {
    model = await openModel({ name, bytes, device, ...threaded });
  } catch (error) {
    await picture?.close();
    throw error;
  }
  const raw = async (waves: Float32Array, batch: number): Promise<SessionArray> => {
    const wave = { shape: [batch, cropSamples], data: waves };
    const sides = picture === null ? wave : defined((await picture.run({ wave }))['mel'], 'mel');
    const results = await model.run({ [input.name]: laidOut(sides, input.axes, batch) }, [output]);
    return defined(results[output], output);
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

/** One number a neuron: pooled over all axes but the batch and the neurons'. */
function pooled(
  { shape, data }: SessionArray,
  { output, dimensions }: Pick<OnnxSettings, 'output' | 'dimensions'>,
  batch: number,
): Float32Array {
  const { axis, pooling } = output;
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
