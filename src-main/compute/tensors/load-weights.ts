/** @file Finds an encoder's weights in a file of any known kind, or a model's folder, whatever the training code called them. */
import { statSync } from 'node:fs';
import { AppError, defined } from '../../base/index.ts';
import { createEncoder, encoders } from '../../learn/index.ts';
import type { Encoder, EncoderSettings, WeightArray, WeightArrays } from '../../learn/index.ts';
import { withFile } from './byte-source.ts';
import { isModelFolder, readModelFolder } from './model-folder.ts';
import { openTensors } from './open-tensors.ts';
import type { OpenTensors } from './open-tensors.ts';
import type { TensorSource } from './tensor-source.ts';
import { Malformed, unreadable } from './unreadable.ts';

/** An encoder's weights as they were found in a file. */
export type LoadedWeights = {
  encoder: Encoder;
  /** Those that lie beside the weights; else of the published encoder whose shapes these are. */
  settings: EncoderSettings;
  kind: 'safetensors' | 'pytorch';
  /** All of the encoder's parameters under their own names. */
  weights: Map<string, WeightArray>;
  /** `fc.weight` and `fc.bias` of a supervised or fine-tuned model, with `hidden.weight` and `hidden.bias` before them where it has two layers; or empty. */
  head: Map<string, WeightArray>;
  /** The training's projector under its names (`0.weight` …), or empty. */
  projector: Map<string, WeightArray>;
};

/** Under this name the settings of an encoder lie beside its weights, as JSON. */
const settingsName = 'earmark.encoder';
const namesShown = 3;

/**
 * Loads an encoder from a safetensors file, a plain PyTorch state dictionary, or a Lightning checkpoint; the kind is told by the contents.
 * @throws AppError `WEIGHTS_UNREADABLE` for damaged or other files, `WEIGHTS_UNSAFE` for pickles with more than weights, `WEIGHTS_MISMATCH` when the
 *   tensors are not those of an encoder that Earmark knows
 */
export async function loadWeights(path: string, { wantsProjector = true }: { wantsProjector?: boolean } = {}): Promise<LoadedWeights> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return loadFolder(path);
  try {
    return withFile(path, (source) => weightsOf(openTensors(source, path), path, wantsProjector));
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(path, error.message, error);
    throw error;
  }
}

/** An encoder of a folder in Hugging Face's layout. */
async function loadFolder(path: string): Promise<LoadedWeights> {
  if (!isModelFolder(path))
    throw new AppError(
      'BAD_INPUT',
      `${path} is a folder, not a file, and holds no config.json as a model's folder does. Choose a file of weights.`,
      {
        details: { path },
      },
    );
  const { settings, weights } = await readModelFolder(path);
  checkValues(weights, path);
  const encoder = createEncoder(settings);
  return { encoder, settings: encoder.settings, kind: 'safetensors', weights, head: new Map(), projector: new Map() };
}

/** What is said beside an encoder's weights in a safetensors file, so that it is made again from its settings. */
export function encoderMetadata(settings: EncoderSettings): Record<string, string> {
  const { architecture, sampleRate } = settings;
  return { architecture, sampleRate: String(sampleRate), [settingsName]: JSON.stringify(settings) };
}

/** Looks at names and shapes, then reads the numbers that are wanted and no others. */
function weightsOf({ tensors, metadata }: OpenTensors, path: string, wantsProjector: boolean): LoadedWeights {
  const { kind, shapes } = tensors;
  const stored = storedEncoder(metadata, path);
  const { encoder, prefix } = matchEncoder(shapes, stored === null ? encoders : [stored], path);
  const weights = new Map(encoder.parameters().map(({ name }) => [name, tensors.read(`${prefix}${name}`)]));
  const head = headOf(tensors, prefix, encoder);
  const projector = wantsProjector ? projectorOf(tensors, prefix) : new Map<string, WeightArray>();
  for (const arrays of [weights, head, projector]) checkValues(arrays, path);
  return { encoder, settings: encoder.settings, kind, weights, head, projector };
}

