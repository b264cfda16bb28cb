/** @file Compares a GRU and the loss over future steps with reference values made by PyTorch. */
import { basename } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { sequences, training } from '../../learn/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import { checkParity } from '../parity-check.ts';
import type { ParityCheck } from '../parity-check.ts';
import { readSafetensors } from '../tensors/safetensors.ts';
import { runRecorded } from './run-recorded.ts';

/** 32 bits leave 3e-7 in both. */
const valueTolerance = 1e-5;
const gradientTolerance = 1e-4;
const gruWeights = ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'];

type Reference = Awaited<ReturnType<typeof readSafetensors>>['tensors'];
const tensorOf = (tensors: Reference, name: string): WeightArray => defined(tensors.get(name), name);

/** A GRU of one layer over a batch of sequences. */
export async function checkGru(path: string): Promise<ParityCheck[]> {
  const { tensors } = await readSafetensors(path);
  const inputs = Object.fromEntries(['input', ...gruWeights].map((name) => [name, tensorOf(tensors, name)]));
  const outputs = await runRecorded('GRU', inputs, (given) => {
    const weights = Object.fromEntries(gruWeights.map((name) => [`unit.${name}`, defined(given[name], name)]));
    return { output: sequences.gru('unit', weights, defined(given['input'], 'input') as Tensor3D) };
  });
  const compared = { name: 'output', ours: defined(outputs['output'], 'output'), reference: tensorOf(tensors, 'output').data };
  return [checkParity(basename(path), { ...compared, tolerance: valueTolerance })];
}

/** The loss over all steps, each with negatives of its own, with the gradients of latents, contexts and predictors. */
export async function checkInfoNce(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors } = await readSafetensors(path);
  const [z, c, w] = ['z', 'c', 'W'].map((name) => tensorOf(tensors, `input.${name}`)) as [WeightArray, WeightArray, WeightArray];
  const steps = Array.from({ length: w.shape[0] ?? 0 }, (_, index) => index + 1);
  const negatives = Object.fromEntries(
    steps.map((step) => [`negatives.${step}`, later(tensorOf(tensors, `input.negatives.${step}`), step)]),
  );
  const outputs = await runRecorded('InfoNCE', { z, c, w, ...negatives }, (given) => {
    training.registerGradients();
    const [latents, contexts, whole] = [given['z'], given['c'], given['w']] as [Tensor3D, Tensor3D, Tensor3D];
    const { value, grads } = tf.valueAndGrads(() => {
      const predictors = tf.unstack(whole, 0) as Tensor2D[];
      const window = tf.ones<tf.Rank.R2>([latents.shape[0], latents.shape[1]]);
      const losses = steps.map((step, index) => {
        const own = { predictors: [defined(predictors[index], 'a predictor')], steps: [step], window };
        return sequences.infoNce({ latents, contexts, ...own, negatives: given[`negatives.${step}`] as Tensor3D });
      });
      return tf.div(tf.addN(losses), steps.length);
    })([latents, contexts, whole]);
    const own = ['z', 'c', 'W'].map((name, index) => [`grad.${name}`, defined(grads[index], name)] as const);
    return { 'output.loss': value, ...Object.fromEntries(own) };
  });
  return ['output.loss', 'grad.z', 'grad.c', 'grad.W'].map((name) => {
    const tolerance = name === 'output.loss' ? valueTolerance : gradientTolerance;
    return checkParity(file, { name, ours: defined(outputs[name], name), reference: tensorOf(tensors, name).data, tolerance });
  });
}

/** Negatives by the place that is predicted from, `[batch, time − step, count]`, as those by the place that is predicted, `[batch, time, count]`. */
function later({ shape, data }: WeightArray, step: number): WeightArray {
  const [batch = 0, before = 0, count = 0] = shape;
  const time = before + step;
  const moved = new Float32Array(batch * time * count);
  for (let item = 0; item < batch; item++)
    moved.set(data.subarray(item * before * count, (item + 1) * before * count), (item * time + step) * count);
  return { shape: [batch, time, count], data: moved };
}
