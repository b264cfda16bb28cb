/** @file Compares mel spectrograms, a ResNet, and a step of VICMus with reference values made by PyTorch. */
import { basename } from 'node:path';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { createObjective, createOptimizer, createProjector, createResnet, pictures, twoViews } from '../../learn/index.ts';
import type { WeightArray, WeightArrays } from '../../learn/index.ts';
import { checkParity } from '../parity-check.ts';
import type { Compared, ParityCheck } from '../parity-check.ts';
import { readSafetensors } from '../tensors/safetensors.ts';
import { runRecorded } from './run-recorded.ts';
import { openTrainer } from './trainer.ts';

const tolerance = 1e-4;
const projectionTolerance = 1e-3;
/** Of a step that is ill-conditioned on purpose: PyTorch's own 32 bits are 0.3 % (median) and 6 % (worst) off in norms of gradients. */
const gradientTolerances = { median: 0.01, worst: 0.12 };
const mel = { ...pictures.vicmusMel, sampleRate: 22_050 };

type Reference = Awaited<ReturnType<typeof readSafetensors>>['tensors'];
const tensorOf = (tensors: Reference, name: string): WeightArray => defined(tensors.get(name), name);

/** A wave's mel power, its logarithm, and that scaled, each `[examples, bands, frames]`. */
export async function checkMel(path: string): Promise<ParityCheck[]> {
  const { tensors } = await readSafetensors(path);
  const steps = {
    mel_power: { compression: 'none', normalisation: 'none' },
    log_mel: { compression: 'log1p', normalisation: 'none' },
    normalised: { compression: 'log1p', normalisation: 'min-max' },
  } as const;
  const outputs = await runRecorded('mel', { wave: tensorOf(tensors, 'wave') }, ({ wave }) =>
    Object.fromEntries(
      Object.entries(steps).map(([name, step]) => [name, tf.transpose(pictures.logMel({ ...mel, ...step }, wave as Tensor2D), [0, 2, 1])]),
    ),
  );
  return Object.keys(steps).map((name) =>
    checkParity(basename(path), { name, ours: defined(outputs[name], name), reference: tensorOf(tensors, name).data, tolerance }),
  );
}

const narrow = { depth: 50, width: 8, cropSamples: 65_024, mel } as const;

/** A narrow ResNet-50 in evaluation mode, from pictures on. Its three colours differ, so that the kernel is looked at as a whole. */
export async function checkResnet(path: string): Promise<ParityCheck[]> {
  const { tensors } = await readSafetensors(path);
  const names = createResnet(narrow)
    .parameters()
    .map(({ name }) => name);
  const inputs = Object.fromEntries(['input', ...names].map((name) => [name, tensorOf(tensors, name)]));
  const outputs = await runRecorded('ResNet', inputs, (given) => ({
    embedding: pictures.resnetForward(pictures.resnetBlocks(narrow), given, given['input'] as Tensor4D),
  }));
  const compared = { ours: defined(outputs['embedding'], 'embedding'), reference: tensorOf(tensors, 'output.embedding').data };
  return [checkParity(basename(path), { name: 'embedding', ...compared, tolerance })];
}

/** Two views through mel, the narrow ResNet and a projector, compared by VICReg. */
export async function checkVicmusStep(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors } = await readSafetensors(path);
  const encoder = createResnet({ ...narrow, mel: { ...mel, highestHz: 11_025 } });
  const [first, projected] = [tensorOf(tensors, 'input.view_i'), tensorOf(tensors, 'output.z_i')];
  const [batch = 1, dimensions = 1] = projected.shape;
  const hidden = [tensorOf(tensors, 'projector.0.weight').shape[0] ?? 0, tensorOf(tensors, 'projector.3.weight').shape[0] ?? 0];
  const projector = createProjector({ kind: 'mlp', hidden, dimensions, batchNorm: true }, encoder.dimensions);
  const objective = createObjective({ kind: 'vicreg', invariance: 25, variance: 25, covariance: 1, gamma: 1, normalisation: 'code' });
  const optimizer = createOptimizer({ kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });
  const model = { method: twoViews({ encoder, projector, objective }), optimizer };
  const weights = new Map(model.method.parameters().map(({ name }) => [name, tensorOf(tensors, name.replace(/^encoder\./, ''))]));
  const trainer = await openTrainer({ model, device: 'cpu', batch, chunk: null, weights });
  const views = { first: first.data, second: tensorOf(tensors, 'input.view_j').data };
  const result = await trainer.step({ batch: views, learningRate: 0, step: 1 });
  const { weights: after } = await trainer.read();
  await trainer.close();
  const own = defined(result.watched['projections'], 'the projections').subarray(0, batch * dimensions);
  const compared: Compared[] = [
    { name: 'z_i', ours: own, reference: projected.data, tolerance: projectionTolerance },
    { name: 'loss', ours: [result.loss], reference: tensorOf(tensors, 'output.loss').data, tolerance },
    ...followed(tensors, after),
  ];
  return [...compared.map((one) => checkParity(file, one)), ...checkNorms(file, tensors, trainer.trainable, result.gradientNorms)];
}

function followed(tensors: Reference, after: WeightArrays): Compared[] {
  return [...after].flatMap(([name, { data }]) => {
    const reference = tensors.get(`after.${name.replace(/^encoder\./, '')}`);
    return reference === undefined
      ? []
      : [{ name: `${name} afterwards`, ours: data, reference: reference.data, tolerance: projectionTolerance }];
  });
}

/** The median and the worst of how far the norms of gradients are off, of those weights that have one in the file. */
function checkNorms(file: string, tensors: Reference, names: readonly string[], norms: Float32Array): ParityCheck[] {
  const errors = names.flatMap((name, index) => {
    const reference = tensors.get(`gradnorm.${name.replace(/^encoder\./, '')}`)?.data[0];
    return reference === undefined ? [] : [Math.abs((norms[index] ?? NaN) / reference - 1)];
  });
  const sorted = errors.toSorted((a, b) => a - b);
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)] ?? Infinity, sorted.at(-1) ?? Infinity];
  return Object.entries({ median, worst }).map(([what, relativeError]) => {
    const allowed = gradientTolerances[what as 'median' | 'worst'];
    return { file, name: `norms of ${errors.length} gradients, ${what}`, relativeError, tolerance: allowed, ok: relativeError <= allowed };
  });
}
