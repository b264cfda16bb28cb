/** @file A space whose index is looked at. */
import { AppError, breather } from '../../base/index.ts';
import type { EncoderId } from '../../contract/index.ts';
import type { ActivationIndexInfo, Store, StoredEncoder } from '../../store/index.ts';
import { indexedTracks } from './indexed-tracks.ts';
import type { IndexedTracks } from './indexed-tracks.ts';

/** The space, its index as it is now, and the tracks that lie in it. */
export type Inspected = { encoder: StoredEncoder; index: ActivationIndexInfo; tracks: IndexedTracks };

/** @throws AppError NOT_FOUND without such a space, or where it has heard nothing */
export async function inspectedSpace(store: Store, encoderId: EncoderId, pause: () => Promise<void> = breather()): Promise<Inspected> {
  await store.encoders.prepare(pause);
  const encoder = store.encoders.get(encoderId);
  const index = store.index.current(encoderId);
  const tracks = index === null ? null : await indexedTracks(store, index, pause);
  if (index === null || tracks === null || tracks.segments === 0)
    throw new AppError('NOT_FOUND', `${encoder.name} has not heard any track yet. Index the library with it first.`, {
      details: { encoderId },
    });
  return { encoder, index, tracks };
}

/** @throws AppError BAD_INPUT for a neuron that a space does not have */
export function checkNeuron({ name }: StoredEncoder, dimensions: number, number: number): void {
  if (number < dimensions) return;
  throw new AppError('BAD_INPUT', `${name} has neurons 0 to ${dimensions - 1}; there is no neuron ${number}.`, {
    details: { number, dimensions },
  });
}
