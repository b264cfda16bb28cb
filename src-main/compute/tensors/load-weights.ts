/** @file Finds an encoder's weights in a file of any known kind, or a model's folder, whatever the training code called them. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, countOf } from '../../base/index.ts';
import { createEncoder } from '../../learn/index.ts';
import type { Encoder, EncoderSettings, WeightArray, WeightArrays } from '../../learn/index.ts';
import { checkForeign, isOnnxPath, loadForeign } from '../onnx/load-foreign.ts';
import type { OnnxWish } from '../onnx/foreign-wish.ts';
import { readBundle } from './bundle.ts';
import type { EncoderBundle } from './bundle.ts';
import { withFile } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { headBeside, headOfFile, hasHead } from './find-head.ts';
import { hashWeights } from './hash-weights.ts';
import { isCounter, kindsOf, matchEncoder, someOf } from './match-encoder.ts';
import type { Match, PatchWish } from './match-encoder.ts';
import { isModelFolder, modelKind, ownKind, readModelFolder } from './model-folder.ts';
import { weightsFiles } from './packed-files.ts';
import type { WeightsFile } from './packed-files.ts';
import type { TensorSource } from './tensor-source.ts';
import { Malformed, unreadable } from './unreadable.ts';

/** An encoder's weights as they were found in a file. */
export type LoadedWeights = {
  encoder: Encoder;
  /** Those that lie beside the weights; else of the published encoder whose shapes these are. */
  settings: EncoderSettings;
  kind: 'safetensors' | 'pytorch' | 'onnx';
  /** All of the encoder's parameters under their own names. */
  weights: Map<string, WeightArray>;
  /** `fc.weight` and `fc.bias` of a supervised or fine-tuned model, with `hidden.weight` and `hidden.bias` before them where it has two layers; or empty. */
  head: Map<string, WeightArray>;
  /** The training's projector under its names (`0.weight` …), or empty. */
  projector: Map<string, WeightArray>;
  /** Sentences about what was found and is not used. */
  remarks: string[];
  /** What whoever gave the encoder away says of it; null for files of other programs. */
  bundle: EncoderBundle | null;
};

/** What is read besides the encoder. `onnx`: what an ONNX file does not say of itself; `patches`: the kind of patches, where a file leaves it open; `headPath`: a file whose head takes the place of those that lie beside the encoder. */
export type LoadOptions = {
  wantsProjector?: boolean;
  headPath?: string | undefined;
  onnx?: OnnxWish | undefined;
  patches?: PatchWish | undefined;
};

/** Under this name the settings of an encoder lie beside its weights, as JSON. */
const settingsName = 'earmark.encoder';

/**
 * Loads an encoder from an ONNX file, a safetensors file, a plain PyTorch state dictionary, a Lightning checkpoint, a zip archive that holds such files, or the folder of
 * a model; the kind is told by the contents.
 * @throws AppError `WEIGHTS_UNREADABLE` for damaged or other files, `WEIGHTS_UNSAFE` for pickles with more than weights, `WEIGHTS_MISMATCH` when the
 *   tensors are not those of an encoder that Earmark knows, or the head is none for it
 */
export async function loadWeights(
  path: string,
  { wantsProjector = true, headPath, onnx = {}, patches }: LoadOptions = {},
): Promise<LoadedWeights> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const found = isFolder
    ? await loadFolder(path, patches)
    : isOnnxPath(path)
      ? await loadOnnx(path, onnx)
      : inFile(path, (source) => weightsOf(weightsFiles(source, path), { path, wantsProjector, patches }));
  if (patches !== undefined && kindsOf(found.encoder) !== patches) throw otherPatches(path, found.encoder, patches);
  const loaded = { ...found, bundle: await bundleBeside(path, isFolder) };
  if (headPath === undefined) return loaded;
  const head = inFile(headPath, (source) => headOfFiles(weightsFiles(source, headPath), headPath, loaded.encoder));
  return { ...loaded, head };
}

function otherPatches(path: string, encoder: Encoder, patches: PatchWish): AppError {
  const kinds = kindsOf(encoder);
  const has = kinds === '' ? `is a ${encoder.title}, which has no patches` : `has ${kinds} patches`;
  return new AppError('WEIGHTS_MISMATCH', `The encoder in ${path} ${has}, and ${patches} ones were asked for. Leave that out.`, {
    details: { path },
  });
}

/** @throws AppError WEIGHTS_UNREADABLE */
async function bundleBeside(path: string, isFolder: boolean): Promise<EncoderBundle | null> {
  try {
    return await readBundle(path, isFolder);
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(path, error.message, error);
    throw error;
  }
}

/** An encoder that is a whole program of its own. */
async function loadOnnx(path: string, wish: OnnxWish): Promise<LoadedWeights> {
  const { encoder, weights, remarks } = await loadForeign(path, wish);
  return { encoder, settings: encoder.settings, kind: 'onnx', weights, head: new Map(), projector: new Map(), remarks, bundle: null };
}

