/**
 * @file Steps whose batch is computed chunk by chunk, for batches beyond a device's memory: embed every chunk, compare all embeddings, go back through
 * every chunk with its share of the gradient, update once. The gradients are those of the whole batch, with each chunk as a group of batch norm.
 */
import { defined } from '../../base/index.ts';
import { training } from '../../learn/index.ts';
import type { OnnxDeviceId } from '../devices/device.ts';
import { record } from '../record/record.ts';
import { backwardGraph, embedGraph, gradientPrefix, objectiveGraph, updateGraph } from './graphs.ts';
import type { GraphOptions } from './graphs.ts';
import { Residents } from './resident.ts';
import { numbers, partsIn, scalar } from './step-arrays.ts';
import type { OpenSteps, Steps } from './steps.ts';

type Run = Awaited<ReturnType<Residents['open']>>;
type Passes = { embed: Run; back: Run };

/** Opens the pieces. The last chunk of a view may be smaller than the others. */
export async function openChunkedSteps(options: OpenSteps<OnnxDeviceId> & { chunk: number }): Promise<Steps> {
  const { model, batch, chunk, device, threads } = options;
  const residents = new Residents(device, threads);
  for (const [name, array] of [...options.weights, ...options.state]) await residents.put(name, array);
  const encoderWeights = training.modelParameters(model).filter(({ name }) => name.startsWith('encoder.') && training.isTrainable(name));
  const clear = async (): Promise<void> => {
    for (const { name, shape } of encoderWeights)
      await residents.put(`${gradientPrefix}${name}`, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
  };
  await clear();
  for (const { name, shape } of training
    .modelParameters(model)
    .filter(({ name }) => name.startsWith('projector.') && training.isTrainable(name)))
    await residents.put(`${gradientPrefix}${name}`, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
  const sizes = Array.from({ length: Math.ceil(batch / chunk) }, (_, index) => Math.min(chunk, batch - index * chunk));
  const passes = new Map<number, Passes>();
  const graphs: GraphOptions = options;
  for (const size of new Set(sizes))
    passes.set(size, {
      embed: await residents.open(record(embedGraph(graphs, size))),
      back: await residents.open(record(backwardGraph(graphs, size))),
    });
  const objective = await residents.open(record(objectiveGraph(graphs)));
  const update = await residents.open(record(updateGraph(graphs)));
  const { cropSamples, dimensions } = model.encoder;
  const pieces = [0, 1].flatMap((view) =>
    sizes.map((size, index) => ({ size, start: view * batch + index * chunk, run: defined(passes.get(size), 'the passes of a size') })),
  );
  const waveOf = (waves: Float32Array, { start, size }: { start: number; size: number }): { shape: number[]; data: Float32Array } => ({
    shape: [size, cropSamples],
    data: waves.subarray(start * cropSamples, (start + size) * cropSamples),
  });
  return {
    take: async ({ waves, learningRate, step }) => {
      const embeddings = new Float32Array(2 * batch * dimensions);
      for (const piece of pieces) {
        const outputs = await piece.run.embed({ wave: waveOf(waves, piece) });
        embeddings.set(numbers(outputs, 'embedding'), piece.start * dimensions);
      }
      const half = batch * dimensions;
      const shape = [batch, dimensions];
      const compared = await objective({
        first: { shape, data: embeddings.subarray(0, half) },
        second: { shape, data: embeddings.subarray(half) },
      });
      const gradients = Float32Array.from([...numbers(compared, 'firstGradient'), ...numbers(compared, 'secondGradient')]);
      for (const piece of pieces) {
        const { start, size } = piece;
        const gradient = { shape: [size, dimensions], data: gradients.subarray(start * dimensions, (start + size) * dimensions) };
        await piece.run.back({ wave: waveOf(waves, piece), gradient });
      }
      const updated = await update({ learningRate: scalar(learningRate), step: scalar(step) });
      await clear();
      return {
        loss: numbers(compared, 'loss')[0] ?? NaN,
        parts: partsIn(compared),
        gradientNorms: numbers(updated, 'gradientNorms'),
        embeddings,
        projections: numbers(compared, 'projections'),
      };
    },
    read: (names) => residents.read(names),
    close: () => residents.close(),
  };
}
