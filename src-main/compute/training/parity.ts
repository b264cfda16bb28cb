/** @file Compares a training step, the objectives and the optimisers with reference values made by the public PyTorch code. */
import { basename } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../base/index.ts';
import { createObjective, createOptimizer, createProjector, findEncoder, training, twoViews } from '../../learn/index.ts';
import type { OptimizerSettings, ViewObjectiveSettings, WeightArray, WeightArrays } from '../../learn/index.ts';
import { checkParity } from '../parity-check.ts';
import type { ParityCheck } from '../parity-check.ts';
import { record } from '../record/record.ts';
import { openSession } from '../session.ts';
import { readSafetensors } from '../tensors/safetensors.ts';
import { checkData2vec, checkData2vecStep } from './data2vec-parity.ts';
import { checkMel, checkResnet, checkVicmusStep } from './picture-parity.ts';
import { checkGru, checkInfoNce } from './sequence-parity.ts';
import { openTrainer } from './trainer.ts';

/** Of a whole step, whose PyTorch values are of 32 bits through eleven layers. */
const lossTolerance = 1e-4;
const gradientTolerance = 1e-3;
/** Of objectives alone: 32 bits leave 2.4e-7, in losses and gradients alike. */
const objectiveTolerance = 1e-6;
/** Of weights after up to five steps: 32 bits leave 7.5e-8. */
const optimizerTolerance = 3e-7;

/** The settings that the reference files were made with. */
const optimizers: Readonly<Record<string, OptimizerSettings & { learningRate: number }>> = {
  'optimizer-adam': { kind: 'adam', learningRate: 3e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-6 },
  'optimizer-sgd': { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: false, weightDecay: 1e-6 },
  'optimizer-lars': { kind: 'lars', learningRate: 0.2, momentum: 0.9, trust: 0.001, weightDecay: 1e-6, excludeVectors: true },
};

/** How a file of reference values is checked; none for other files. */
export function checkTrainingFile(file: string): ((path: string) => Promise<ParityCheck[]>) | undefined {
  const name = basename(file, '.safetensors');
  if (name === 'clmr-train-step') return checkStep;
  if (name === 'nt-xent') return checkNtXent;
  if (name === 'vicreg') return checkVicreg;
  if (name === 'gru') return checkGru;
  if (name === 'info-nce') return checkInfoNce;
  if (name === 'mel') return checkMel;
  if (name === 'data2vec-tiny' && file.endsWith('.safetensors')) return checkData2vec;
  if (name === 'data2vec-step') return checkData2vecStep;
  if (name === 'resnet50-w8') return checkResnet;
  if (name === 'vicmus-step') return checkVicmusStep;
  const optimizer = optimizers[name];
  return optimizer === undefined ? undefined : (path) => checkOptimizer(path, optimizer);
}

function tensorOf(tensors: WeightArrays, name: string): WeightArray {
  const found = tensors.get(name);
  if (found === undefined) throw new AppError('BAD_INPUT', `The reference file has no tensor ${name}.`);
  return found;
}

