/**
 * @file How much memory training takes at its peak, and the chunks in which a batch stays within a limit. Counted are the process; the weights, the optimiser's
 * state and the gradients of a step; the parts of two batches; what is kept of each clip; and, while a checkpoint is saved, the tensors as they are read from
 * the device and once more as the bytes of the file. A device keeps what a step took, so that the copies of a checkpoint come on top of it.
 */
import { AppError } from '../base/index.ts';
import { isHeard } from './methods/method.ts';
import type { Method } from './methods/method.ts';
import { createModel } from './model.ts';
import type { ModelSettings } from './model.ts';
import { sizeOf } from './parameters.ts';

/** What decides how much memory a step takes. */
export type StepSettings = ModelSettings & { batch: number; chunk: number | null; memoryMegabytes: number | null };

/** The process with its runtimes, graphs and threads, in bytes; measured on Linux. */
const processBytes = 550e6;
/**
 * Peak of a step against the activations that it must hold: gradients, what is computed again, and gaps between allocations come on top. Measured with
 * SampleCNN at 22 050 Hz between batches of 4 and 48 pairs. Of the others, at batches of 4 and of 8: Music2Vec’s small encoder at 16 kHz took 1.0 and 1.6 GB,
 * and this says 1.8 and 2.8; CPC 1.2 and 1.6 GB (2.1 at 16), and this says 1.2 and 1.6 (2.4); ResNet-50 1.8 and 2.2 GB, and this says 2.0 and 2.5. ResNet-18
 * took 1.0 GB at 4 and 1.5 at 16, as this says.
 */
const overhead = 2.3;
const bytesPerNumber = 4;
/** Weights, gradients, the optimiser's state, and the next ones of all while a step ends; of what follows (running statistics, a teacher) itself and the next. */
const [copiesOfTrained, copiesOfOthers] = [8, 2];
/** Of each number of a checkpoint: as it was read, and in the file's bytes. */
const copiesOfSaved = 2;

/** Crops that an item of a batch is made of. */
export function clipsPerItem({ parts }: Method): number {
  return parts.filter(isHeard).length;
}

/** Bytes that training takes at its peak, about, a checkpoint's copies among them. */
export function memoryOf(settings: StepSettings, chunk: number | null): number {
  return stepMemoryOf(settings, chunk) + savingMemoryOf(settings);
}

/** Bytes of the copies that saving a checkpoint makes, about: weights, what the optimiser keeps of those that are learnt, and what is remembered of tracks. */
export function savingMemoryOf(settings: StepSettings): number {
  const { method, optimizer } = createModel(settings);
  const parameters = method.parameters();
  const weights = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const learnt = parameters.filter(({ isTrained }) => isTrained).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const state = optimizer.slots.length * learnt;
  return copiesOfSaved * bytesPerNumber * (weights + state);
}

/** Bytes that a step takes at its peak, about. */
export function stepMemoryOf(settings: StepSettings, chunk: number | null): number {
  const { method } = createModel(settings);
  const copies = ({ isTrained }: { isTrained: boolean }): number => (isTrained ? copiesOfTrained : copiesOfOthers);
  const weights = method.parameters().reduce((sum, parameter) => sum + copies(parameter) * sizeOf(parameter.shape), 0);
  const parts = method.parts.reduce((sum, { shape }) => sum + settings.batch * sizeOf(shape), 0);
  const clips = chunk === null || method.pieces === null ? clipsPerItem(method) * settings.batch : chunk;
  // The parts of the step and of the one that is being made.
  return processBytes + bytesPerNumber * (weights + 2 * parts + overhead * clips * method.encoder.keptElements);
}

/**
 * The chunk that a run is computed in: the one that was asked for, else none, else a large one within the memory limit.
 * A batch that cannot be taken apart has none.
 * @throws AppError `BAD_INPUT` when not even the smallest fits
 */
export function chunkOf(settings: StepSettings): number | null {
  const { chunk, memoryMegabytes, batch } = settings;
  const isWhole = createModel(settings).method.pieces === null;
  if (chunk !== null && !isWhole) return chunk >= batch ? null : chunk;
  if (memoryMegabytes === null) return null;
  const limit = memoryMegabytes * 1e6;
  if (memoryOf(settings, null) <= limit) return null;
  const least = memoryOf(settings, isWhole ? null : 2);
  if (least > limit)
    throw new AppError(
      'BAD_INPUT',
      `A batch of ${batch} needs at least ${Math.ceil(least / 1e6)} MB, and the memory limit is ${memoryMegabytes} MB. Raise the limit, or make the batch smaller.`,
    );
  return evenChunk(batch, 2 + Math.floor((limit - least) / (memoryOf(settings, 3) - least)));
}

/** The largest chunk that divides the batch: a remainder of another size has its own graphs, whose memory comes on top. Where none does, half must do. */
function evenChunk(batch: number, most: number): number {
  for (let chunk = Math.min(most, Math.floor(batch / 2)); chunk >= 2 && chunk > most / 2; chunk--) if (batch % chunk === 0) return chunk;
  return Math.max(2, Math.floor(most / 2));
}
