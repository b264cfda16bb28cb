/** @file Compares a data2vec encoder and a training step of it with reference values made by Hugging Face's `transformers` and PyTorch. */
import { basename, join } from 'node:path';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { createEncoder, createOptimizer, masked, sequences } from '../../learn/index.ts';
import type { Encoder, Method, WeightArray } from '../../learn/index.ts';
import { checkParity } from '../parity-check.ts';
import type { Compared, ParityCheck } from '../parity-check.ts';
import { readModelFolder } from '../tensors/model-folder.ts';
import { readSafetensors } from '../tensors/safetensors.ts';
import { runRecorded } from './run-recorded.ts';
import type { StepResult } from './steps.ts';
import { openTrainer } from './trainer.ts';

/** Of hidden states, of a step's loss and figures, and of norms of gradients, which go back through all layers. */
const [tolerance, lossTolerance, gradientTolerance] = [2e-4, 1e-4, 2e-3];

type Reference = Awaited<ReturnType<typeof readSafetensors>>['tensors'];
const tensorOf = (tensors: Reference, name: string): WeightArray => defined(tensors.get(name), name);

/** Features and every hidden state of two waves, by the model that lies in the folder beside the file. */
export async function checkData2vec(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors } = await readSafetensors(path);
  const wave = tensorOf(tensors, 'input.wave');
  const cropSamples = wave.shape[1] ?? 0;
  const folder = join(path, '..', file.replace('.safetensors', ''));
  const { settings, weights } = await readModelFolder(folder, { cropSamples });
  const inputs: Record<string, WeightArray> = { wave, ...Object.fromEntries(weights) };
  const outputs = await runRecorded('data2vec', inputs, (given) => {
    const states = sequences.hiddenStates(settings, given, given['wave'] as Tensor2D);
    const features = sequences.data2vecFeatures(settings, given, given['wave'] as Tensor2D);
    return { 'output.features': features, ...Object.fromEntries(states.map((state, layer) => [`output.hidden.${layer}`, state])) };
  });
  return Object.entries(outputs).map(([name, ours]) =>
    checkParity(file, { name, ours, reference: tensorOf(tensors, name).data, tolerance }),
  );
}

/** A step with a given mask and a teacher of its own, on the model that the file names, which lies in a folder beside it. */
export async function checkData2vecStep(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors, metadata } = await readSafetensors(path);
  const [wave, mask] = [tensorOf(tensors, 'input.wave'), tensorOf(tensors, 'input.mask')];
  const [batch = 0, cropSamples = 0] = wave.shape;
  const folder = join(path, '..', defined(metadata.get('model'), 'the model’s name'));
  const { settings, weights: own } = await readModelFolder(folder, { cropSamples });
  const { tensors: others } = await readSafetensors(join(folder, 'model.safetensors'));
  const encoder = createEncoder({ architecture: 'data2vec', ...settings });
  const objective = { ...pinned, topLayers: Number(metadata.get('topK')) };
  const method = masked({ encoder, objective });
  const weights = new Map(
    method.parameters().map(({ name }) => {
      const [roof = '', short] = [name.split('.', 1)[0], name.replace(/^(encoder|teacher)\./, '')];
      if (roof === 'encoder') return [name, defined(own.get(short), name)];
      return [
        name,
        roof === 'teacher'
          ? tensorOf(tensors, name.replace('teacher.encoder.', 'teacher.'))
          : (tensors.get(name) ?? tensorOf(others, name)),
      ];
    }),
  );
  const parts = { crop: wave, mask: { shape: mask.shape, data: Float32Array.from(mask.data) } };
  const { result, trainable } = await stepOf(method, weights, { batch, crop: wave.data, mask: parts.mask.data });
  const told = await toldOf(encoder, objective.topLayers, { ...Object.fromEntries(weights), ...parts });
  const compared: Compared[] = [
    { name: 'output.loss', ours: [result.loss] },
    ...['target', 'prediction'].map((name, at) => ({ name: `output.${name}_std`, ours: [result.watched['deviations']?.[at] ?? NaN] })),
    ...['target', 'prediction'].map((name) => ({ name: `output.${name}`, ours: maskedRows(defined(told[name], name), parts.mask.data) })),
  ].map((one) => ({ ...one, reference: tensorOf(tensors, one.name).data, tolerance: lossTolerance }));
  const norms = trainable.map((name, index) => ({ name, ours: result.gradientNorms[index] ?? NaN }));
  return [...compared.map((one) => checkParity(file, one)), ...norms.map((norm) => checkNorm(file, tensors, norm))];
}

/** The norm of a weight's gradient. A key's bias has none, for it moves all scores of a query alike: what rounding leaves is held against its query's. */
function checkNorm(file: string, tensors: Reference, { name, ours }: { name: string; ours: number }): ParityCheck {
  const own = `gradnorm.${name.replace(/^encoder\./, '')}`;
  const isOfKey = own.endsWith('.k_proj.bias');
  const { data } = tensorOf(tensors, isOfKey ? own.replace('.k_proj.', '.q_proj.') : own);
  const [reference = NaN] = data;
  return checkParity(file, { name: own, ours: [isOfKey ? reference + ours : ours], reference: data, tolerance: gradientTolerance });
}

/** What the file was made with: squares, scaled by the root of the values, and no layer left out. */
const pinned = {
  ...{ maskProbability: 0.65, maskSpan: 10, leastSpans: 1, beta: 0, scale: 0 },
  ...{ decay: 0.999, endDecay: 0.9999, decaySteps: 30_000, layerDrop: 0 },
};

async function stepOf(
  method: Method,
  weights: ReadonlyMap<string, WeightArray>,
  { batch, ...parts }: { batch: number; crop: Float32Array; mask: Float32Array },
): Promise<{ result: StepResult; trainable: readonly string[] }> {
  const optimizer = createOptimizer({ kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });
  const trainer = await openTrainer({ model: { method, optimizer }, device: 'cpu', batch, chunk: null, weights });
  const result = await trainer.step({ batch: parts, learningRate: 0, step: 1 });
  await trainer.close();
  return { result, trainable: trainer.trainable };
}

/** Predictions and targets at all positions. */
function toldOf(
  { halves }: Encoder,
  topLayers: number,
  inputs: Readonly<Record<string, WeightArray>>,
): Promise<Record<string, ArrayLike<number>>> {
  return runRecorded('data2vec step', inputs, (given) => {
    const own = { halves: defined(halves, 'halves'), objective: { topLayers }, options: { chunkElements: Infinity } };
    const { target, prediction } = sequences.comparedOf(own, given, given);
    return { target, prediction };
  });
}

/** Those rows that a mask marks, in their order. */
function maskedRows(rows: ArrayLike<number>, mask: Float32Array): number[] {
  const width = rows.length / mask.length;
  return Array.from(rows).filter((_, at) => mask[Math.floor(at / width)] === 1);
}
