/**
 * @file Holds hubs down: vectors that are near to everything and so among everybody's results (Radovanović, Nanopoulos and Ivanović, Hubs in space,
 * JMLR 11, 2010). Every vector gets a scale, the root mean square of its distances to its ten nearest; a distance is divided by the scales of both
 * ends (local scaling: Zelnik-Manor and Perona, Self-tuning spectral clustering, NIPS 2004; with the mean of several neighbours, NICDM: Jégou, Schmid,
 * Harzallah and Verbeek, IEEE TPAMI 32, 2010; compared with mutual proximity by Schnitzer, Flexer, Schedl and Widmer, JMLR 13, 2012). The score is
 * exp(-d/√(σσ)): in the same order as the affinity exp(-d²/σσ), which is nearly nothing for most of a list. The nearest are looked for among some
 * hundred landmarks, drawn from the library, and not among all: that keeps most of the effect and makes the cost grow with the library's size alone.
 * `earmark bench hubs` measures both.
 */
import { seededRandom } from '../../base/index.ts';
import type { EncoderId } from '../../contract/index.ts';
import type { Neighbours, TrackSpace } from './neighbours.ts';
import { Landmarks } from './landmarks.ts';
import { rowOf } from './vectors.ts';

/** Neighbours that make a scale. */
export const scaleNeighbours = 10;
/** Landmarks among tracks, and among segments, whose scales are made while a person waits. */
export const trackLandmarks = 512;
export const segmentLandmarks = 256;

/** Recordings that are there several times must not make a scale of nothing. */
const leastScale = 0.02;
/** With so large a share of the tracks known, a query does not wait for the new ones' scales. */
const enoughKnown = 0.9;
const keptSegmentScales = 200_000;
const tracksAtOnce = 16;
/** Scales measured between two breaths of the event loop: some milliseconds. */
const scalesAtOnce = 128;

/** 0 to 1: what results are ordered by. Scales are those of both ends. */
export function localScore(cosine: number, scale: number, other: number): number {
  return scoreOfDistance(scaledDistance(cosine, scale, other));
}

/** The score at a {@link scaledDistance}: 1 where nothing lies between, 0.37 as far off as the nearest ten are. */
export function scoreOfDistance(distance: number): number {
  return Math.exp(-Math.sqrt(distance));
}

/** The squared distance of unit vectors over both ends' scales, from 0 on. */
export function scaledDistance(cosine: number, scale: number, other: number): number {
  return Math.max(0, 2 - 2 * cosine) / (scale * other);
}

/** A scale from the cosines to the nearest landmarks; 1 without any. */
export function scaleOf(cosines: ArrayLike<number>, count = cosines.length): number {
  if (count === 0) return 1;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += 2 - 2 * (cosines[i] as number);
  return Math.max(leastScale, Math.sqrt(Math.max(0, sum / count)));
}

/** The greatest of numbers that come one after the other, for each of `size` places. */
export class Greatest {
  readonly #values: Float32Array;
  readonly #counts: Uint8Array;

  constructor(size: number) {
    this.#values = new Float32Array(size * scaleNeighbours);
    this.#counts = new Uint8Array(size);
  }

