/** @file What a head says of every indexed track, kept in memory until head or index are others. */
import { setImmediate } from 'node:timers/promises';
import type { HeadId } from '../../contract/index.ts';
import type { Store, StoredHead } from '../../store/index.ts';
import type { HeadMaker, TagHeads } from './heads.ts';
import type { TrackMeans } from './track-means.ts';

/** Probabilities `[tracks, labels]` of tracks in a fixed order. */
export type Predictions = { trackIds: Int32Array; probabilities: Float32Array; labels: number; vectors: Float32Array; dimensions: number };

type Kept = { revision: string; predictions: Predictions; orders: Map<number, Uint32Array> };

/** Tracks predicted at a time. */
const tracksAtOnce = 4096;
/** Heads whose predictions are kept. */
const mostHeads = 4;

/** Predicts and keeps. */
export class HeadPredictions {
  readonly #store: Pick<Store, 'encoders'>;
  readonly #maker: HeadMaker;
  readonly #means: TrackMeans;
  readonly #heads: TagHeads;
  readonly #kept = new Map<HeadId, Kept>();

  constructor({ store, maker, means, heads }: { store: Pick<Store, 'encoders'>; maker: HeadMaker; means: TrackMeans; heads: TagHeads }) {
    this.#store = store;
    this.#maker = maker;
    this.#means = means;
    this.#heads = heads;
  }

  /** What a head says of every indexed track. */
  async of(head: StoredHead): Promise<Predictions> {
    return (await this.#get(head)).predictions;
  }

  /** Rows of predictions, the most probable of a label first; equal ones by track. */
  async order(head: StoredHead, label: number): Promise<Uint32Array> {
    const { predictions, orders } = await this.#get(head);
    const known = orders.get(label);
    if (known !== undefined) return known;
    const { probabilities, labels } = predictions;
    const value = (row: number): number => probabilities[row * labels + label] as number;
    const order = Uint32Array.from({ length: predictions.trackIds.length }, (_, row) => row).sort((a, b) => value(b) - value(a) || a - b);
    orders.set(label, order);
    return order;
  }

  async #get(head: StoredHead): Promise<Kept> {
    // A published head's outputs are an index of their own: the mean over a track's segments is its probability (CLMR's evaluation).
    const set = head.source === 'published' ? this.#store.encoders.tagSetOf(head.encoderId) : null;
    const embeddings = await this.#means.tracks(set?.id ?? head.encoderId);
    const known = this.#kept.get(head.id);
    if (known?.revision === embeddings.revision) return known;
    const { trackIds, vectors, dimensions, revision } = embeddings;
    const labels = head.labels.length;
    const probabilities = set === null ? await this.#predict(head, vectors, dimensions) : vectors;
    const kept = {
      revision,
      predictions: { trackIds, probabilities, labels, vectors, dimensions },
      orders: new Map<number, Uint32Array>(),
    };
    this.#kept.delete(head.id);
    this.#kept.set(head.id, kept);
    for (const id of this.#kept.keys()) if (this.#kept.size > mostHeads) this.#kept.delete(id);
    return kept;
  }

  async #predict(head: StoredHead, vectors: Float32Array, dimensions: number): Promise<Float32Array> {
    const weights = await this.#heads.weights(head);
    const labels = head.labels.length;
    const tracks = vectors.length / dimensions;
    const probabilities = new Float32Array(tracks * labels);
    for (let from = 0; from < tracks; from += tracksAtOnce) {
      const logits = await this.#maker.predict(weights, vectors.subarray(from * dimensions, (from + tracksAtOnce) * dimensions));
      probabilities.set(calibrated(head, logits), from * labels);
      await setImmediate();
    }
    return probabilities;
  }
}

/** Logits `[rows, labels]` as probabilities; those of labels that were not learnt, and what is no number, are 0. */
export function calibrated(head: Pick<StoredHead, 'labels'>, logits: Float32Array): Float32Array {
  const labels = head.labels.length;
  return logits.map((logit, i) => {
    const { state, slope, offset } = head.labels[i % labels] ?? { state: 'tooFew', slope: 0, offset: 0 };
    const probability = state === 'ready' ? 1 / (1 + Math.exp(-(slope * logit + offset))) : 0;
    // Weights or embeddings that are no numbers speak for nothing.
    return Number.isNaN(probability) ? 0 : probability;
  });
}