/** One step of CLMR on the processor. Plain descent at a rate of 1 makes the change of the weights the gradient. */
async function checkStep(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors } = await readSafetensors(path);
  const starting = (await readSafetensors(path.replace(file, 'samplecnn-22050.safetensors'))).tensors;
  const encoder = findEncoder('sample-cnn', 22050);
  const first = tensorOf(tensors, 'input.view_i');
  const projected = tensorOf(tensors, 'output.z_i');
  const [batch = 1, dimensions = 1] = projected.shape;
  const settings = { kind: 'mlp', hidden: [encoder.dimensions], dimensions, batchNorm: false } as const;
  const projector = createProjector(settings, encoder.dimensions);
  const objective = createObjective({ kind: 'nt-xent', temperature: 0.5 });
  const optimizer = createOptimizer({ kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });
  const model = { method: twoViews({ encoder, projector, objective }), optimizer };
  const weights = new Map(
    model.method.parameters().map(({ name }) => {
      const short = name.replace(/^encoder\./, '');
      return [name, tensors.get(short) ?? tensorOf(starting, short)];
    }),
  );
  const trainer = await openTrainer({ model, device: 'cpu', batch, chunk: null, weights });
  const views = { first: first.data, second: tensorOf(tensors, 'input.view_j').data };
  const result = await trainer.step({ batch: views, learningRate: 0, step: 1 });
  const { weights: after } = await trainer.read();
  await trainer.close();
  const projections = defined(result.watched['projections'], 'the projections');
  const half = batch * dimensions;
  const checks = [
    { name: 'z_i', ours: projections.subarray(0, half), reference: projected.data, tolerance: lossTolerance },
    { name: 'z_j', ours: projections.subarray(half), reference: tensorOf(tensors, 'output.z_j').data, tolerance: lossTolerance },
    { name: 'loss', ours: [result.loss], reference: tensorOf(tensors, 'output.loss').data, tolerance: lossTolerance },
  ].map((compared) => checkParity(file, compared));
  return [
    ...checks,
    ...checkNorms(file, tensors, { names: trainer.trainable, norms: result.gradientNorms }),
    ...checkStatistics(file, tensors, after),
  ];
}

type Reference = Awaited<ReturnType<typeof readSafetensors>>['tensors'];

/** The norm of every weight's gradient. */
function checkNorms(file: string, tensors: Reference, { names, norms }: { names: readonly string[]; norms: Float32Array }): ParityCheck[] {
  return names.flatMap((name, index) => {
    const short = name.replace(/^encoder\./, '');
    // A convolution's bias has no gradient before a batch norm; what PyTorch's rounding leaves there is noise.
    if (/\.0\.bias$/.test(short)) return [];
    const reference = tensorOf(tensors, `gradnorm.${short}`).data;
    return [
      checkParity(file, {
        name: `gradient norm of ${short}`,
        ours: [norms[index] ?? NaN],
        reference,
        tolerance: gradientTolerance,
      }),
    ];
  });
}

/** Running statistics after the step. */
function checkStatistics(file: string, tensors: Reference, after: WeightArrays): ParityCheck[] {
  return [...after].flatMap(([name, { data }]) => {
    const reference = tensors.get(`after.${name.replace(/^encoder\./, '')}`);
    return reference === undefined
      ? []
      : [checkParity(file, { name: `${name} afterwards`, ours: data, reference: reference.data, tolerance: lossTolerance })];
  });
}

/** Records an objective with its gradients and runs it on the processor. */
async function runObjective(settings: ViewObjectiveSettings, views: readonly WeightArray[]): Promise<Record<string, ArrayLike<number>>> {
  const [shape] = views.map((view) => view.shape);
  const rows = defined(shape, 'a shape');
  const encoder = findEncoder('sample-cnn', 22050);
  const projector = createProjector({ kind: 'identity', hidden: [], dimensions: 1, batchNorm: false }, rows[1] ?? 1);
  const { pieces } = twoViews({ encoder, projector, objective: createObjective(settings) });
  const graph = record({
    name: 'objective',
    inputs: ['first', 'second'].map((name) => ({ name, type: 'float32' as const, shape: rows })),
    run: ({ first, second }) => {
      const views = { first: first as Tensor2D, second: second as Tensor2D };
      const compared = training.compareGradients(defined(pieces, 'the pieces'), {}, { embeddings: views, beside: {} });
      const { first: a, second: b } = compared.embeddingGradients;
      return { loss: compared.loss, ...compared.parts, a: defined(a, 'a gradient'), b: defined(b, 'a gradient') };
    },
  });
  const session = await openSession({ graph, device: 'cpu' });
  const [first, second] = views.map(({ data }) => ({ shape: rows, data }));
  const outputs = await session.run({ first: defined(first, 'a view'), second: defined(second, 'a view') });
  await session.close();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
}