  add(place: number, value: number): void {
    const start = place * scaleNeighbours;
    const count = this.#counts[place] as number;
    let at = start + count;
    if (count === scaleNeighbours) {
      at--;
      if (value <= (this.#values[at] as number)) return;
    } else this.#counts[place] = count + 1;
    for (; at > start && (this.#values[at - 1] as number) < value; at--) this.#values[at] = this.#values[at - 1] as number;
    this.#values[at] = value;
  }

  scale(place: number): number {
    const start = place * scaleNeighbours;
    return scaleOf(this.#values.subarray(start, start + scaleNeighbours), this.#counts[place]);
  }
}

/** Scales of a space's tracks `[tracks]`, and the positions of the landmarks that they were measured by. */
export type TrackScales = { revision: string; trackIds: Int32Array; scales: Float32Array; landmarks: Int32Array };

/** The scale of a query from its cosines with tracks, by position; its own tracks are left out. */
export function scaleOfQuery(
  cosineWith: (position: number) => number,
  { landmarks }: Pick<TrackScales, 'landmarks'>,
  isOwn: (position: number) => boolean,
): number {
  const greatest = new Greatest(1);
  for (const position of landmarks) if (!isOwn(position)) greatest.add(0, cosineWith(position));
  return greatest.scale(0);
}

/**
 * Measures the scale of every track. Landmarks fit the processor's caches, so that tracks are compared with all of them, some at a time; the other
 * way round, every landmark would read the whole library from memory.
 */
export async function measureTrackScales(space: TrackSpace): Promise<TrackScales> {
  const { trackIds, revision, dimensions } = space;
  const landmarks = drawn(trackIds.length, trackLandmarks);
  const near = new Landmarks(
    [...landmarks].map((position) => space.vector(position)),
    dimensions,
  );
  const scales = new Float32Array(trackIds.length);
  for (let first = 0; first < scales.length; first += scalesAtOnce) {
    const vectors = Array.from({ length: Math.min(scalesAtOnce, scales.length - first) }, (_, i) => space.vector(first + i));
    near.products(vectors, (products, i) => {
      const greatest = new Greatest(1);
      for (let k = 0; k < landmarks.length; k++) if (landmarks[k] !== first + i) greatest.add(0, products[k] as number);
      scales[first + i] = greatest.scale(0);
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { revision, trackIds, landmarks, scales };
}

/** Keeps the scales of every encoder's tracks and segments, and makes them anew when its index changes. */
export class Hubs {
  readonly #neighbours: Neighbours;
  readonly #tracks = new Map<EncoderId, { revision: string; made: Promise<TrackScales>; latest: TrackScales | null }>();
  readonly #segments = new Map<EncoderId, SegmentScales>();

  constructor(neighbours: Neighbours) {
    this.#neighbours = neighbours;
  }

  /** Scales in the order of a space. A few new tracks have the mean scale until theirs are measured. */
  async trackScales(encoderId: EncoderId, space: TrackSpace): Promise<TrackScales> {
    const known = this.#tracks.get(encoderId);
    if (known?.revision === space.revision) return known.latest?.revision === space.revision ? known.latest : known.made;
    const before = known?.latest ?? null;
    const entry = { revision: space.revision, made: measureTrackScales(space), latest: before };
    this.#tracks.set(encoderId, entry);
    entry.made.then(
      (scales) => (entry.latest = scales),
      () => this.#tracks.get(encoderId) === entry && this.#tracks.delete(encoderId),
    );
    return (before === null ? null : carriedOver(before, space)) ?? entry.made;
  }

  /** Scales of segments, made as they are asked for. */
  async segmentScales(encoderId: EncoderId, space: TrackSpace): Promise<SegmentScales> {
    const known = this.#segments.get(encoderId);
    if (known?.revision === space.revision) return known;
    const scales = new SegmentScales(space.revision, await segmentLandmarksOf(this.#neighbours, encoderId, space), space.dimensions);
    this.#segments.set(encoderId, scales);
    return scales;
  }
}

/** Scales of segments by their distances to landmark segments. */
export class SegmentScales {
  readonly revision: string;
  readonly #landmarks: Landmarks;
  readonly #known = new Map<number, number>();

  /** @param landmarks unit vectors `[dimensions]` */
  constructor(revision: string, landmarks: readonly Float32Array[], dimensions: number) {
    this.revision = revision;
    this.#landmarks = new Landmarks(landmarks, dimensions);
  }

  /** The scales of the segments at some rows of the index; `vectorOf` gives the vector of each. */
  ofRows(rows: ArrayLike<number>, vectorOf: (i: number) => Float32Array): Float32Array {
    if (this.#known.size >= keptSegmentScales) this.#known.clear();
    const scales = Float32Array.from(rows, (row) => this.#known.get(row) ?? NaN);
    const unknown = [...scales.keys()].filter((i) => Number.isNaN(scales[i]));
    for (const [k, scale] of this.of(unknown.map(vectorOf)).entries()) {
      const i = unknown[k] as number;
      scales[i] = scale;
      this.#known.set(rows[i] as number, scale);
    }
    return scales;
  }

  /** The scales of any unit vectors; a landmark that is the vector itself does not count. */
  of(vectors: readonly Float32Array[]): Float32Array {
    const scales = new Float32Array(vectors.length);
    this.#landmarks.products(vectors, (products, i) => {
      const greatest = new Greatest(1);
      for (let k = 0; k < products.length; k++) if ((products[k] as number) < 1 - 1e-6) greatest.add(0, products[k] as number);
      scales[i] = greatest.scale(0);
    });
    return scales;
  }
}

/** One segment each of as many tracks. */
async function segmentLandmarksOf(neighbours: Neighbours, encoderId: EncoderId, space: TrackSpace): Promise<Float32Array[]> {
  const random = seededRandom(2);
  const { dimensions, trackIds } = space;
  const landmarks: Float32Array[] = [];
  const perTrack = Math.ceil(segmentLandmarks / Math.max(1, trackIds.length));
  for (const [i, position] of drawn(trackIds.length, segmentLandmarks).entries()) {
    const vectors = neighbours.segmentVectors(encoderId, trackIds[position] as number);
    const count = vectors.length / dimensions;
    for (let one = 0; one < perTrack && count > 0; one++) landmarks.push(rowOf(vectors, dimensions, random.below(count)).slice());
    // Reading tracks must not hold the core up.
    if (i % tracksAtOnce === tracksAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return landmarks;
}

/** `count` of the numbers below `size`, without repeats, in order; all when there are no more. The same for the same size. */
function drawn(size: number, count: number): Int32Array {
  const all = Int32Array.from({ length: size }, (_, i) => i);
  if (size <= count) return all;
  const random = seededRandom(1);
  for (let i = 0; i < count; i++) {
    const other = i + random.below(size - i);
    [all[i], all[other]] = [all[other] as number, all[i] as number];
  }
  return all.slice(0, count).sort();
}

/** Scales of before in the order of now; null when too many tracks are new. */
function carriedOver(before: TrackScales, space: TrackSpace): TrackScales | null {
  const byTrack = new Map<number, number>();
  for (const [i, trackId] of before.trackIds.entries()) byTrack.set(trackId, before.scales[i] as number);
  const known = [...space.trackIds].filter((trackId) => byTrack.has(trackId)).length;
  if (known < enoughKnown * space.trackIds.length || known === 0) return null;
  const mean = before.scales.reduce((sum, scale) => sum + scale, 0) / before.scales.length;
  const scales = Float32Array.from(space.trackIds, (trackId) => byTrack.get(trackId) ?? mean);
  const landmarks = [...before.landmarks].map((position) => space.positionOf(before.trackIds[position] as number));
  return { revision: space.revision, trackIds: space.trackIds, scales, landmarks: Int32Array.from(landmarks.filter((at) => at >= 0)) };
}
