/**
 * @file Takes the same steps on the processor and on WebGPU, and prints the losses of both as JSON. A process of its own, since a driver may end it.
 * Argument: how many steps.
 */
import { seededRandom } from '../../../src-main/base/index.ts';
import { openTrainer } from '../../../src-main/compute/index.ts';
import type { training } from '../../../src-main/learn/index.ts';
import { createObjective, createOptimizer, createProjector, createSampleCnn, twoViews } from '../../../src-main/learn/index.ts';
import { viewsOf } from '../views.ts';

const steps = Number(process.argv[2]);
const batch = 6;
const encoder = createSampleCnn({ sampleRate: 8000, strides: [3, 3, 2], channels: [8, 8, 12, 16, 16] });
const losses: Record<string, number[]> = {};
for (const kind of ['nt-xent', 'vicreg'] as const) {
  const projector = createProjector({ kind: 'mlp', hidden: [16], dimensions: 8, batchNorm: kind === 'vicreg' }, encoder.dimensions);
  const objective = createObjective(
    kind === 'nt-xent'
      ? { kind, temperature: 0.5 }
      : { kind, invariance: 25, variance: 25, covariance: 1, gamma: 1, normalisation: 'code' },
  );
  const model: training.TrainingModel = {
    method: twoViews({ encoder, projector, objective }),
    optimizer: createOptimizer({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-6 }),
  };
  for (const device of ['cpu', 'webgpu'] as const) {
    const trainer = await openTrainer({ model, device, batch, chunk: null, weights: model.method.initialise(1) });
    const own: number[] = [];
    for (let step = 1; step <= steps; step++) {
      const random = seededRandom(step);
      const waves = Float32Array.from({ length: 2 * batch * encoder.cropSamples }, () => random.normal() * 0.2);
      own.push((await trainer.step({ batch: viewsOf(waves), learningRate: 1e-3, step })).loss);
    }
    await trainer.close();
    losses[`${kind} ${device}`] = own;
  }
}
process.stdout.write(`${JSON.stringify(losses)}\n`);
