/** @file The hash by which weights are known, whatever file they came in. */
import { createHash } from 'node:crypto';
import { AppError } from '../../base/index.ts';
import type { WeightArrays } from '../../learn/index.ts';

/** SHA-256 of names, shapes and values, in hex. */
export function hashWeights(weights: WeightArrays): string {
  const hash = createHash('sha256');
  for (const [name, { shape, data }] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name} ${shape.join('x')}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

/** @throws AppError WEIGHTS_UNREADABLE when the weights are not those that were kept */
export function checkWeightsHash(weights: WeightArrays, { path, sha256 }: { path: string; sha256: string }): void {
  if (hashWeights(weights) === sha256) return;
  const says = `The weights in ${path} are not those that were imported: the file was damaged or changed.`;
  throw new AppError('WEIGHTS_UNREADABLE', `${says} Import them again; notes and index stay.`, { details: { path } });
}
