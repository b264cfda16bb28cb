/** @file What was learnt, measured over an index: the threshold of concepts, what they explain, and which are never active. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { concepts } from '../../learn/index.ts';
import type { WeightTensors } from '../../learn/index.ts';
import type { OnnxValue } from '../onnx/graph.ts';
import { record } from '../record/record.ts';
import type { SessionArray } from '../session.ts';
import type { Residents } from '../training/resident.ts';

/** How much is worked on at a time. */
export type Sizes = { batch: number; dimensions: number; settings: concepts.ConceptSettings };

const value = (name: string, shape: readonly number[]): OnnxValue => ({ name, type: 'float32', shape });

/** Rows that are looked at for the threshold and the figures: batches, spread over all. */
const mostMeasured = 64;

/** What was found: shares between 0 and 1; `active`: concepts of a segment on average. */
export type Measured = { threshold: number; told: { explained: number; active: number; dead: number } };

/** The threshold, then of all rows, or batches spread over them, what is explained and which latents are never active. */
export async function measureConcepts(
  rows: Float32Array,
  { batch, dimensions, settings }: Sizes,
  { residents, passed }: { residents: Residents; passed: () => Promise<void> },
): Promise<Measured> {
  const parameters = concepts.autoencoderParameters(dimensions, settings.latents);
  const inputs = [value('rows', [batch, dimensions]), ...parameters.map((own) => value(own.name, own.shape))];
  const rowsOf = (given: WeightTensors): Tensor2D => defined(given['rows'], 'rows') as Tensor2D;
  const least = await residents.open(
    record({ name: 'least activation', inputs, run: (given) => ({ least: concepts.leastKept(given, rowsOf(given), settings.active) }) }),
  );
  const figures = await residents.open(
    record({
      name: 'what concepts explain',
      inputs: [...inputs, value('threshold', [1])],
      run: (given) => concepts.measured(given, rowsOf(given), defined(given['threshold'], 'threshold')),
    }),
  );
  const blocks = [...spreadBlocks(rows.length / dimensions, batch)];
  const blockAt = async (first: number): Promise<SessionArray> => {
    await passed();
    return { shape: [batch, dimensions], data: rows.slice(first * dimensions, (first + batch) * dimensions) };
  };
  let threshold = 0;
  for (const first of blocks) threshold += ((await least({ rows: await blockAt(first) }))['least']?.data[0] ?? 0) / blocks.length;
  const counts = new Float64Array(settings.latents);
  let [left, whole] = [0, 0];
  for (const first of blocks) {
    const result = await figures({ rows: await blockAt(first), threshold: { shape: [1], data: Float32Array.of(threshold) } });
    left += result['left']?.data[0] ?? 0;
    for (let at = first * dimensions; at < (first + batch) * dimensions; at++) whole += (rows[at] as number) ** 2;
    for (const [latent, count] of (result['counts']?.data ?? []).entries()) counts[latent] = (counts[latent] ?? 0) + count;
  }
  const segments = blocks.length * batch;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { threshold, told: { explained: 1 - left / whole, active: total / segments, dead: counts.filter((count) => count === 0).length } };
}

function* spreadBlocks(rows: number, batch: number): Generator<number> {
  const all = Math.floor(rows / batch);
  const count = Math.min(all, mostMeasured);
  for (let place = 0; place < count; place++) yield Math.floor((place * all) / count) * batch;
}
