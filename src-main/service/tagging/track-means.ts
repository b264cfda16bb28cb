/** @file Means of tracks' embeddings: what heads learn from and predict on. */
import { SegmentTimes } from '../../contract/index.ts';
import type { EncoderId, SegmentTiming, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { NeighbourEngine } from '../similar/engine.ts';
import { meanOf, rowsOf } from '../similar/vectors.ts';

/** Rows `[tracks, dimensions]` of tracks in a fixed order; `revision` is another text for other rows. */
export type MeanEmbeddings = { trackIds: Int32Array; vectors: Float32Array; dimensions: number; revision: string };

type Engine = Pick<NeighbourEngine, 'trackSpace' | 'trackMeans'>;

/** Keeps the means of the encoders that were last asked for. */
export class TrackMeans {
  readonly #store: Pick<Store, 'index' | 'encoders'>;
  readonly #engine: Engine;
  #kept = new Map<EncoderId, MeanEmbeddings>();

  constructor(store: Pick<Store, 'index' | 'encoders'>, engine: Engine) {
    this.#store = store;
    this.#engine = engine;
  }

  /** Every indexed track that can be shown. @throws AppError NOT_FOUND when the encoder has no index */
  async tracks(encoderId: EncoderId): Promise<MeanEmbeddings> {
    const { revision } = await this.#engine.trackSpace(encoderId);
    const known = this.#kept.get(encoderId);
    if (known?.revision === revision) return known;
    const { means, ...about } = await this.#engine.trackMeans(encoderId);
    const embeddings = { ...about, vectors: means };
    // One encoder, and the tag set that came with it.
    this.#kept = new Map([...this.#kept].filter(([id]) => id !== encoderId).slice(-1));
    this.#kept.set(encoderId, embeddings);
    return embeddings;
  }

  /** What the index holds, told from what it holds later: `index rows`. */
  indexed(encoderId: EncoderId): string {
    const index = this.#store.index.current(encoderId);
    return index === null ? '' : `${index.id} ${index.committedRows}`;
  }

  /** The mean of the segments that belong to a passage of a track; null where there is none. */
  mean(encoderId: EncoderId, trackId: TrackId, passage: SegmentTiming & { startMs: number; endMs: number }): Float32Array | null {
    const { dimensions } = this.#store.encoders.get(encoderId);
    const all = this.#store.index.embeddings(encoderId, trackId);
    const segments = new SegmentTimes(passage, all.length / dimensions).of(passage);
    return segments.length === 0 ? null : meanOf(rowsOf(all, dimensions, segments));
  }
}