/** The encoder that the settings beside the weights describe; null where none lie there. @throws AppError `WEIGHTS_MISMATCH` */
function storedEncoder(metadata: ReadonlyMap<string, string>, path: string): Encoder | null {
  const text = metadata.get(settingsName);
  if (text === undefined) return null;
  try {
    return createEncoder(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof AppError ? cause.message : 'They are not JSON.';
    throw new AppError('WEIGHTS_MISMATCH', `The settings beside the weights in ${path} are of no encoder that this version knows. ${why}`, {
      details: { path },
      cause,
    });
  }
}

/** Far beyond any weight or variance that training leaves. */
const mostWeight = 1e9;

/**
 * Refuses weights that are no numbers, or absurd ones: they give embeddings of the same kind, which spoil what they are compared with.
 * @throws AppError WEIGHTS_UNREADABLE
 */
function checkValues(arrays: WeightArrays, path: string): void {
  for (const [name, { data }] of arrays) {
    const isVariance = name.endsWith('.running_var');
    let [notFinite, absurd] = [0, 0];
    for (const value of data) {
      if (!Number.isFinite(value)) notFinite++;
      else if (Math.abs(value) > mostWeight || (isVariance && value < 0)) absurd++;
    }
    if (notFinite + absurd === 0) continue;
    const what = notFinite > 0 ? `${notFinite} of ${data.length} are no finite numbers` : `${absurd} of ${data.length} are absurd`;
    const says = `The weights in ${path} cannot be used: of ${name}, ${what}. The training that wrote them diverged, or the file is damaged.`;
    throw new AppError('WEIGHTS_UNREADABLE', `${says} Use an earlier checkpoint, or copy the file again.`, {
      details: { path, tensor: name },
    });
  }
}

type Shapes = ReadonlyMap<string, readonly number[]>;
type Match = { encoder: Encoder; prefix: string };

/**
 * What stands before the encoder's own names, wherever it hangs in a larger model: nothing, `encoder.`, `model.encoder.`, `module.` …; the shortest, if
 * there are several encoders; null when its first name is nowhere.
 */
function prefixOf(shapes: Shapes, encoder: Encoder): string | null {
  const anchor = anchorOf(encoder);
  const prefixes = [...shapes.keys()]
    .filter((name) => name === anchor || name.endsWith(`.${anchor}`))
    .map((name) => name.slice(0, -anchor.length));
  return prefixes.toSorted((a, b) => a.length - b.length)[0] ?? null;
}

/** The name by which an encoder is found. */
function anchorOf(encoder: Encoder): string {
  return defined(encoder.parameters()[0], 'the first parameter').name;
}

function matchEncoder(shapes: Shapes, candidates: readonly Encoder[], path: string): Match {
  const found = candidates.flatMap((encoder) => {
    const prefix = prefixOf(shapes, encoder);
    return prefix === null ? [] : [{ encoder, prefix, faults: faultsOf(within(shapes, prefix), encoder) }];
  });
  const [best] = found.toSorted((a, b) => a.faults.count - b.faults.count);
  if (best === undefined) throw noEncoder(shapes, candidates, path);
  if (best.faults.count === 0) return best;
  const { missing, unexpected, misshaped } = best.faults;
  const parts = [part('missing', missing), part('unexpected', unexpected), part('of another shape', misshaped)].filter(
    (text) => text !== '',
  );
  throw new AppError(
    'WEIGHTS_MISMATCH',
    `The weights in ${path} fit no encoder; against ${best.encoder.architecture} at ${best.encoder.sampleRate} Hz: ${parts.join('; ')}.`,
    { details: { path, missing, unexpected, misshaped } },
  );
}

function noEncoder(shapes: Shapes, candidates: readonly Encoder[], path: string): AppError {
  const some = [...shapes.keys()].slice(0, namesShown).join(', ');
  const anchors = new Map(candidates.map((encoder) => [anchorOf(encoder), encoder.title]));
  const wanted = [...anchors].map(([anchor, title]) => `those of a ${title}: no name ends in ${anchor}`).join(', nor ');
  return new AppError('WEIGHTS_MISMATCH', `The weights in ${path} are not ${wanted} (there are ${shapes.size}: ${some} …).`, {
    details: { path },
  });
}

function within(shapes: Shapes, prefix: string): Shapes {
  return new Map([...shapes].filter(([name]) => name.startsWith(prefix)).map(([name, shape]) => [name.slice(prefix.length), shape]));
}

type Faults = { missing: string[]; unexpected: string[]; misshaped: string[]; count: number };

function faultsOf(inside: Shapes, encoder: Encoder): Faults {
  const parameters = encoder.parameters();
  const names = new Set(parameters.map(({ name }) => name));
  const missing = parameters.filter(({ name }) => !inside.has(name)).map(({ name }) => name);
  const misshaped = parameters.flatMap(({ name, shape }) => {
    const found = inside.get(name);
    return found === undefined || found.join() === shape.join() ? [] : [`${name} [${found.join(', ')}] instead of [${shape.join(', ')}]`];
  });
  // Heads and projectors may lie beside an encoder; what begins as its own names do is taken for a part of it.
  const firsts = new Set(parameters.map(({ name }) => name.split('.', 1)[0]));
  const unexpected = [...inside.keys()].filter(
    (name) => firsts.has(name.split('.', 1)[0]) && !name.endsWith('.num_batches_tracked') && !names.has(name),
  );
  return { missing, unexpected, misshaped, count: missing.length + unexpected.length + misshaped.length };
}

function part(label: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const rest = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
  return `${names.length} ${label} (${names.slice(0, namesShown).join(', ')}${rest})`;
}

function headOf(source: TensorSource, prefix: string, encoder: Encoder): Map<string, WeightArray> {
  const beside = prefix.replace(/encoder\.$/, '');
  const supervised = layer(source, `${prefix}fc`, encoder.dimensions);
  if (supervised !== null) return named({ fc: supervised });
  // CLMR's linear evaluation: one layer `model.0`, or two with a ReLU between.
  const first = layer(source, `${beside}model.0`, encoder.dimensions);
  if (first === null) return new Map();
  const second = layer(source, `${beside}model.2`, first.weight.shape[0] ?? 0);
  return second === null ? named({ fc: first }) : named({ hidden: first, fc: second });
}

type Layer = { weight: WeightArray; bias: WeightArray };

/** A linear layer that takes `inputs` values; null when there is none of that name. */
function layer({ shapes, read }: TensorSource, name: string, inputs: number): Layer | null {
  const [weight, bias] = [shapes.get(`${name}.weight`), shapes.get(`${name}.bias`)];
  if (weight === undefined || bias === undefined) return null;
  const fits = weight.length === 2 && weight[1] === inputs && bias.join() === String(weight[0]);
  return fits ? { weight: read(`${name}.weight`), bias: read(`${name}.bias`) } : null;
}

function named(layers: Record<string, Layer>): Map<string, WeightArray> {
  return new Map(
    Object.entries(layers).flatMap(([name, { weight, bias }]): [string, WeightArray][] => [
      [`${name}.weight`, weight],
      [`${name}.bias`, bias],
    ]),
  );
}

/** The projector hangs beside the encoder: `model.encoder.…`, `model.projector.…`. */
function projectorOf(source: TensorSource, prefix: string): Map<string, WeightArray> {
  const start = `${prefix.replace(/encoder\.$/, '')}projector.`;
  const names = [...source.shapes.keys()].filter((name) => name.startsWith(start));
  return new Map(names.map((name) => [name.slice(start.length), source.read(name)]));
}
