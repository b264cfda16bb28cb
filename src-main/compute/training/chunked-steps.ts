/**
 * @file Steps whose batch is computed chunk by chunk, for batches beyond a device's memory: embed every chunk, compare all embeddings, go back through
 * every chunk with its share of the gradient, update once. The gradients are those of the whole batch, with each chunk as a group of batch norm.
 */
import { defined } from '../../base/index.ts';
import { sizeOf } from '../../learn/index.ts';
import type { Parameter, Pieces } from '../../learn/index.ts';
import type { OnnxDeviceId } from '../devices/device.ts';
import { record } from '../record/record.ts';
import type { SessionArray } from '../session.ts';
import { backwardGraph, compareGraph, embedGraph, gradientPrefix, updateGraph } from './graphs.ts';
import type { PieceOptions } from './graphs.ts';
import { evaluator } from './evaluation.ts';
import { Residents } from './resident.ts';
import { numbers, partArrays, scalar, toldIn } from './step-arrays.ts';
import type { OpenSteps, StepInput, Steps } from './steps.ts';

type Options = OpenSteps<OnnxDeviceId> & { chunk: number; pieces: Pieces };
type Run = Awaited<ReturnType<Residents['open']>>;
type Passes = { embed: Run; back: Run };
/** A chunk of a part: `size` items from item `start`, each of `width` numbers. */
type Piece = { part: string; size: number; start: number; shape: readonly number[]; run: Passes };

/** Opens the pieces. The last chunk of a part may be smaller than the others. */
export async function openChunkedSteps(options: Options): Promise<Steps> {
  const { device, threads, pieces, batch, model } = options;
  const residents = new Residents(device, threads);
  for (const [name, array] of [...options.weights, ...options.state]) await residents.put(name, array);
  const clear = (parameters: readonly Parameter[]): Promise<void> => clearGradients(residents, parameters);
  await clear(pieces.embedding);
  await clear(pieces.comparing);
  const chunks = await openPieces(residents, options);
  const compare = await residents.open(record(compareGraph(options)));
  const update = await residents.open(record(updateGraph(options)));
  const rows = [batch, model.method.encoder.dimensions];
  const beside = model.method.parts.filter(({ name }) => pieces.beside?.includes(name));
  return {
    take: async ({ batch: parts, learningRate, step }) => {
      const embeddings = await embed(chunks, parts, rows);
      const compared = await compare({ ...embeddings, ...partArrays({ parts: beside }, batch, parts) });
      const gradients = Object.fromEntries(pieces.parts.map((part) => [part, numbers(compared, `${gradientPrefix}${part}`)]));
      for (const piece of chunks)
        await piece.run.back({ part: itemsOf(parts, piece, piece.shape), gradient: itemsOf(gradients, piece, rows.slice(1)) });
      const updated = await update({ learningRate: scalar(learningRate), step: scalar(step) });
      await clear(pieces.embedding);
      return { ...toldIn(compared), gradientNorms: numbers(updated, 'gradientNorms') };
    },
    evaluate: evaluator(options, residents),
    read: (names) => residents.read(names),
    close: () => residents.close(),
  };
}

/** Sets the sums of gradients of some weights to zero. */
async function clearGradients(residents: Residents, parameters: readonly Parameter[]): Promise<void> {
  for (const { name, shape, isTrained } of parameters)
    if (isTrained) await residents.put(`${gradientPrefix}${name}`, { shape, data: new Float32Array(sizeOf(shape)) });
}

async function openPieces(residents: Residents, options: Options): Promise<Piece[]> {
  const { batch, chunk, pieces, model } = options;
  const sizes = Array.from({ length: Math.ceil(batch / chunk) }, (_, index) => Math.min(chunk, batch - index * chunk));
  const known = new Map<string, Passes>();
  const opened: Piece[] = [];
  for (const part of pieces.parts) {
    const { shape } = defined(
      model.method.parts.find(({ name }) => name === part),
      part,
    );
    for (const [index, size] of sizes.entries()) {
      const run = known.get(`${size}:${shape.join()}`) ?? (await openPasses(residents, options, [size, ...shape]));
      known.set(`${size}:${shape.join()}`, run);
      opened.push({ part, size, start: index * chunk, shape, run });
    }
  }
  return opened;
}

async function openPasses(residents: Residents, options: PieceOptions, part: readonly number[]): Promise<Passes> {
  return {
    embed: await residents.open(record(embedGraph(options, part))),
    back: await residents.open(record(backwardGraph(options, part))),
  };
}

/** Embeddings of all parts by name. @param rows `[batch, dimensions]` */
async function embed(
  chunks: readonly Piece[],
  parts: StepInput['batch'],
  rows: readonly number[],
): Promise<Record<string, { shape: readonly number[]; data: Float32Array }>> {
  const embeddings: Record<string, { shape: readonly number[]; data: Float32Array }> = {};
  const [, dimensions = 0] = rows;
  for (const piece of chunks) {
    const outputs = await piece.run.embed({ part: itemsOf(parts, piece, piece.shape) });
    const own = (embeddings[piece.part] ??= { shape: rows, data: new Float32Array(sizeOf(rows)) });
    own.data.set(numbers(outputs, 'embedding'), piece.start * dimensions);
  }
  return embeddings;
}

/** A piece's items of what is given by part. @param shape of one item */
function itemsOf(parts: Readonly<Record<string, Float32Array>>, { part, start, size }: Piece, shape: readonly number[]): SessionArray {
  const width = sizeOf(shape);
  return { shape: [size, ...shape], data: defined(parts[part], part).subarray(start * width, (start + size) * width) };
}
