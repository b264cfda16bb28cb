/** @file Means of tracks' embeddings: what heads learn from and predict on. */
import type { EncoderId, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { NeighbourEngine } from '../similar/engine.ts';
import { meanOf, rowsOf } from '../similar/vectors.ts';

/** Rows `[tracks, dimensions]` of tracks in a fixed order; `revision` is another text for other rows. */
export type PooledTracks = { trackIds: Int32Array; vectors: Float32Array; dimensions: number; revision: string };

type Engine = Pick<NeighbourEngine, 'trackSpace' | 'trackMeans'>;

/** Keeps the means of the encoders that were last asked for. */
export class Pool {
  readonly #store: Pick<Store, 'index' | 'encoders'>;
  readonly #engine: Engine;
  #kept = new Map<EncoderId, PooledTracks>();

  constructor(store: Pick<Store, 'index' | 'encoders'>, engine: Engine) {
    this.#store = store;
    this.#engine = engine;
  }

  /** Every indexed track that can be shown. @throws AppError NOT_FOUND when the encoder has no index */
  async tracks(encoderId: EncoderId): Promise<PooledTracks> {
    const { revision } = await this.#engine.trackSpace(encoderId);
    const known = this.#kept.get(encoderId);
    if (known?.revision === revision) return known;
    const { means, ...about } = await this.#engine.trackMeans(encoderId);
    const pooled = { ...about, vectors: means };
    // One encoder, and the tag set that came with it.
    this.#kept = new Map([...this.#kept].filter(([id]) => id !== encoderId).slice(-1));
    this.#kept.set(encoderId, pooled);
    return pooled;
  }

  /** What the index holds, told from what it holds later: `index rows`. */
  indexed(encoderId: EncoderId): string {
    const index = this.#store.index.current(encoderId);
    return index === null ? '' : `${index.id} ${index.committedRows}`;
  }

  /** The mean of a track's segments from one to another (ends included), as far as there are any; zeros without. */
  mean(encoderId: EncoderId, trackId: TrackId, range: { first: number; last: number }): Float32Array {
    const { dimensions } = this.#store.encoders.get(encoderId);
    const all = this.#store.index.embeddings(encoderId, trackId);
    const segments = all.length / dimensions;
    if (segments === 0) return new Float32Array(dimensions);
    const [first, last] = [Math.min(range.first, segments - 1), Math.min(range.last, segments - 1)];
    return meanOf(rowsOf(all.subarray(first * dimensions, (last + 1) * dimensions), dimensions));
  }
}