async function checkNtXent(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors } = await readSafetensors(path);
  const temperatures = [...tensors.keys()].flatMap((name) => /^t(.+)\.z_i$/.exec(name)?.[1] ?? []);
  const checks: ParityCheck[] = [];
  for (const temperature of temperatures) {
    const of = (name: string): WeightArray => tensorOf(tensors, `t${temperature}.${name}`);
    const outputs = await runObjective({ kind: 'nt-xent', temperature: Number(temperature) }, [of('z_i'), of('z_j')]);
    const add = (name: string, reference: string): number =>
      checks.push(
        checkParity(file, {
          name: `${reference} at temperature ${temperature}`,
          ours: defined(outputs[name], name),
          reference: of(reference).data,
          tolerance: objectiveTolerance,
        }),
      );
    add('loss', 'loss');
    add('a', 'grad_i');
    add('b', 'grad_j');
  }
  return checks;
}

async function checkVicreg(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors } = await readSafetensors(path);
  const settings = { kind: 'vicreg', invariance: 25, variance: 25, covariance: 1, gamma: 1, normalisation: 'code' } as const;
  const outputs = await runObjective(settings, [tensorOf(tensors, 'z_i'), tensorOf(tensors, 'z_j')]);
  const unweighted = (name: 'invariance' | 'variance' | 'covariance'): number[] => [
    (defined(outputs[name], name)[0] ?? NaN) / settings[name],
  ];
  const rows: [string, ArrayLike<number>][] = [
    ['loss', defined(outputs['loss'], 'loss')],
    ['invariance', unweighted('invariance')],
    ['variance', unweighted('variance')],
    ['covariance', unweighted('covariance')],
    ['grad_i', defined(outputs['a'], 'a')],
    ['grad_j', defined(outputs['b'], 'b')],
  ];
  return rows.map(([name, ours]) =>
    checkParity(file, { name, ours, reference: tensorOf(tensors, name).data, tolerance: objectiveTolerance }),
  );
}

async function checkOptimizer(path: string, settings: OptimizerSettings & { learningRate: number }): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors } = await readSafetensors(path);
  const optimizer = createOptimizer(settings);
  const checks: ParityCheck[] = [];
  for (const parameter of ['w', 'b']) {
    const { shape, data } = tensorOf(tensors, `${parameter}.0`);
    const inputs = ['weight', 'gradient', ...optimizer.slots].map((name) => ({ name, type: 'float32' as const, shape }));
    const graph = record({
      name: 'optimiser',
      inputs: [...inputs, { name: 'step', type: 'float32', shape: [] }],
      run: (given) => {
        const scalars = { learningRate: tf.scalar(settings.learningRate), step: given['step'] as tf.Scalar };
        const next = optimizer.at(scalars)({ weight: given['weight'] as Tensor, gradient: given['gradient'] as Tensor, state: given });
        return {
          weightAfter: next.weight,
          ...Object.fromEntries(Object.entries(next.state).map(([name, tensor]) => [`${name}After`, tensor])),
        };
      },
    });
    const session = await openSession({ graph, device: 'cpu' });
    let weight = data;
    let state: Record<string, Float32Array> = Object.fromEntries(optimizer.slots.map((slot) => [slot, new Float32Array(data.length)]));
    for (let step = 1; tensors.has(`g${parameter}.${step}`); step++) {
      const slots = Object.fromEntries(Object.entries(state).map(([name, values]) => [name, { shape, data: values }]));
      const gradient = { shape, data: tensorOf(tensors, `g${parameter}.${step}`).data };
      const outputs = await session.run({
        weight: { shape, data: weight },
        gradient,
        ...slots,
        step: { shape: [], data: Float32Array.of(step) },
      });
      weight = defined(outputs['weightAfter'], 'weight').data as Float32Array;
      state = Object.fromEntries(optimizer.slots.map((slot) => [slot, defined(outputs[`${slot}After`], slot).data as Float32Array]));
      const reference = tensorOf(tensors, `${parameter}.${step}`).data;
      checks.push(checkParity(file, { name: `${parameter} after step ${step}`, ours: weight, reference, tolerance: optimizerTolerance }));
    }
    await session.close();
  }
  return checks;
}
