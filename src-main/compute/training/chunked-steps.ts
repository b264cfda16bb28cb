/**
 * @file Steps whose batch is computed chunk by chunk, for batches beyond a device's memory: embed every chunk, compare all embeddings, go back through
 * every chunk with its share of the gradient, update once. The gradients are those of the whole batch, with each chunk as a group of batch norm.
 */
import { defined } from '../../base/index.ts';
import { sizeOf } from '../../learn/index.ts';
import type { NamedShape, Parameter, Pieces } from '../../learn/index.ts';
import type { OnnxDeviceId } from '../devices/device.ts';
import { record } from '../record/record.ts';
import type { SessionArray } from '../session.ts';
import { backwardGraph, chunkInput, compareGraph, embedGraph, gradientPrefix, updateGraph } from './graphs.ts';
import type { PieceOptions } from './graphs.ts';
import { evaluator } from './evaluation.ts';
import { Residents } from './resident.ts';
import { numbers, partArrays, scalar, toldIn } from './step-arrays.ts';
import type { OpenSteps, StepInput, Steps } from './steps.ts';

type Options = OpenSteps<OnnxDeviceId> & { chunk: number; pieces: Pieces };
type Run = Awaited<ReturnType<Residents['open']>>;
type Passes = { embed: Run; back: Run };
/** A chunk of what is embedded under a name: `size` items from item `start`, of parts with these shapes of an item. */
type Piece = { name: string; size: number; start: number; parts: readonly NamedShape[]; run: Passes };

/** Opens the pieces. The last chunk may be smaller than the others. */
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
      for (const piece of chunks) {
        const gradient = itemsOf(numbers(compared, `${gradientPrefix}${piece.name}`), piece, rows.slice(1));
        await piece.run.back({ ...chunkOf(parts, piece), gradient });
      }
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
  const shapes = new Map(model.method.parts.map((part) => [part.name, part]));
  const known = new Map<string, Passes>();
  const opened: Piece[] = [];
  for (const [name, names] of Object.entries(pieces.embedded)) {
    const parts = names.map((part) => defined(shapes.get(part), part));
    for (const [index, size] of sizes.entries()) {
      const items = parts.map(({ shape }) => [size, ...shape]);
      const run = known.get(JSON.stringify(items)) ?? (await openPasses(residents, options, items));
      known.set(JSON.stringify(items), run);
      opened.push({ name, size, start: index * chunk, parts, run });
    }
  }
  return opened;
}

async function openPasses(residents: Residents, options: PieceOptions, shapes: readonly (readonly number[])[]): Promise<Passes> {
  return {
    embed: await residents.open(record(embedGraph(options, shapes))),
    back: await residents.open(record(backwardGraph(options, shapes))),
  };
}

/** All embeddings by name. @param rows `[batch, dimensions]` */
async function embed(
  chunks: readonly Piece[],
  parts: StepInput['batch'],
  rows: readonly number[],
): Promise<Record<string, { shape: readonly number[]; data: Float32Array }>> {
  const embeddings: Record<string, { shape: readonly number[]; data: Float32Array }> = {};
  const [, dimensions = 0] = rows;
  for (const piece of chunks) {
    const outputs = await piece.run.embed(chunkOf(parts, piece));
    const own = (embeddings[piece.name] ??= { shape: rows, data: new Float32Array(sizeOf(rows)) });
    own.data.set(numbers(outputs, 'embedding'), piece.start * dimensions);
  }
  return embeddings;
}

/** What a chunk is embedded from, by the names of the graphs' inputs. */
function chunkOf(given: StepInput['batch'], piece: Piece): Record<string, SessionArray> {
  return Object.fromEntries(
    piece.parts.map(({ name, shape }, index) => [chunkInput(index), itemsOf(defined(given[name], name), piece, shape)]),
  );
}

/** A piece's items. @param shape of one item */
function itemsOf(all: Float32Array, { start, size }: Pick<Piece, 'start' | 'size'>, shape: readonly number[]): SessionArray {
  const width = sizeOf(shape);
  return { shape: [size, ...shape], data: all.subarray(start * width, (start + size) * width) };
}
