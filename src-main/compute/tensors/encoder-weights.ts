/** @file The weights of an encoder of the library. */
import { createEncoder } from '../../learn/index.ts';
import type { EncoderSettings, WeightArray } from '../../learn/index.ts';
import { checkWeightsHash } from './hash-weights.ts';
import { readWeightsFile } from './safetensors.ts';

/**
 * Reads an encoder's weights from their file; of one without parameters there is no file, and nothing to read.
 * @throws AppError `WEIGHTS_UNREADABLE`, also when they are not those that were kept; codes of the file system; as {@link createEncoder}
 */
export async function readEncoderWeights(
  settings: EncoderSettings,
  { path, sha256 }: { path: string; sha256: string },
): Promise<Map<string, WeightArray>> {
  const hasWeights = createEncoder(settings).parameters().length > 0;
  const weights = hasWeights ? await readWeightsFile(path) : new Map<string, WeightArray>();
  checkWeightsHash(weights, { path, sha256 });
  return weights;
}
