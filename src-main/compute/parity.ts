/** @file Checks a folder of reference files: Earmark's results beside values made by other programs. */
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { AppError, defined, toAppError } from '../base/index.ts';
import { createSampleCnn, headLogits } from '../learn/index.ts';
import type { Encoder, WeightArray, WeightArrays } from '../learn/index.ts';
import { runEncoder } from './encoder-runner.ts';
import { checkMetricsFile } from './metrics-parity.ts';
import { checkParity } from './parity-check.ts';
import type { ParityCheck } from './parity-check.ts';
import { loadWeights } from './tensors/load-weights.ts';
import { readSafetensors } from './tensors/safetensors.ts';
import { checkTrainingFile } from './training/parity.ts';

/** All comparisons of a folder, and the files that are of no known kind. */
export type ParityReport = { checks: ParityCheck[]; notChecked: { file: string; why: string }[] };

const tolerance = 1e-4;
/** Checkpoints without reference values of their own, and the file whose input and output they must reproduce. */
const checkpoints: Readonly<Record<string, string>> = {
  'clmr-plain.pt': 'samplecnn-22050.safetensors',
  'clmr-lightning.ckpt': 'samplecnn-22050.safetensors',
};

/** Checks every file of a folder that is of a known kind, in the order of their names. @throws AppError of the file system for the folder itself */
export async function checkFolder(directory: string): Promise<ParityReport> {
  let names: string[];
  try {
    names = (await readdir(directory)).toSorted();
  } catch (error) {
    throw toAppError(error, `read the folder ${directory}`);
  }
  const report: ParityReport = { checks: [], notChecked: [] };
  for (const file of names) {
    const check = checkOf(file);
    if (check === undefined && isBeside(file, names)) continue;
    if (check === undefined) report.notChecked.push({ file, why: 'Earmark has nothing to compare with it yet.' });
    else report.checks.push(...(await attempt(file, () => check(join(directory, file)))));
  }
  return report;
}

/** What is read with another file (the folder of a model, by the values of the same name), or by people. */
function isBeside(file: string, names: readonly string[]): boolean {
  return names.includes(`${file}.safetensors`) || file === 'README.md';
}

type Check = (path: string) => Promise<ParityCheck[]>;

function checkOf(file: string): Check | undefined {
  const ofTraining = checkTrainingFile(file);
  if (ofTraining !== undefined) return ofTraining;
  if (file === 'metrics.safetensors') return checkMetricsFile;
  if (file.startsWith('samplecnn-') && extname(file) === '.safetensors') return checkSampleCnn;
  const reference = checkpoints[file];
  return reference === undefined ? undefined : (path) => checkCheckpoint(path, reference);
}

async function attempt(file: string, check: () => Promise<ParityCheck[]>): Promise<ParityCheck[]> {
  try {
    return await check();
  } catch (error) {
    return [{ file, name: `failed: ${toAppError(error, `check ${file}`).message}`, relativeError: Infinity, tolerance, ok: false }];
  }
}

async function checkSampleCnn(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors, metadata } = await readSafetensors(path);
  const encoder = encoderOf(tensors, metadata, file);
  const embedding = await embed(encoder, tensors, tensor(tensors, 'input.wave', file));
  const reference = tensor(tensors, 'output.embedding', file).data;
  const checks = [checkParity(file, { name: 'embedding', ours: embedding, reference, tolerance })];
  const logits = tensors.get('output.logits');
  if (logits !== undefined) {
    const ours = applyHead(tensors, embedding, encoder.dimensions);
    checks.push(checkParity(file, { name: 'logits', ours, reference: logits.data, tolerance }));
  }
  return checks;
}

async function checkCheckpoint(path: string, referenceName: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { encoder, weights } = await loadWeights(path);
  const { tensors } = await readSafetensors(join(path, '..', referenceName));
  const ours = await embed(encoder, weights, tensor(tensors, 'input.wave', referenceName));
  const reference = tensor(tensors, 'output.embedding', referenceName).data;
  return [checkParity(file, { name: `embedding of ${referenceName}`, ours, reference, tolerance })];
}

/** The encoder that a reference file describes: its rate and strides are in its metadata, its widths in the shapes. */
function encoderOf(tensors: WeightArrays, metadata: ReadonlyMap<string, string>, file: string): Encoder {
  const strides: unknown = JSON.parse(metadata.get('strides') ?? 'null');
  const sampleRate = Number(metadata.get('rate'));
  if (!Array.isArray(strides) || !Number.isInteger(sampleRate))
    throw new AppError('BAD_INPUT', `The reference file ${file} does not tell its rate and strides in its metadata.`);
  const numbers = strides.map(Number);
  const channels = Array.from(
    { length: numbers.length + 2 },
    (_, index) => tensor(tensors, `sequential.${index}.0.bias`, file).data.length,
  );
  return createSampleCnn({ sampleRate, strides: numbers, channels });
}

async function embed(encoder: Encoder, weights: WeightArrays, wave: WeightArray): Promise<Float32Array> {
  const runner = await runEncoder({ encoder, weights, device: 'cpu' });
  try {
    return await runner.encode(wave.data, wave.data.length / encoder.cropSamples);
  } finally {
    await runner.close();
  }
}

function applyHead(tensors: WeightArrays, embedding: Float32Array, dimensions: number): Float32Array {
  const logits = tf.tidy(() => {
    const weights = Object.fromEntries(
      ['fc.weight', 'fc.bias'].map((name) => {
        const { data, shape } = defined(tensors.get(name), name);
        return [name, tf.tensor(data, [...shape])];
      }),
    );
    const rows: Tensor2D = tf.tensor2d(embedding, [embedding.length / dimensions, dimensions]);
    return headLogits(weights, rows);
  });
  const data = logits.dataSync<'float32'>();
  logits.dispose();
  return data;
}

function tensor(tensors: WeightArrays, name: string, file: string): WeightArray {
  const found = tensors.get(name);
  if (found !== undefined) return found;
  throw new AppError('BAD_INPUT', `The reference file ${file} has no tensor ${name}.`);
}
