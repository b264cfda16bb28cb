/** @file The weights of a trained head, compared with what was written. */
import { AppError } from '../../base/index.ts';
import { hashWeights, readWeightsFile } from '../../compute/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import type { Store, StoredHead } from '../../store/index.ts';

/** Reads a trained head's weights. Those of versions that kept no hash are taken as they are. @throws AppError WEIGHTS_UNREADABLE */
export async function readHead(
  { paths }: Pick<Store, 'paths'>,
  { id, weightsSha256 }: Pick<StoredHead, 'id' | 'weightsSha256'>,
): Promise<Map<string, WeightArray>> {
  const path = paths.head(id);
  const weights = await readWeightsFile(path);
  if (weightsSha256 === null || hashWeights(weights) === weightsSha256) return weights;
  const says = `The weights in ${path} are not those that were learnt of your tags: the file was damaged or changed.`;
  throw new AppError('WEIGHTS_UNREADABLE', `${says} Train the tags again; the tags and what you said of them stay.`, { details: { path } });
}
