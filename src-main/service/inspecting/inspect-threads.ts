/** @file Threads that look at an index's neurons, some neurons each. */
import { availableParallelism } from 'node:os';
import type { Candidate, Chance, NeuronSums } from '../../inspect/index.ts';
import { askThread } from './ask-thread.ts';
import type { InspectOrder, NamesOrder, RowsOrder } from './inspect-messages.ts';

/** More would only wait for the disk, and the core wants one too. */
const mostThreads = 4;
/** Neurons below which a second thread is not worth its start. */
const fewNeurons = 64;

/** How a look is followed. */
export type LookOptions = { entry: URL; signal: AbortSignal; onProgress: (done: number) => void };

/** What neurons have to do with labels; candidates are null for a neuron that gives one number. */
export type Compared = { candidates: (Candidate[] | null)[]; chance: Chance };

/** Labels, and what neurons give on tracks. */
export type CompareOrder = Omit<NamesOrder, 'features'> & { dimensions: number; tracks: number };

/** Adds rows to what is kept of neurons. @throws AppError of the file system; `CANCELLED` */
export async function readRows(order: Omit<RowsOrder, 'features'>, options: LookOptions): Promise<NeuronSums[]> {
  const { before } = order;
  const parts = await together(options, (ask) =>
    partsOf(order.dimensions).map((features) => {
      const own = before === null ? null : Array.from(features, (feature) => before[feature] as NeuronSums);
      return ask<NeuronSums[]>({ kind: 'rows', ...order, features, before: own });
    }),
  );
  return parts.flat();
}

/** Compares neurons with labels, and with what labels give by chance. @throws AppError `CANCELLED` */
export async function compareLabels({ dimensions, tracks, parts, labels }: CompareOrder, options: LookOptions): Promise<Compared> {
  const found = await together(options, (ask) => [
    ask<Chance>({ kind: 'chance', members: labels.members, tracks }).then((chance): Partial<Compared> => ({ chance })),
    ...partsOf(dimensions).map((features) =>
      ask<(Candidate[] | null)[]>({ kind: 'names', features, parts, labels }).then((candidates): Partial<Compared> => ({ candidates })),
    ),
  ]);
  const chance = found.find((one) => one.chance !== undefined)?.chance ?? { kind: 'counted', labels: labels.members.length };
  return { chance, candidates: found.flatMap((one) => one.candidates ?? []) };
}

/** Neurons by their numbers, in as many parts as there are threads. */
function partsOf(dimensions: number): Int32Array[] {
  const threads = dimensions < fewNeurons ? 1 : Math.min(mostThreads, availableParallelism());
  const each = Math.ceil(dimensions / threads);
  const all = Int32Array.from({ length: dimensions }, (_, feature) => feature);
  return Array.from({ length: threads }, (_, thread) => all.slice(thread * each, (thread + 1) * each));
}

type Ask = <Result>(order: InspectOrder) => Promise<Result>;

/** Asks threads at once; when one fails, the others have nothing to work for. */
async function together<Result>({ entry, signal, onProgress }: LookOptions, start: (ask: Ask) => Promise<Result>[]): Promise<Result[]> {
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const done: number[] = [];
  const asked = start((order) => {
    const place = done.push(0) - 1;
    const tell = (own: number): void => {
      done[place] = own;
      onProgress(done.reduce((sum, one) => sum + one, 0));
    };
    return askThread(order, { entry, signal: until, onProgress: tell });
  });
  try {
    return await Promise.all(asked);
  } catch (error) {
    ended.abort();
    await Promise.allSettled(asked);
    throw error;
  }
}
