/** @file Reads a model's folder in Hugging Face's layout: `config.json`, its weights, and how waves are prepared for it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, readRegularFile } from '../../base/index.ts';
import { createEncoder } from '../../learn/index.ts';
import type { EncoderSettings, sequences, WeightArray } from '../../learn/index.ts';
import { readTensors } from './open-tensors.ts';

/** Files of a folder, as they are called there. */
const [configName, preprocessorName] = ['config.json', 'preprocessor_config.json'];
const weightNames = ['model.safetensors', 'pytorch_model.bin'];
/** Crops that Music2Vec was trained with at its best, in seconds. */
const cropSeconds = 5;
const mostConfigBytes = 2 ** 20;

/** What a folder holds. */
export type ModelFolder = { settings: sequences.Data2vecSettings; weights: Map<string, WeightArray> };

/** What Earmark calls its own folders in `config.json`, where no other library knows the kind of model. */
export const ownKind = 'earmark';

/** The two descriptions of a model's folder: of a data2vec model as other libraries read them, of others as Earmark does. */
export function modelConfig(settings: EncoderSettings): { config: Record<string, unknown>; preprocessor: Record<string, unknown> } {
  const preprocessor = { feature_size: 1, padding_value: 0, sampling_rate: settings.sampleRate };
  if (settings.architecture !== 'data2vec')
    return { config: { model_type: ownKind, architectures: [settings.architecture], ...settings }, preprocessor };
  const { convolutions, ...sizes } = settings as unknown as sequences.Data2vecSettings;
  const config = {
    ...{ model_type: 'data2vec-audio', architectures: ['Data2VecAudioModel'] },
    ...{ conv_kernel: convolutions.map(({ kernel }) => kernel), conv_stride: convolutions.map(({ stride }) => stride) },
    ...{ conv_dim: convolutions.map(({ channels }) => channels), num_feat_extract_layers: convolutions.length, conv_bias: false },
    ...{ hidden_size: sizes.values, num_hidden_layers: sizes.layers, num_attention_heads: sizes.heads, intermediate_size: sizes.inner },
    ...{ num_conv_pos_embeddings: sizes.positionLayers, conv_pos_kernel_size: sizes.positionKernel },
    ...{ num_conv_pos_embedding_groups: sizes.positionGroups, layer_norm_eps: sizes.epsilon },
  };
  return {
    config,
    preprocessor: { ...preprocessor, feature_extractor_type: 'Wav2Vec2FeatureExtractor', do_normalize: sizes.isNormalised },
  };
}

/** The kind of model that a folder says it holds. @throws AppError `WEIGHTS_UNREADABLE` */
export async function modelKind(path: string): Promise<unknown> {
  return (await readJson(join(path, configName)))['model_type'];
}

/** Whether a folder looks like a model's. */
export function isModelFolder(path: string): boolean {
  return existsSync(join(path, configName));
}

/**
 * Reads a `Data2VecAudioModel`.
 * @param options `cropSamples`: the length of the input; five seconds when absent
 * @throws AppError `WEIGHTS_MISMATCH` for a model of another kind, `WEIGHTS_UNREADABLE` for files that are none of such a folder, codes of the file system
 */
export async function readModelFolder(path: string, { cropSamples }: { cropSamples?: number } = {}): Promise<ModelFolder> {
  const config = await readJson(join(path, configName));
  const kind = config['model_type'];
  if (kind !== 'data2vec-audio')
    throw new AppError('WEIGHTS_MISMATCH', `${path} holds a model of the kind ${String(kind)}. Earmark reads folders of data2vec-audio.`, {
      details: { path },
    });
  const preprocessor = existsSync(join(path, preprocessorName)) ? await readJson(join(path, preprocessorName)) : {};
  const sampleRate = Number(preprocessor['sampling_rate'] ?? 16_000);
  const list = (name: string): unknown[] => (Array.isArray(config[name]) ? (config[name] as unknown[]) : []);
  const [strides, channels] = [list('conv_stride'), list('conv_dim')];
  const encoder = createEncoder({
    architecture: 'data2vec',
    ...{ sampleRate, cropSamples: cropSamples ?? cropSeconds * sampleRate },
    convolutions: list('conv_kernel').map((kernel, index) => ({ kernel, stride: strides[index], channels: channels[index] })),
    ...{ values: config['hidden_size'], layers: config['num_hidden_layers'], heads: config['num_attention_heads'] },
    ...{ inner: config['intermediate_size'], positionLayers: config['num_conv_pos_embeddings'] },
    ...{ positionKernel: config['conv_pos_kernel_size'], positionGroups: config['num_conv_pos_embedding_groups'] },
    ...{ epsilon: config['layer_norm_eps'] ?? 1e-5, isNormalised: preprocessor['do_normalize'] !== false },
  });
  const file = weightNames.map((name) => join(path, name)).find((one) => existsSync(one));
  if (file === undefined)
    throw new AppError('WEIGHTS_UNREADABLE', `${path} holds none of ${weightNames.join(', ')}, where the weights would be.`, {
      details: { path },
    });
  const weights = await readTensors(file, ({ shapes, read }) => {
    const placed = (name: string): string => (shapes.has(name) ? name : `data2vec_audio.${name}`);
    const checked = encoder
      .parameters()
      .map(({ name, shape }) => [name, checkShape(shapes.get(placed(name)), { name, shape, path: file })] as const);
    return new Map(checked.map(([name]) => [name, read(placed(name))]));
  });
  return { settings: encoder.settings as unknown as sequences.Data2vecSettings, weights };
}

/** @throws AppError `WEIGHTS_MISMATCH` */
function checkShape(
  found: readonly number[] | undefined,
  { name, shape, path }: { name: string; shape: readonly number[]; path: string },
): void {
  const says = (what: string): AppError =>
    new AppError('WEIGHTS_MISMATCH', `The weights in ${path} are not those that config.json describes: ${what}.`, {
      details: { path, name },
    });
  if (found === undefined) throw says(`${name} is missing`);
  if (found.join() === shape.join()) return;
  throw says(`${name} is [${found.join(', ')}] instead of [${shape.join(', ')}]`);
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  const bytes = await readRegularFile(path, { mostBytes: mostConfigBytes, advice: 'A description of a model is a few kilobytes long.' });
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, as for a list or a number.
  }
  throw new AppError('WEIGHTS_UNREADABLE', `${path} is not a description of a model: it holds no JSON object.`, { details: { path } });
}
