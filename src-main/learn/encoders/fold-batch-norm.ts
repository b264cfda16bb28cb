/** @file Batch norm in evaluation mode is a scale and a shift per channel, so it can be part of the convolution before it. */
import { defined } from '../../base/index.ts';
import { batchNormEpsilon } from '../layers/batch-norm.ts';
import type { WeightArray, WeightArrays } from '../parameters.ts';

/**
 * Folds each batch norm into its convolution; the norms' own weights are gone from the result, everything else is passed on.
 * @param pairs prefixes of a convolution (`weight` `[out, …]`, and `bias` `[out]` where it has one) and of the batch norm after it
 */
export function foldBatchNorm(
  weights: WeightArrays,
  pairs: readonly { convolution: string; batchNorm: string }[],
): Map<string, WeightArray> {
  const folded = new Map(weights);
  for (const { convolution, batchNorm } of pairs) {
    const data = (name: string): Float32Array => defined(weights.get(name), name).data;
    const kernel = defined(weights.get(`${convolution}.weight`), `${convolution}.weight`);
    const bias = weights.get(`${convolution}.bias`)?.data ?? new Float32Array(kernel.shape[0] ?? 0);
    const [gain, shift] = [data(`${batchNorm}.weight`), data(`${batchNorm}.bias`)];
    const [mean, variance] = [data(`${batchNorm}.running_mean`), data(`${batchNorm}.running_var`)];
    const scale = Float64Array.from(gain, (value, channel) => value / Math.sqrt((variance[channel] ?? 0) + batchNormEpsilon));
    const perChannel = kernel.data.length / bias.length;
    const newKernel = kernel.data.map((value, index) => value * (scale[Math.floor(index / perChannel)] ?? 0));
    const newBias = bias.map((value, channel) => (value - (mean[channel] ?? 0)) * (scale[channel] ?? 0) + (shift[channel] ?? 0));
    folded.set(`${convolution}.weight`, { shape: kernel.shape, data: newKernel });
    folded.set(`${convolution}.bias`, { shape: [bias.length], data: newBias });
    for (const name of ['weight', 'bias', 'running_mean', 'running_var']) folded.delete(`${batchNorm}.${name}`);
  }
  return folded;
}
