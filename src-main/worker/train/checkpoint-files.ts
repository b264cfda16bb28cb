/**
 * @file Checkpoints: a file of tensors and a file that describes it, both written beside their places, flushed to disk (fsync), and moved there. The
 * description comes last and holds the size and a hash of the tensors, so that a checkpoint that was cut is known for one.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, toAppError, writeWhole } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import { encoderMetadata, encodeSafetensors, readSafetensors } from '../../compute/index.ts';
import { chosenEncoder } from '../../learn/index.ts';
import type { WeightArray, WeightArrays } from '../../learn/index.ts';
import type { HeldOutState } from './held-out.ts';

/** Grows when what a checkpoint means changes. */
const formatVersion = 1;

/** Everything that a run needs to go on. The order of the data and all random numbers follow from the seed and the step. */
export type CheckpointState = {
  step: number;
  activeSeconds: number;
  /** Share of the run at which the warm-up ended, for a length in minutes. */
  warmupShare: number | null;
  /** Mean loss since the checkpoint before, and the rank of the embeddings. */
  loss: number;
  rank: number;
  settings: pretraining.PretrainSettings;
  codeVersion: string;
  /** What held-out tracks said so far; null, or absent in checkpoints of earlier versions, without labels. */
  heldOut?: HeldOutState | null;
  weights: WeightArrays;
  state: WeightArrays;
  /** What is remembered of tracks. */
  memory: WeightArrays;
};

type Description = Omit<CheckpointState, 'weights' | 'state' | 'memory'> & {
  format: string;
  version: number;
  bytes: number;
  sha256: string;
  savedAt: string;
};

const formatName = 'earmark-checkpoint';
/** Before the names of the optimiser's state, and of what is remembered of tracks. */
const [statePrefix, memoryPrefix] = ['optimizer.', 'memory.'];

/** The two files of a step. */
export function checkpointPaths(directory: string, step: number): { tensors: string; description: string } {
  return { tensors: join(directory, `step-${step}.safetensors`), description: join(directory, `step-${step}.json`) };
}

/** The bytes of a checkpoint's tensors: a copy of all of them. */
export function encodeCheckpoint({ step, settings, weights, state, memory }: Saved): Uint8Array {
  const encoder = chosenEncoder(settings.encoder);
  const tensors = new Map([...weights, ...roofed(statePrefix, state), ...roofed(memoryPrefix, memory)]);
  return encodeSafetensors(tensors, { ...encoderMetadata(encoder.settings), step: String(step), format: formatName });
}

type Saved = Pick<CheckpointState, 'step' | 'settings' | 'weights' | 'state' | 'memory'>;

/** Writes a checkpoint. @returns its size in bytes @throws AppError of the file system; nothing half-written stays */
export async function writeCheckpoint(directory: string, checkpoint: CheckpointState): Promise<number> {
  const { weights: _, state: __, memory: ___, ...rest } = checkpoint;
  const bytes = encodeCheckpoint(checkpoint);
  const description: Description = {
    format: formatName,
    version: formatVersion,
    ...rest,
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    savedAt: new Date().toISOString(),
  };
  const paths = checkpointPaths(directory, checkpoint.step);
  await writeWhole(paths.tensors, bytes, `write the checkpoint ${paths.tensors}`);
  await writeWhole(paths.description, `${JSON.stringify(description, null, 2)}\n`, `write the checkpoint ${paths.description}`);
  return bytes.byteLength;
}

/**
 * Reads a checkpoint.
 * @throws AppError `CHECKPOINT_UNREADABLE` when it is damaged or of a newer Earmark; codes of the file system
 */
export async function readCheckpoint(directory: string, step: number): Promise<CheckpointState> {
  const paths = checkpointPaths(directory, step);
  const description = await readDescription(paths.description);
  let bytes: Buffer;
  try {
    bytes = await readFile(paths.tensors);
  } catch (error) {
    throw toAppError(error, `read the checkpoint ${paths.tensors}`);
  }
  if (bytes.byteLength !== description.bytes || createHash('sha256').update(bytes).digest('hex') !== description.sha256)
    throw unreadable(paths.tensors, `it has ${bytes.byteLength} bytes that are not those which were saved (${description.bytes})`);
  const { tensors } = await readSafetensors(bytes, paths.tensors);
  const weights = new Map([...tensors].filter(([name]) => ![statePrefix, memoryPrefix].some((prefix) => name.startsWith(prefix))));
  const { format: _, version: __, bytes: ___, sha256: ____, savedAt: _____, ...rest } = description;
  return { ...rest, weights, state: unroofed(statePrefix, tensors), memory: unroofed(memoryPrefix, tensors) };
}

function roofed(prefix: string, arrays: WeightArrays): (readonly [string, WeightArray])[] {
  return [...arrays].map(([name, array]) => [`${prefix}${name}`, array]);
}

function unroofed(prefix: string, tensors: WeightArrays): WeightArrays {
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, array]) => [name.slice(prefix.length), array]));
}

/** Steps of the checkpoints in a folder, ascending; none for a folder that is not there. */
export async function listCheckpoints(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .flatMap((name) => /^step-(\d+)\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
}

/** Deletes a checkpoint; its description goes first. */
export async function deleteCheckpoint(directory: string, step: number): Promise<void> {
  const paths = checkpointPaths(directory, step);
  await rm(paths.description, { force: true });
  await rm(paths.tensors, { force: true });
}

async function readDescription(path: string): Promise<Description> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw toAppError(error, `read the checkpoint ${path}`);
  }
  let value: Partial<Description>;
  try {
    value = JSON.parse(text) as Partial<Description>;
  } catch (cause) {
    throw unreadable(path, 'its description is not JSON', cause);
  }
  if (value.format !== formatName || typeof value.version !== 'number')
    throw unreadable(path, 'its description is not that of a checkpoint');
  if (value.version > formatVersion) throw unreadable(path, 'a newer Earmark wrote it; use that version');
  const settings = pretraining.pretrainSettingsSchema.safeParse(value.settings);
  if (!settings.success) throw unreadable(path, 'its settings are not ones that this version knows');
  return { ...(value as Description), settings: settings.data };
}

function unreadable(path: string, why: string, cause?: unknown): AppError {
  return new AppError('CHECKPOINT_UNREADABLE', `The checkpoint ${path} cannot be used: ${why}.`, { cause });
}