/** @throws AppError what `read` throws, with sentences about the file */
function inFile<Result>(path: string, read: (source: ByteSource) => Result): Result {
  try {
    return withFile(path, read);
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(path, error.message, error);
    throw error;
  }
}

/** An encoder of a folder in Hugging Face's layout. */
async function loadFolder(path: string, patches: PatchWish | undefined): Promise<LoadedWeights> {
  if (!isModelFolder(path))
    throw new AppError(
      'BAD_INPUT',
      `${path} is a folder, not a file, and holds no config.json as a model’s folder does. Choose a file of weights.`,
      {
        details: { path },
      },
    );
  if ((await modelKind(path)) === ownKind) return loadOwnFolder(path, patches);
  const { settings, weights } = await readModelFolder(path);
  checkValues(weights, path);
  const encoder = createEncoder(settings);
  const head = headInFolder(path, encoder);
  return { encoder, settings: encoder.settings, kind: 'safetensors', weights, head, projector: new Map(), remarks: [], bundle: null };
}

/** A folder that Earmark wrote: the settings lie beside the weights. */
async function loadOwnFolder(path: string, patches: PatchWish | undefined): Promise<LoadedWeights> {
  const file = join(path, 'model.safetensors');
  if (!existsSync(file))
    throw new AppError('WEIGHTS_UNREADABLE', `${path} holds no model.safetensors, where the weights would be.`, { details: { path } });
  const loaded = inFile(file, (source) => weightsOf(weightsFiles(source, file), { path: file, wantsProjector: false, patches }));
  return { ...loaded, head: headInFolder(path, loaded.encoder) };
}

/** The head that lies beside a model in its folder; empty without one. */
function headInFolder(path: string, encoder: Encoder): Map<string, WeightArray> {
  const file = join(path, 'head.safetensors');
  return existsSync(file)
    ? inFile(file, (source) => headOfFiles(weightsFiles(source, file), file, encoder))
    : new Map<string, WeightArray>();
}

/** What is said beside an encoder's weights in a safetensors file, so that it is made again from its settings. */
export function encoderMetadata(settings: EncoderSettings): Record<string, string> {
  const { architecture, sampleRate } = settings;
  return { architecture, sampleRate: String(sampleRate), [settingsName]: JSON.stringify(settings) };
}

type Wanted = { path: string; wantsProjector: boolean; patches: PatchWish | undefined };

/** Looks at names and shapes, then reads the numbers that are wanted and no others. */
function weightsOf(files: readonly WeightsFile[], wanted: Wanted): LoadedWeights {
  const [only] = files;
  if (only !== undefined && files.length === 1) return encoderOf(only, matched(only, wanted), wanted);
  return packageOf(files, wanted);
}

function matched({ tensors, metadata, path }: WeightsFile, { patches }: Wanted): Match {
  return matchEncoder(tensors.shapes, storedEncoder(metadata, path), { path, patches });
}

function encoderOf({ tensors, path }: WeightsFile, { encoder, prefix }: Match, { wantsProjector }: Wanted): LoadedWeights {
  const weights = new Map(encoder.parameters().map(({ name }) => [name, tensors.read(`${prefix}${name}`)]));
  const found = headBeside(tensors, prefix, encoder);
  const head = found?.weights ?? new Map<string, WeightArray>();
  const projector = wantsProjector ? projectorOf(tensors, prefix) : new Map<string, WeightArray>();
  if (encoder.architecture === 'onnx') checkForeign(encoder, weights, path);
  for (const arrays of [...(encoder.architecture === 'onnx' ? [] : [weights]), head, projector]) checkValues(arrays, path);
  const remarks = remarksOf(tensors, prefix, [...encoder.parameters().map(({ name }) => `${prefix}${name}`), ...(found?.names ?? [])]);
  return { encoder, settings: encoder.settings, kind: tensors.kind, weights, head, projector, remarks, bundle: null };
}

/** Several files of one archive: an encoder, and perhaps the head that was trained on it, with or without the encoder in it. */
function packageOf(files: readonly WeightsFile[], wanted: Wanted): LoadedWeights {
  const [errors, found]: [AppError[], { file: WeightsFile; loaded: LoadedWeights }[]] = [[], []];
  const others: WeightsFile[] = [];
  for (const file of files)
    try {
      found.push({ file, loaded: encoderOf(file, matched(file, wanted), wanted) });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'WEIGHTS_MISMATCH') throw error;
      errors.push(error);
      others.push(file);
    }
  const chosen = found.find(({ loaded }) => loaded.head.size > 0) ?? found[0];
  if (chosen === undefined)
    throw new AppError('WEIGHTS_MISMATCH', `No file in ${wanted.path} holds an encoder. ${errors[0]?.message ?? ''}`, {
      details: { path: wanted.path },
    });
  const hash = hashWeights(chosen.loaded.weights);
  const different = found.filter((one) => one !== chosen && hashWeights(one.loaded.weights) !== hash).map(({ file }) => file.name);
  if (different.length > 0 && chosen.loaded.head.size === 0)
    throw new AppError(
      'WEIGHTS_MISMATCH',
      `${wanted.path} holds several encoders (${someOf(found.map(({ file }) => file.name))}). Unpack it, and import the one that you mean.`,
      { details: { path: wanted.path } },
    );
  const remarks = [...chosen.loaded.remarks, ...(different.length > 0 ? [`Left out: other encoders (${someOf(different)}).`] : [])];
  return withHeadOf(others, { ...chosen.loaded, remarks });
}

