/** @file What the search for similar music needs of the neighbour engine. */
import type { EncoderId } from '../../contract/index.ts';

/** One vector a track: the mean of its segments' embeddings, less the library's mean, at unit length. */
export type TrackSpace = {
  /** `[tracks]` */
  trackIds: Int32Array;
  /** A track's place in `trackIds`; -1 when it has none. */
  positionOf(trackId: number): number;
  /** `[dimensions]` */
  vector(position: number): Float32Array;
  dimensions: number;
  /** Another text for other vectors. */
  revision: string;
};

/** Segments nearest to a query, nearest first; parallel columns. */
export type SegmentHits = { rows: Uint32Array; trackIds: Int32Array; segments: Int32Array; scores: Float32Array };

/** How segments are searched. `tracks`: 1 = allowed, by track id. `weights` `[dimensions]`, from 0 on. */
export type SegmentSearch = { count: number; weights?: Float32Array | null; tracks?: Uint8Array; exact?: boolean };

/** The engine as this folder sees it; see `engine.ts`. Vectors are centred and of unit length. */
export type Neighbours = {
  /** @throws AppError NOT_FOUND when the encoder has no index */
  trackSpace(encoderId: EncoderId): Promise<TrackSpace>;
  /** Cosines `[tracks]` in the space's order; with weights Σ w·a·b / √(Σ w·a² · Σ w·b²). */
  trackScores(encoderId: EncoderId, query: Float32Array, weights: Float32Array | null): Promise<Float32Array>;
  segmentTop(encoderId: EncoderId, query: Float32Array, options: SegmentSearch): Promise<SegmentHits>;
  /** `[segments, dimensions]` of a track; empty while it is not indexed. */
  segmentVectors(encoderId: EncoderId, trackId: number): Float32Array;
  /** An embedding as the encoder gave it, brought into a space. */
  centre(encoderId: EncoderId, space: 'tracks' | 'segments', raw: Float32Array): Promise<Float32Array>;
};
