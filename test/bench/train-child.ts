/**
 * @file Earmark's part of the training bench, in a process of its own so that its memory can be told. Argument: a batch. Prints a line of JSON when it
 * has warmed up; then, for each line on stdin, takes steps and prints seconds a step and the peak of its memory.
 */
import { createInterface } from 'node:readline';
import { seededRandom } from '../../src-main/base/index.ts';
import { openTrainer } from '../../src-main/compute/index.ts';
import { createObjective, createOptimizer, createProjector, findEncoder, twoViews } from '../../src-main/learn/index.ts';

const steps = 2;
const batch = Number(process.argv[2]);
const encoder = findEncoder('sample-cnn', 22050);
const projector = createProjector({ kind: 'mlp', hidden: [512], dimensions: 64, batchNorm: false }, encoder.dimensions);
const model = {
  method: twoViews({ encoder, projector, objective: createObjective({ kind: 'nt-xent', temperature: 0.5 }) }),
  optimizer: createOptimizer({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-6 }),
};
const random = seededRandom(1);
const view = (): Float32Array => Float32Array.from({ length: batch * encoder.cropSamples }, () => random.normal() * 0.1);
const views = { first: view(), second: view() };
const trainer = await openTrainer({ model, device: 'cpu', batch, chunk: null, weights: model.method.initialise(1) });
let step = 0;
const take = (): Promise<unknown> => trainer.step({ batch: views, learningRate: 3e-4, step: ++step });
for (let warmUp = 0; warmUp < 2; warmUp++) await take();
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
while (!(await lines.next()).done) {
  const startedAt = performance.now();
  for (let i = 0; i < steps; i++) await take();
  const seconds = (performance.now() - startedAt) / 1000 / steps;
  process.stdout.write(`${JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 })}\n`);
}
await trainer.close();
