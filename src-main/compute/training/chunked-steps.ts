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
/** A chunk of a view: `size` clips from clip `start` of the batch. */
type Piece = { size: number; start: number; run: Passes };

/** Opens the pieces. The last chunk of a view may be smaller than the others. */
export async function openChunkedSteps(options: OpenSteps<OnnxDeviceId> & { chunk: number }): Promise<Steps> {
  const { model, device, threads } = options;
  const residents = new Residents(device, threads);
  for (const [name, array] of [...options.weights, ...options.state]) await residents.put(name, array);
  const clear = (part: 'encoder' | 'projector'): Promise<void> => clearGradients(residents, model, part);
  await clear('encoder');
  await clear('projector');
  const pieces = await openPieces(residents, options);
  const objective = await residents.open(record(objectiveGraph(options)));
  const update = await residents.open(record(updateGraph(options)));
  return {
    take: async ({ waves, learningRate, step }) => {
      const embeddings = await embed(pieces, model, waves);
      const shape = [options.batch, model.encoder.dimensions];
      const half = embeddings.length / 2;
      const compared = await objective({
        first: { shape, data: embeddings.subarray(0, half) },
        second: { shape, data: embeddings.subarray(half) },
      });
      await goBack(pieces, model, { waves, compared });
      const updated = await update({ learningRate: scalar(learningRate), step: scalar(step) });
      await clear('encoder');
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

/** Sets the sums of gradients of a part's weights to zero. */
async function clearGradients(residents: Residents, model: training.TrainingModel, part: 'encoder' | 'projector'): Promise<void> {
  const own = training.trainedParameters(model).filter(({ name }) => name.startsWith(`${part}.`));
  for (const { name, shape } of own)
    await residents.put(`${gradientPrefix}${name}`, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
}

async function openPieces(residents: Residents, options: OpenSteps<OnnxDeviceId> & { chunk: number }): Promise<Piece[]> {
  const { batch, chunk } = options;
  const graphs: GraphOptions = options;
  const sizes = Array.from({ length: Math.ceil(batch / chunk) }, (_, index) => Math.min(chunk, batch - index * chunk));
  const passes = new Map<number, Passes>();
  for (const size of new Set(sizes))
    passes.set(size, {
      embed: await residents.open(record(embedGraph(graphs, size))),
      back: await residents.open(record(backwardGraph(graphs, size))),
    });
  return [0, 1].flatMap((view) =>
    sizes.map((size, index) => ({ size, start: view * batch + index * chunk, run: defined(passes.get(size), 'the passes of a size') })),
  );
}

/** Embeddings of all pieces: `[2 · batch, dimensions]`. */
async function embed(pieces: readonly Piece[], { encoder }: training.TrainingModel, waves: Float32Array): Promise<Float32Array> {
  const { dimensions, cropSamples } = encoder;
  const embeddings = new Float32Array((waves.length / cropSamples) * dimensions);
  for (const piece of pieces) {
    const outputs = await piece.run.embed({ wave: rowsOf(waves, piece, cropSamples) });
    embeddings.set(numbers(outputs, 'embedding'), piece.start * dimensions);
  }
  return embeddings;
}

/** Adds every piece's gradients to the sums on the device. */
async function goBack(
  pieces: readonly Piece[],
  { encoder }: training.TrainingModel,
  { waves, compared }: { waves: Float32Array; compared: Parameters<typeof numbers>[0] },
): Promise<void> {
  const gradients = Float32Array.from([...numbers(compared, 'firstGradient'), ...numbers(compared, 'secondGradient')]);
  for (const piece of pieces)
    await piece.run.back({
      wave: rowsOf(waves, piece, encoder.cropSamples),
      gradient: rowsOf(gradients, piece, encoder.dimensions),
    });
}

/** A piece's rows of `[2 · batch, width]`. */
function rowsOf(all: Float32Array, { start, size }: Piece, width: number): { shape: number[]; data: Float32Array } {
  return { shape: [size, width], data: all.subarray(start * width, (start + size) * width) };
}
