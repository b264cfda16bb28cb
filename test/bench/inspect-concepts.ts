/** @file Learning concepts: how long it takes, what they explain, and its loss beside that of its twin in PyTorch on the same rows, first weights and order. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../src-main/base/index.ts';
import { BatchOrder } from '../../src-main/compute/concepts/batch-order.ts';
import { learnConcepts } from '../../src-main/compute/index.ts';
import { concepts } from '../../src-main/learn/index.ts';
import { auxiliaryShare } from '../../src-main/learn/concepts/settings.ts';
import type { BenchRow } from './bench-result.ts';
import { askPyTorch } from './probe-python.ts';

/** How much is learnt from. */
export type ConceptSize = { segments: number; dimensions: number; latents: number; steps: number };

/** What is stated: as many latents and steps as are usual. */
export const statedConcepts: ConceptSize = {
  segments: 200_000,
  dimensions: 512,
  latents: 1024,
  steps: concepts.conceptSettings.steps.usual,
};

/** Things that rows are made of, how many of them a row has, and how much noise is upon them. */
const [things, perRow, noise] = [700, 12, 0.05];

/** Rows `[segments, dimensions]`, each a few of many directions in different amounts. */
function madeRows({ segments, dimensions }: ConceptSize): Float32Array {
  const random = seededRandom(3);
  const directions = Float32Array.from({ length: things * dimensions }, () => random.normal() / Math.sqrt(dimensions));
  const drawn = Float32Array.from({ length: 65_536 }, () => noise * random.normal());
  const rows = new Float32Array(segments * dimensions);
  for (let row = 0; row < segments; row++) {
    const [own, from] = [rows.subarray(row * dimensions, (row + 1) * dimensions), random.below(65_536)];
    for (let at = 0; at < dimensions; at++) own[at] = drawn[(from + at * 7) & 65_535] as number;
    for (let one = 0; one < perRow; one++) {
      const [thing, amount] = [random.below(things) * dimensions, Math.abs(random.normal())];
      for (let at = 0; at < dimensions; at++) own[at] = (own[at] as number) + amount * (directions[thing + at] as number);
    }
  }
  return rows;
}

/** Learns, and has PyTorch learn. */
export async function conceptRows(size: ConceptSize): Promise<BenchRow[]> {
  const { segments, dimensions, latents, steps } = size;
  const { active, learningRate, seed } = concepts.conceptSettings;
  const settings = { latents, steps, active: active.usual, learningRate: learningRate.usual, seed: seed.usual };
  const rows = madeRows(size);
  const start = performance.now();
  const found = await learnConcepts({ rows, dimensions, settings }, { passed: () => Promise.resolve(), onStep: () => undefined });
  const seconds = (performance.now() - start) / 1000;
  const twin = besideTwin(rows, size, settings);
  const what = `concepts: ${latents} latents, ${steps} steps over ${segments} × ${dimensions}`;
  const beside = (value: number, read: (answer: Twin) => number, digits: number): Pick<BenchRow, 'against' | 'ratio'> =>
    typeof twin === 'string'
      ? { against: twin }
      : { against: `${twin.version}: ${read(twin.answer).toFixed(digits)}`, ratio: value / read(twin.answer) };
  return [
    { what, value: seconds, unit: 's', ...beside(seconds, (answer) => answer.seconds, 1) },
    { what: `${what}: loss of the last steps`, value: found.loss, unit: '', ...beside(found.loss, ({ loss }) => loss, 5) },
    { what: `${what}: share of variance explained`, value: found.explained, unit: '' },
    { what: `${what}: dead latents`, value: found.dead, unit: 'latents' },
    { what: `${what}: active of a segment`, value: found.active, unit: 'latents' },
  ];
}

type Twin = { seconds: number; loss: number; dead: number };

function besideTwin(rows: Float32Array, size: ConceptSize, settings: concepts.ConceptSettings): ReturnType<typeof askPyTorch<Twin>> {
  const { segments, dimensions, latents, steps } = size;
  const batch = Math.min(concepts.mostBatch, segments);
  const directory = mkdtempSync(join(tmpdir(), 'earmark-concepts-'));
  try {
    const order = new BatchOrder(segments, batch, settings.seed);
    const all = new Int32Array(steps * batch);
    for (let step = 0; step < steps; step++) all.set(order.at(step), step * batch);
    const rates = Array.from({ length: steps }, (_, step) => concepts.conceptRate(settings, step));
    const told = { dimensions, latents, batch, steps, active: settings.active, rates, auxiliaryShare };
    const { deadAfterSteps, mostRevived } = concepts;
    writeFileSync(
      join(directory, 'settings.json'),
      JSON.stringify({ ...told, deadAfterSteps, mostRevived: mostRevived(dimensions, latents) }),
    );
    // Learning has brought them to mean 0 and deviation 1 in place.
    writeFileSync(join(directory, 'rows'), rows);
    writeFileSync(join(directory, 'order'), all);
    const drawn = concepts.drawAutoencoder(dimensions, latents, settings.seed).get('decoder.weight');
    writeFileSync(join(directory, 'directions'), drawn?.data as Float32Array);
    return askPyTorch<Twin>([directory], 'concepts.py');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
