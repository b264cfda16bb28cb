/** @file Neighbours by plain loops over what the store holds: what the engine must answer, and what the services are tested on. */
import type { EncoderId, NeighbourStatus } from '../../src-main/contract/index.ts';
import type {
  Neighbours,
  SegmentHits,
  SegmentSearch,
  TrackHits,
  TrackSearch,
  TrackSpace,
} from '../../src-main/service/similar/neighbours.ts';
import type { Store } from '../../src-main/store/index.ts';

type Row = { trackId: number; segment: number; row: number; raw: Float32Array };

/** The engine's answers, one vector after the other. */
export class BruteNeighbours implements Neighbours {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async trackSpace(encoderId: EncoderId): Promise<TrackSpace> {
    const raw = this.#tracks(encoderId);
    const mean = meanOf(raw.map(({ vector }) => vector));
    const vectors = raw.map(({ vector }) => centred(vector, mean));
    const trackIds = Int32Array.from(raw, ({ trackId }) => trackId);
    return {
      trackIds,
      positionOf: (trackId) => trackIds.indexOf(trackId),
      vector: (position) => Float32Array.from(vectors[position] ?? []),
      mean,
      dimensions: mean.length,
      revision: JSON.stringify([...trackIds]),
    };
  }

  async trackScores(encoderId: EncoderId, query: Float32Array, weights: Float32Array | null): Promise<Float32Array> {
    const { trackIds, vector } = await this.trackSpace(encoderId);
    return Float32Array.from(trackIds, (_, i) => weightedCosine(query, vector(i), weights));
  }

  async nearestTracks(encoderId: EncoderId, query: Float32Array, { count, scales, weights = null }: TrackSearch): Promise<TrackHits> {
    const cosines = await this.trackScores(encoderId, query, weights);
    const key = (at: number): number => Math.max(0, 1 - (cosines[at] ?? 0)) / (scales[at] ?? 0);
    const positions = [...cosines.keys()].filter((at) => (scales[at] ?? 0) > 0).sort((a, b) => key(a) - key(b) || a - b);
    const nearest = Int32Array.from(positions.slice(0, count));
    return { positions: nearest, cosines: Float32Array.from(nearest, (at) => cosines[at] ?? 0) };
  }

  async segmentTop(
    encoderId: EncoderId,
    query: Float32Array,
    { count, weights = null, tracks, perTrack = Infinity }: SegmentSearch,
  ): Promise<SegmentHits> {
    const rows = this.#rows(encoderId);
    const taken = new Map<number, number>();
    const mean = meanOf(rows.map(({ raw }) => raw));
    const best = rows
      .filter(({ trackId }) => tracks === undefined || tracks[trackId] === 1)
      .map((row) => ({ ...row, score: weightedCosine(query, centred(row.raw, mean), weights) }))
      .sort((a, b) => b.score - a.score || a.row - b.row)
      .filter(({ trackId }) => {
        taken.set(trackId, (taken.get(trackId) ?? 0) + 1);
        return (taken.get(trackId) ?? 0) <= perTrack;
      })
      .slice(0, count);
    return {
      rows: Uint32Array.from(best, ({ row }) => row),
      trackIds: Int32Array.from(best, ({ trackId }) => trackId),
      segments: Int32Array.from(best, ({ segment }) => segment),
      scores: Float32Array.from(best, ({ score }) => score),
      vectors: null,
    };
  }

  segmentVectors(encoderId: EncoderId, trackId: number): Float32Array {
    const rows = this.#rows(encoderId);
    const mean = meanOf(rows.map(({ raw }) => raw));
    return Float32Array.from(rows.filter((row) => row.trackId === trackId).flatMap(({ raw }) => [...centred(raw, mean)]));
  }

  rowVectors(encoderId: EncoderId, rows: ArrayLike<number>): Float32Array {
    const all = this.#rows(encoderId);
    const mean = meanOf(all.map(({ raw }) => raw));
    return Float32Array.from(Array.from(rows).flatMap((wanted) => [...centred(all.find(({ row }) => row === wanted)?.raw ?? mean, mean)]));
  }

  async centre(encoderId: EncoderId, space: 'tracks' | 'segments', raw: Float32Array): Promise<Float32Array> {
    const all = space === 'tracks' ? this.#tracks(encoderId).map(({ vector }) => vector) : this.#rows(encoderId).map((row) => row.raw);
    return centred(raw, meanOf(all));
  }

  async direction(_: EncoderId, raw: Float32Array): Promise<Float32Array> {
    return centred(raw, new Float32Array(raw.length));
  }

  status(encoderId: EncoderId): NeighbourStatus {
    return { state: 'ready', method: 'exact', segments: this.#rows(encoderId).length, tracks: this.#tracks(encoderId).length, bytes: 0 };
  }

  #tracks(encoderId: EncoderId): { trackId: number; vector: Float32Array }[] {
    const rows = this.#rows(encoderId);
    const ids = [...new Set(rows.map(({ trackId }) => trackId))].sort((a, b) => a - b);
    return ids.map((trackId) => ({ trackId, vector: meanOf(rows.filter((row) => row.trackId === trackId).map(({ raw }) => raw)) }));
  }

  #rows(encoderId: EncoderId): Row[] {
    const query = { features: [], sort: [], search: '', offset: 0, limit: 1_000_000 };
    return this.#store.index
      .query(encoderId, query)
      .rows.map((place) => ({ ...place, raw: this.#store.index.embeddingsAt(encoderId, [place.row]) }))
      .sort((a, b) => a.row - b.row);
  }
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  return Float32Array.from(vectors[0] ?? [], (_, i) => vectors.reduce((sum, vector) => sum + (vector[i] ?? 0), 0) / vectors.length);
}

function centred(raw: Float32Array, mean: Float32Array): Float32Array {
  const vector = raw.map((value, i) => value - (mean[i] ?? 0));
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** Σ w·a·b / √(Σ w·a² · Σ w·b²) */
export function weightedCosine(a: Float32Array, b: Float32Array, weights: Float32Array | null): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const weight = weights?.[i] ?? 1;
    product += weight * (a[i] ?? 0) * (b[i] ?? 0);
    ofA += weight * (a[i] ?? 0) ** 2;
    ofB += weight * (b[i] ?? 0) ** 2;
  }
  return ofA * ofB === 0 ? 0 : product / Math.sqrt(ofA * ofB);
}
