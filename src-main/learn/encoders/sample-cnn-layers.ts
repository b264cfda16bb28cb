/** @file SampleCNN's settings, and what follows from them: its layers, its names and shapes, its input's length. */
import { AppError } from '../../base/index.ts';
import { batchNormParameters, defaultBias, kaimingKernel } from '../parameters.ts';
import type { Parameter } from '../parameters.ts';

/** Settings of a SampleCNN (Lee et al. 2017; as CLMR uses it, Spijkervet and Burgoyne 2021, and its released code). */
export type SampleCnnSettings = {
  /** Rate of the input, in hertz. */
  sampleRate: number;
  /** Pooling factor, and kernel, of each block after the first layer; CLMR has nine. Each at least 2. */
  strides: readonly number[];
  /** Output channels of the first layer, of each block, and of the last layer: two more than there are strides. */
  channels: readonly number[];
};

/** The first layer's kernel and stride, in samples. */
export const firstStride = 3;
const lastKernel = 3;

/** Channels in CLMR's released code; the thesis's table, which widens later, differs. */
export const publishedChannels: readonly number[] = [128, 128, 128, 256, 256, 256, 256, 256, 256, 512, 512];

/** Strides by sample rate (CLMR thesis). */
export const publishedStrides: Readonly<Record<22050 | 16000 | 8000, readonly number[]>> = {
  22050: [3, 3, 3, 3, 3, 3, 3, 3, 3],
  16000: [3, 3, 3, 3, 3, 3, 5, 2, 2],
  8000: [3, 3, 3, 2, 2, 4, 4, 2, 2],
};

/** Limits of settings that come from a file: far beyond any network of this kind, and small enough to be laid out. */
const [mostStrides, widestStride, mostChannels, lowestRate, highestRate] = [32, 64, 65_536, 100, 768_000];
const longestCrop = 2 ** 26;

/** Settings of any origin. @throws AppError `BAD_INPUT` when they are not those of a SampleCNN */
export function readSampleCnnSettings({ sampleRate, strides, channels }: Record<string, unknown>): SampleCnnSettings {
  const isWhole = (value: unknown, least: number, most: number): boolean =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  const isList = (value: unknown, isPart: (part: unknown) => boolean): boolean =>
    Array.isArray(value) && value.length <= mostStrides + 2 && value.every(isPart);
  if (
    isWhole(sampleRate, lowestRate, highestRate) &&
    isList(strides, (stride) => isWhole(stride, 2, widestStride)) &&
    isList(channels, (width) => isWhole(width, 1, mostChannels))
  ) {
    const settings = { sampleRate: sampleRate as number, strides: strides as number[], channels: channels as number[] };
    if (sampleCnnCrop(settings) <= longestCrop) return settings;
  }
  throw new AppError('BAD_INPUT', 'These are not the settings of a SampleCNN: it has a sample rate in hertz, strides, and channels.');
}

/** One convolution with what follows it; `pool` 1 means none. */
export type SampleCnnLayer = {
  name: string;
  inChannels: number;
  outChannels: number;
  kernel: number;
  stride: number;
  padding: number;
  pool: number;
};

/** The layers in order. @throws AppError `BAD_INPUT` when the settings do not fit together */
export function sampleCnnLayers(settings: SampleCnnSettings): SampleCnnLayer[] {
  const { strides, channels } = settings;
  if (channels.length !== strides.length + 2 || strides.some((stride) => !Number.isInteger(stride) || stride < 2)) {
    throw new AppError(
      'BAD_INPUT',
      `A SampleCNN wants strides of at least 2 and two more channel widths than strides, not strides ${strides.join(', ')} with widths ${channels.join(', ')}.`,
    );
  }
  return channels.map((outChannels, index) => {
    const name = `sequential.${index}`;
    const inChannels = index === 0 ? 1 : (channels[index - 1] ?? 1);
    const pool = strides[index - 1] ?? 1;
    if (index === 0) return { name, inChannels, outChannels, kernel: firstStride, stride: firstStride, padding: 0, pool: 1 };
    return { name, inChannels, outChannels, kernel: index > strides.length ? lastKernel : pool, stride: 1, padding: 1, pool };
  });
}

/** How many positions of the last layer a crop gives; convolutions with even kernels add one, larger ones take some, and pooling drops a remainder. */
function lastPositions(settings: SampleCnnSettings, samples: number): number {
  const convolved = (time: number, { kernel, stride, padding }: SampleCnnLayer): number =>
    Math.floor((time + 2 * padding - kernel) / stride) + 1;
  return sampleCnnLayers(settings).reduce((time, layer) => Math.floor(convolved(time, layer) / layer.pool), samples);
}

/** Values of a clip that training keeps: the outputs of all convolutions but the first, which is computed again. */
export function sampleCnnKept(settings: SampleCnnSettings): number {
  let time = sampleCnnCrop(settings);
  return sampleCnnLayers(settings).reduce((sum, { outChannels, kernel, stride, padding, pool }, index) => {
    const convolved = Math.floor((time + 2 * padding - kernel) / stride) + 1;
    time = Math.floor(convolved / pool);
    return index === 0 ? sum : sum + outChannels * convolved;
  }, 0);
}

/** The input's length in samples: the product of all strides. */
export function sampleCnnCrop(settings: SampleCnnSettings): number {
  return settings.strides.reduce((product, stride) => product * stride, firstStride);
}

/** @throws AppError `BAD_INPUT` when the crop that belongs to the strides does not end in one position */
export function checkSampleCnnSettings(settings: SampleCnnSettings): void {
  const positions = lastPositions(settings, sampleCnnCrop(settings));
  if (positions === 1) return;
  throw new AppError(
    'BAD_INPUT',
    `A SampleCNN with strides ${settings.strides.join(', ')} ends in ${positions} positions instead of one; put the larger strides first.`,
  );
}

/** @throws AppError `BAD_INPUT` when `samples` is not the length that the strides divide down to one position */
export function checkSampleCnnCrop(settings: SampleCnnSettings, samples: number): void {
  const wanted = sampleCnnCrop(settings);
  if (samples === wanted) return;
  const fault = samples % wanted === 0 && samples > 0 ? 'would give more than one vector' : 'is a length that its strides do not divide';
  throw new AppError(
    'BAD_INPUT',
    `SampleCNN at ${settings.sampleRate} Hz takes crops of ${wanted} samples (${[firstStride, ...settings.strides].join('·')}); ${samples} ${fault}.`,
    { details: { samples, wanted } },
  );
}

/** The weights, named as in CLMR's state dict: `sequential.{layer}.0` is the convolution, `.1` the batch norm. */
export function sampleCnnParameters(settings: SampleCnnSettings): Parameter[] {
  return sampleCnnLayers(settings).flatMap(({ name, inChannels, outChannels, kernel }) => {
    const shape = [outChannels, inChannels, kernel];
    return [
      kaimingKernel(`${name}.0.weight`, shape),
      defaultBias(`${name}.0.bias`, shape),
      ...batchNormParameters(`${name}.1`, outChannels),
    ];
  });
}
