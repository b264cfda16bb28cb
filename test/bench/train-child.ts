/**
 * @file Earmark's part of the training bench, in a process of its own so that its memory can be told. Arguments: a batch, and a run's settings as JSON.
 * Prints a line of JSON when it has warmed up, with the seconds of a step; then, for each number on stdin, takes so many steps and prints seconds a step
 * and the peak of its memory.
 */
import { createInterface } from 'node:readline';
import { seededRandom } from '../../src-main/base/index.ts';
import { openTrainer } from '../../src-main/compute/index.ts';
import { isHeard, createModel, sizeOf } from '../../src-main/learn/index.ts';
import type { ModelSettings } from '../../src-main/learn/index.ts';
import { drawPart } from '../../src-main/worker/feed/parts.ts';

const batch = Number(process.argv[2]);
const model = createModel(JSON.parse(process.argv[3] ?? '') as ModelSettings);
const { method } = model;
const random = seededRandom(1);
const parts = method.parts.map((part) => {
  const heard = (): Float32Array => Float32Array.from({ length: batch * sizeOf(part.shape) }, () => random.normal() * 0.1);
  return [part.name, isHeard(part) ? heard() : drawPart(part, batch, random)] as const;
});
const trainer = await openTrainer({ model, device: 'cpu', batch, chunk: null, weights: method.initialise(1) });
let step = 0;

async function timed(count: number): Promise<number> {
  const startedAt = performance.now();
  for (let i = 0; i < count; i++) await trainer.step({ batch: Object.fromEntries(parts), learningRate: 3e-4, step: ++step });
  return (performance.now() - startedAt) / 1000 / count;
}

await timed(1);
process.stdout.write(`${JSON.stringify({ seconds: await timed(1) })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const seconds = await timed(Number(line));
  process.stdout.write(`${JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 })}\n`);
}
await trainer.close();
