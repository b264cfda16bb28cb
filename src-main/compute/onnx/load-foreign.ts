/** @file An ONNX file of anybody's making becomes an encoder: looked through, asked about, run once. It is run where a crash of it ends nothing else. */
import { AppError, countOf, defined } from '../../base/index.ts';
import { createOnnx, onnxInnerBounds } from '../../learn/index.ts';
import type { Encoder, OnnxSettings, WeightArray, WeightArrays } from '../../learn/index.ts';
import { Budget } from '../tensors/budget.ts';
import { withFile } from '../tensors/byte-source.ts';
import { Malformed, unreadable } from '../tensors/unreadable.ts';
import type { SessionArray } from '../session.ts';
import { noiseCrops } from './noise-crops.ts';
import { readForeignModel, withOutputs } from './foreign-model.ts';
import type { ForeignModel } from './foreign-model.ts';
import { fileAsWeights, fileOfWeights, openRaw } from './foreign-runner.ts';
import { settleInput, valueText } from './foreign-wish.ts';
import type { OnnxWish, SettledInput } from './foreign-wish.ts';
import { inlineData } from './inline-data.ts';
import { innerValues } from './inner-values.ts';

/** A foreign encoder with its file as its weights. */
export type LoadedForeign = { encoder: Encoder; weights: Map<string, WeightArray>; remarks: string[] };

/** What a model is like before it is imported. */
export type ForeignSummary = Pick<ForeignModel, 'inputs' | 'outputs' | 'values'> & { sampleRate: number | null };

/** True for a path that ends as ONNX files do. */
export function isOnnxPath(path: string): boolean {
  return /\.onnx$/i.test(path);
}

/** Looks through a file without running it. @throws AppError as {@link loadForeign} */
export function inspectForeign(path: string): ForeignSummary {
  const { inputs, outputs, values, metadata } = readModel(path);
  const rate = Number(metadata.get('sampleRate') ?? metadata.get('sample_rate') ?? Number.NaN);
  return { inputs, outputs, values, sampleRate: Number.isInteger(rate) && rate > 0 ? rate : null };
}

/**
 * Reads an ONNX file and runs it on noise, to see what it gives.
 * @throws AppError BAD_INPUT where the file does not say enough, or the output is none; WEIGHTS_UNREADABLE for what is no ONNX file or cannot be run;
 *   WEIGHTS_UNSAFE for operators from elsewhere and data outside its folder; WEIGHTS_MISMATCH where it says something else than was asked for
 */
export async function loadForeign(path: string, wish: OnnxWish): Promise<LoadedForeign> {
  const model = readModel(path);
  const settled = settleInput(model, wish, path);
  const output = chosenOutput(model, wish, path);
  const bytes = withOutputs(model, [output]);
  const trial = await tried(bytes, { settled, output, path });
  const place = placeOf(trial.alone, wish, { path, output });
  const isBatched = trial.isBatched && place.axis > 0 && trial.alone.shape[0] === 1;
  const told = wish.axis === undefined ? null : { axis: wish.axis, axes: trial.alone.shape.length };
  const { inner, remarks } = await innerValues({ bytes, settled, isBatched, told, embedding: { name: output, ...trial.alone }, path });
  const settings: OnnxSettings = {
    ...settled,
    output: { name: output, axis: place.axis, pooling: wish.pooling ?? 'mean' },
    dimensions: place.dimensions,
    inner,
    isBatched,
    bytes: bytes.byteLength,
  };
  return { encoder: createOnnx(settings), weights: fileAsWeights(bytes), remarks: [...place.remarks, ...remarks] };
}

/**
 * Looks through the file within a foreign encoder that comes as stored weights: it is run like one that was imported.
 * @throws Malformed; AppError WEIGHTS_UNSAFE
 */
export function checkForeign(encoder: Encoder, weights: WeightArrays, path: string): void {
  const settings = encoder.settings as unknown as OnnxSettings;
  const bytes = fileOfWeights(weights, settings.bytes);
  const { outputs, values } = readForeignModel(bytes, path, new Budget(bytes.byteLength));
  const known = new Set([...outputs.map(({ name }) => name), ...values]);
  const strange = [settings.output, ...settings.inner].find(({ name }) => !known.has(name));
  if (strange !== undefined) throw new Malformed(`its settings name a value ${strange.name} that its model does not make`);
}

function readModel(path: string): ForeignModel {
  try {
    const bytes = withFile(path, (source) => source.read(0, source.size).slice());
    if (bytes.byteLength === 0) throw new Malformed('it is empty');
    const budget = new Budget(bytes.byteLength);
    return readForeignModel(inlineData(bytes, path), path, budget);
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(path, error.message, error);
    throw error;
  }
}

/** What Earmark's own files call the embedding, beside which a head's probabilities may come out. */
const ownEmbedding = 'embedding';

