/** @file Means of tracks' embeddings: what heads learn from and predict on. */
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../base/index.ts';
import type { EncoderId, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';

/** Rows of tracks in a fixed order; `revision` is another text for other rows. */
export type PooledTracks = { trackIds: Int32Array; vectors: Float32Array; dimensions: number; revision: string };

/** Tracks read between two breaths of the event loop. */
const tracksAtOnce = 64;

type Kept = { indexId: number; vectors: Map<TrackId, { firstRow: number; vector: Float32Array }>; pooled: PooledTracks };

/** Reads means once, and afterwards only those of tracks that are new or were encoded again. */
export class Pool {
  readonly #store: Pick<Store, 'index' | 'tracks' | 'encoders'>;
  readonly #kept = new Map<EncoderId, Kept>();

  constructor(store: Pick<Store, 'index' | 'tracks' | 'encoders'>) {
    this.#store = store;
  }

  /** Every indexed track that can be shown. @throws AppError NOT_FOUND when the encoder has no index */
  async tracks(encoderId: EncoderId, signal?: AbortSignal): Promise<PooledTracks> {
    const index = this.#store.index.current(encoderId);
    if (index === null) {
      const { name } = this.#store.encoders.get(encoderId);
      throw new AppError('NOT_FOUND', `${name} has no index yet. Index the library with it first.`, { details: { encoderId } });
    }
    const before = this.#kept.get(encoderId);
    const known = before?.indexId === index.id ? before.vectors : new Map<TrackId, { firstRow: number; vector: Float32Array }>();
    const vectors: Kept['vectors'] = new Map();
    let read = 0;
    for (const { trackId, audioHash } of this.#store.tracks.audio()) {
      const place = this.#store.index.track(index.id, trackId);
      if (place === null || place.segments === 0 || place.audioHash !== audioHash) continue;
      const same = known.get(trackId);
      vectors.set(trackId, same?.firstRow === place.firstRow ? same : { firstRow: place.firstRow, vector: this.mean(encoderId, trackId) });
      if (++read % tracksAtOnce === 0) {
        signal?.throwIfAborted();
        await setImmediate();
      }
    }
    const pooled = gathered(vectors, index.dimensions, `${index.id} ${index.committedRows} ${vectors.size}`);
    this.#kept.set(encoderId, { indexId: index.id, vectors, pooled });
    return pooled;
  }

  /** What the index holds, told from what it holds later: `index rows`. */
  indexed(encoderId: EncoderId): string {
    const index = this.#store.index.current(encoderId);
    return index === null ? '' : `${index.id} ${index.committedRows}`;
  }

  /** The mean of a track's segments, or of those from one to another (ends included) that there are; zeros without any. */
  mean(encoderId: EncoderId, trackId: TrackId, range?: { first: number; last: number }): Float32Array {
    const { dimensions } = this.#store.encoders.get(encoderId);
    const all = this.#store.index.embeddings(encoderId, trackId);
    const segments = all.length / dimensions;
    const first = Math.max(0, Math.min(range?.first ?? 0, segments - 1));
    const last = Math.min(range?.last ?? segments - 1, segments - 1);
    const mean = new Float32Array(dimensions);
    if (segments === 0) return mean;
    for (let segment = first; segment <= last; segment++)
      for (let i = 0; i < dimensions; i++) mean[i] = (mean[i] as number) + (all[segment * dimensions + i] as number);
    for (let i = 0; i < dimensions; i++) mean[i] = (mean[i] as number) / (last - first + 1);
    return mean;
  }
}

function gathered(vectors: Kept['vectors'], dimensions: number, revision: string): PooledTracks {
  const trackIds = Int32Array.from(vectors.keys());
  const rows = new Float32Array(vectors.size * dimensions);
  let row = 0;
  for (const { vector } of vectors.values()) rows.set(vector, dimensions * row++);
  return { trackIds, vectors: rows, dimensions, revision };
}