/** Takes the one head that lies beside the encoder in files of its own. */
function withHeadOf(others: readonly WeightsFile[], loaded: LoadedWeights): LoadedWeights {
  const { encoder, remarks } = loaded;
  const candidates = others.filter(({ tensors }) => hasHead(tensors));
  const [only] = candidates;
  const strange = others.filter((file) => !candidates.includes(file)).map(({ name }) => name);
  const notes = strange.length > 0 ? [...remarks, `Left out: files without an encoder or a head (${someOf(strange)}).`] : remarks;
  if (only === undefined) return { ...loaded, remarks: notes };
  const names = someOf(candidates.map(({ name }) => name));
  if (loaded.head.size > 0) return { ...loaded, remarks: [...notes, `Left out: other heads (${names}).`] };
  if (candidates.length > 1)
    return {
      ...loaded,
      remarks: [...notes, `Left out: the heads, of which there are several (${names}). Unpack the archive to choose one.`],
    };
  return { ...loaded, head: checkedHead(only, encoder), remarks: notes };
}

/** @throws AppError `WEIGHTS_MISMATCH` */
function headOfFiles(files: readonly WeightsFile[], path: string, encoder: Encoder): Map<string, WeightArray> {
  const [file, ...more] = files.length > 1 ? files.filter(({ tensors }) => hasHead(tensors)) : files;
  if (file === undefined || more.length > 0)
    throw new AppError(
      'WEIGHTS_MISMATCH',
      `${path} holds ${file === undefined ? 'no head' : 'several heads'}. Unpack it, and choose one file.`,
      {
        details: { path },
      },
    );
  return checkedHead(file, encoder);
}

function checkedHead({ tensors, path }: WeightsFile, encoder: Encoder): Map<string, WeightArray> {
  const { weights } = headOfFile(tensors, path, encoder);
  checkValues(weights, path);
  return weights;
}

/** The encoder that the settings beside the weights describe; null where none lie there. @throws AppError `WEIGHTS_MISMATCH` */
function storedEncoder(metadata: ReadonlyMap<string, string>, path: string): Encoder | null {
  const text = metadata.get(settingsName);
  if (text === undefined) return null;
  const mismatch = (why: string, cause?: unknown): AppError =>
    new AppError('WEIGHTS_MISMATCH', `The settings beside the weights in ${path} are of no encoder that this version knows. ${why}`, {
      details: { path },
      cause,
    });
  let encoder: Encoder;
  let rates: unknown[];
  try {
    const given = JSON.parse(text) as Partial<EncoderSettings>;
    encoder = createEncoder(given);
    rates = [encoder.sampleRate, given.sampleRate, metadata.get('sampleRate')];
  } catch (cause) {
    throw mismatch(cause instanceof AppError ? cause.message : 'They are not JSON.', cause);
  }
  const different = [...new Set(rates.filter((rate) => rate !== undefined).map(String))];
  if (different.length === 1) return encoder;
  throw mismatch(`They name several sample rates: ${different.join(' and ')} Hz.`);
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

/** What hangs beside the encoder: `model.` of `model.encoder.`, nothing of `backbone.`. */
function besideOf(prefix: string): string {
  return prefix.replace(/(encoder|backbone)\.$/, '');
}

/** The projector hangs beside the encoder: `model.encoder.…`, `model.projector.…`. */
function projectorOf(source: TensorSource, prefix: string): Map<string, WeightArray> {
  const start = `${besideOf(prefix)}projector.`;
  const names = [...source.shapes.keys()].filter((name) => name.startsWith(start));
  return new Map(names.map((name) => [name.slice(start.length), source.read(name)]));
}

/** What there is in a file besides the tensors that were used. */
function remarksOf(source: TensorSource, prefix: string, used: readonly string[]): string[] {
  const own = new Set(used);
  const start = `${besideOf(prefix)}projector.`;
  const others = [...source.shapes.keys()].filter((name) => !own.has(name) && !isCounter(name));
  const ofProjector = others.filter((name) => name.startsWith(start));
  const strange = others.filter((name) => !name.startsWith(start));
  return [
    ...(ofProjector.length > 0 ? [`Left out: the projector of the training (${countOf(ofProjector.length, 'tensor')}).`] : []),
    ...(strange.length > 0 ? [`Left out: ${countOf(strange.length, 'tensor')} that the encoder does not use (${someOf(strange)}).`] : []),
  ];
}