/** A file that Earmark exported, which says so in its metadata. */
function isOwn({ outputs, metadata }: Pick<ForeignModel, 'outputs' | 'metadata'>): boolean {
  return (
    ['architecture', 'sampleRate', 'cropSamples'].every((key) => metadata.has(key)) && outputs.some(({ name }) => name === ownEmbedding)
  );
}

function chosenOutput({ outputs, values, inputs, metadata }: ForeignModel, { output: wanted }: OnnxWish, path: string): string {
  const known = [...outputs.map(({ name }) => name), ...values];
  const [only] = outputs;
  if (wanted === undefined && only !== undefined && outputs.length === 1) return only.name;
  if (wanted === undefined && isOwn({ outputs, metadata })) return ownEmbedding;
  if (wanted !== undefined && known.includes(wanted)) return wanted;
  const says = `${path} takes ${inputs.map(valueText).join(' and ')} and gives ${outputs.map(valueText).join(' and ')}`;
  const missing = wanted === undefined ? 'say which of these is the embedding (--output)' : `it makes no value called ${wanted}`;
  throw new AppError('BAD_INPUT', `${says}; ${missing}. Any value that one of its ${countOf(values.length, 'node')} makes can be one.`, {
    details: { path, outputs, values: values.slice(0, 1000) },
  });
}

type Trial = { alone: SessionArray; isBatched: boolean };

/** Two crops of noise, alone and together: a model that cannot take two, or makes something else of them, is given one at a time. */
async function tried(
  bytes: Uint8Array,
  { settled, output, path }: { settled: SettledInput; output: string; path: string },
): Promise<Trial> {
  const { cropSamples, input } = settled;
  const failed = (error: unknown): never => {
    throw cannotRun(path, error);
  };
  const open = await openRaw({ ...settled, outputs: [output] }, bytes, { name: path, device: 'cpu' }).catch(failed);
  const run = async (waves: Float32Array, batch: number): Promise<SessionArray> => defined((await open.raw(waves, batch))[output], output);
  try {
    const [first, second, pair] = noiseCrops(cropSamples);
    const [alone, other] = [await run(first, 1).catch(failed), await run(second, 1).catch(failed)];
    if (!(alone.data instanceof Float32Array)) throw unusable(path, 'its output is not of 32-bit floating-point numbers');
    if (![alone, other].every(({ data }) => data.every((value) => Number.isFinite(value))))
      throw unusable(path, 'of noise it makes numbers that are not finite');
    if (!input.axes.includes('batch')) return { alone, isBatched: false };
    const both = await run(pair, 2).catch(() => null);
    return { alone, isBatched: both !== null && isAlike(both.data, [...alone.data, ...other.data]) };
  } finally {
    await open.close();
  }
}

/** Equal up to rounding, which depends on the number of crops. */
function isAlike(data: SessionArray['data'], expected: readonly number[]): boolean {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return data.length === expected.length && expected.every((value, i) => Math.abs(value - (data[i] ?? NaN)) <= 1e-3 * largest);
}

type Place = { axis: number; dimensions: number; remarks: string[] };

/** Which axis of an output is that of the neurons. */
function placeOf({ shape }: SessionArray, { axis: wanted }: OnnxWish, { path, output }: { path: string; output: string }): Place {
  const sides = shape.map((size, axis) => ({ size, axis })).filter(({ size, axis }) => (axis > 0 || shape.length === 1) && size > 1);
  const text = `${output} [${shape.join(', ')}]`;
  const [first] = sides;
  if (first === undefined || (wanted !== undefined && (shape[wanted] ?? 0) < 2))
    throw unusable(path, `${text} is no vector${wanted === undefined ? '' : ` along its axis ${wanted}`}`);
  // Of a picture the channels come first, of a sequence the values last.
  const axis = wanted ?? (sides.length === 1 ? first.axis : shape.length === 4 ? 1 : shape.length - 1);
  const dimensions = shape[axis] ?? 0;
  if (dimensions < 2) throw unusable(path, `${text} has no neurons along its axis ${axis}; name another (--axis)`);
  if (dimensions > onnxInnerBounds.mostDimensions) throw unusable(path, `${text} has ${dimensions} neurons, more than Earmark keeps`);
  const remarks =
    sides.length > 1 && wanted === undefined
      ? [`Of its output ${text}, axis ${axis} is taken for the neurons; the others are pooled over.`]
      : [];
  return { axis, dimensions, remarks };
}

function unusable(path: string, why: string): AppError {
  return new AppError('BAD_INPUT', `${path} cannot be used as an encoder: ${why}.`, { details: { path } });
}

function cannotRun(path: string, error: unknown): AppError {
  const why = error instanceof AppError && error.cause instanceof Error ? error.cause.message : String(error);
  return new AppError(
    'WEIGHTS_UNREADABLE',
    `ONNX Runtime cannot run ${path}: ${why.trim()} Check its input’s kind and length, or export it again.`,
    { details: { path }, cause: error },
  );
}
