/** @file A data2vec encoder's settings, and what follows from them: names and shapes as in Hugging Face's `Data2VecAudioModel`. */
import { AppError } from '../../../base/index.ts';
import { attentionParameters, bertLinearParameters, layerNormParameters, linearParameters } from '../../layers/transformer.ts';
import { defaultBias, defaultKernel, kaimingKernel } from '../../parameters.ts';
import type { Parameter } from '../../parameters.ts';

/** Convolutions of the wave, then a Transformer: its layers, heads, values of a row, and values within a layer. */
export type Data2vecSettings = {
  sampleRate: number;
  cropSamples: number;
  convolutions: readonly { kernel: number; stride: number; channels: number }[];
  values: number;
  layers: number;
  heads: number;
  inner: number;
  /** Convolutions that tell positions: how many, how long, in how many groups. */
  positionLayers: number;
  positionKernel: number;
  positionGroups: number;
  /** Of layer norms. */
  epsilon: number;
  /** Each wave is brought to mean 0 and variance 1 first. */
  isNormalised: boolean;
};

/** Weights in the order of the layers, drawn as data2vec's code (fairseq) draws them. */
export function data2vecParameters(settings: Data2vecSettings): Parameter[] {
  const { convolutions, values, layers, inner, positionLayers, positionKernel, positionGroups } = settings;
  const channels = convolutions.at(-1)?.channels ?? 1;
  const numbered = (count: number, of: (index: number) => Parameter[]): Parameter[] =>
    Array.from({ length: count }, (_, index) => of(index)).flat();
  return [
    ...convolutions.flatMap(({ kernel, channels: out }, index) => {
      const name = `feature_extractor.conv_layers.${index}`;
      const shape = [out, convolutions[index - 1]?.channels ?? 1, kernel];
      return [kaimingKernel(`${name}.conv.weight`, shape), ...layerNormParameters(`${name}.layer_norm`, out)];
    }),
    ...layerNormParameters('feature_projection.layer_norm', channels),
    ...linearParameters('feature_projection.projection', channels, values),
    ...numbered(positionLayers, (index) => {
      const name = `encoder.pos_conv_embed.layers.${index}.conv`;
      const shape = [values, values / positionGroups, positionKernel];
      return [defaultKernel(`${name}.weight`, shape), defaultBias(`${name}.bias`, shape)];
    }),
    ...layerNormParameters('encoder.layer_norm', values),
    ...numbered(layers, (index) => {
      const name = `encoder.layers.${index}`;
      return [
        ...attentionParameters(`${name}.attention`, values),
        ...layerNormParameters(`${name}.layer_norm`, values),
        ...bertLinearParameters(`${name}.feed_forward.intermediate_dense`, values, inner),
        ...bertLinearParameters(`${name}.feed_forward.output_dense`, inner, values),
        ...layerNormParameters(`${name}.final_layer_norm`, values),
      ];
    }),
  ];
}

const [mostRows, mostValues, mostLayers, longestCrop, lowestRate, highestRate] = [64, 16_384, 256, 2 ** 24, 100, 768_000];

/** Settings of any origin. @throws AppError `BAD_INPUT` when they are not those of a data2vec encoder */
export function readData2vecSettings(given: Record<string, unknown>): Data2vecSettings {
  const settings = given as Partial<Data2vecSettings>;
  const { convolutions, values, heads, positionGroups, positionKernel, epsilon, isNormalised } = settings;
  const isWhole = (value: unknown, least: number, most: number): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  const isConvolution = (one: unknown): boolean => {
    const { kernel, stride, channels } = (one ?? {}) as Record<string, unknown>;
    return isWhole(kernel, 1, 1024) && isWhole(stride, 1, 1024) && isWhole(channels, 1, mostValues);
  };
  if (
    Array.isArray(convolutions) &&
    convolutions.length >= 1 &&
    convolutions.length <= mostRows &&
    convolutions.every(isConvolution) &&
    isWhole(settings.sampleRate, lowestRate, highestRate) &&
    isWhole(settings.cropSamples, 1, longestCrop) &&
    isWhole(values, 1, mostValues) &&
    isWhole(settings.layers, 0, mostLayers) &&
    isWhole(heads, 1, values) &&
    values % heads === 0 &&
    isWhole(settings.inner, 1, 4 * mostValues) &&
    isWhole(settings.positionLayers, 0, mostRows) &&
    isWhole(positionKernel, 1, 1023) &&
    positionKernel % 2 === 1 &&
    isWhole(positionGroups, 1, values) &&
    values % positionGroups === 0 &&
    typeof epsilon === 'number' &&
    epsilon > 0 &&
    epsilon < 1 &&
    typeof isNormalised === 'boolean'
  )
    return {
      ...{ sampleRate: settings.sampleRate, cropSamples: settings.cropSamples, values, layers: settings.layers, heads },
      ...{ inner: settings.inner, positionLayers: settings.positionLayers, positionKernel, positionGroups, epsilon, isNormalised },
      convolutions: convolutions.map(({ kernel, stride, channels }: Data2vecSettings['convolutions'][number]) => ({
        kernel,
        stride,
        channels,
      })),
    };
  throw new AppError(
    'BAD_INPUT',
    'These are not the settings of a data2vec encoder: it has convolutions with kernel, stride and channels, and a Transformer whose heads and groups divide its values.',
  );
}
