/**
 * @file The nearest tracks and segments to a vector, in one encoder's index. Embeddings are centred (the library's mean is subtracted, which makes
 * hubs rarer: Suzuki, Hara, Shimbo, Saerens and Fukumizu, EMNLP 2013) and brought to length 1, so that products are cosines. In libraries that are not
 * large, all are compared in float32. In large ones tracks are compared in float32 that int8 codes cannot rule out, which gives the same; and segments
 * by four leading numbers in float32 and further ones as int8, and the best of those in float32, which finds nearly the same.
 */
import { setImmediate } from 'node:timers/promises';
import { totalmem } from 'node:os';
import { AppError } from '../../base/index.ts';
import type { EncoderId, NeighbourStatus, TrackId } from '../../contract/index.ts';
import { makePieces, placeRuns, prepareQuery, sameRuns, sharedFloats } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { centred, centredRows } from './engine-centre.ts';
import type { Centre } from './engine-centre.ts';
import { ScanPool } from './engine-pool.ts';
import { measureRecall } from './engine-recall.ts';
import { readRuns } from './engine-runs.ts';
import { searchExactly, searchFast } from './engine-search.ts';
import type { SegmentHits } from './engine-search.ts';
import { Spaces } from './engine-spaces.ts';
import type { TrackSpace } from './engine-spaces.ts';
import { nearestByBounds, nearestOfAll } from './engine-tracks.ts';
import type { TrackHits, TrackSearch } from './engine-tracks.ts';

export type { SegmentHits } from './engine-search.ts';
export type { TrackSpace } from './engine-spaces.ts';
export type { TrackHits, TrackSearch } from './engine-tracks.ts';

/** Where the engine changes its ways; tests choose others. */
export type EngineLimits = {
  /** Libraries with more segments are searched by codes. */
  exactSegments: number;
  /** Libraries with more tracks are searched by codes that prove which are nearest. */
  comparedTracks: number;
  /** Float32 segments are kept in memory up to this, and read from their files beyond. */
  residentBytes: number;
};

/** Two hundred thousand segments of 512 features are 400 MB, and scanned in some ten milliseconds; ten thousand tracks in one. */
const defaultLimits: EngineLimits = { exactSegments: 200_000, comparedTracks: 10_000, residentBytes: totalmem() / 8 };

/**
 * How segments are searched. `tracks`: 1 = allowed, by track id; `weights`: float32 `[dimensions]`, 0 or more; `perTrack`: most of one track, any
 * number when it is left out.
 */
export type SegmentSearch = { count: number; weights?: Float32Array | null; tracks?: Uint8Array; perTrack?: number; exact?: boolean };

/** How an encoder's neighbours stand; `recall` as it was measured last, 0 to 1. */
export type EngineStatus =
  Exclude<NeighbourStatus, { state: 'ready' }> | (Extract<NeighbourStatus, { state: 'ready' }> & { recall: number | null });

/** Tries of a question whose index is replaced meanwhile. */
const tries = 3;
/** Encoders whose vectors stay in memory. */
const keptEncoders = 2;

type Known = { spaces: Spaces; stamp: string; recall: number | null };

/** Finds neighbours; vectors stay in memory between questions, and follow the library. */
export class NeighbourEngine {
  readonly #tools: Pick<Tools, 'store' | 'entries' | 'events'>;
  readonly #limits: EngineLimits;
  readonly #pool: ScanPool;
  /** Last used last. */
  readonly #known = new Map<EncoderId, Known>();
  readonly #refreshing = new Map<EncoderId, Promise<Known>>();
  readonly #progress = new Map<EncoderId, { done: number; total: number }>();
  readonly #listening = new AbortController();
  /** The track whose segments were asked for last: one question asks several times. */
  #lastTrack: { stamp: string; mean: Float32Array; vectors: Float32Array } | null = null;

  constructor(tools: Pick<Tools, 'store' | 'entries' | 'events'>, limits: Partial<EngineLimits> = {}) {
    this.#tools = tools;
    this.#limits = { ...defaultLimits, ...limits };
    this.#pool = new ScanPool(tools.entries.scanThread, () => this.#known.clear());
    void this.#prepareAfterIndexing();
  }

  /**
   * The tracks' vectors; computed first where they are not up to date.
   * @throws AppError NOT_FOUND when the encoder has no index; DISK_FULL, OUT_OF_MEMORY, DATABASE_DAMAGED (an index's file is short)
   */
  async trackSpace(encoderId: EncoderId): Promise<TrackSpace> {
    return this.#steadily(encoderId, async ({ spaces }) => spaces.trackSpace());
  }

  /**
   * Means of the tracks' embeddings as the encoder gives them, float32 `[tracks, dimensions]`, with the tracks that they are of.
   * @throws AppError as {@link NeighbourEngine.trackSpace}
   */
  async trackMeans(encoderId: EncoderId): Promise<{ trackIds: Int32Array; means: Float32Array; dimensions: number; revision: string }> {
    return this.#steadily(encoderId, async ({ spaces }) => {
      const { trackIds, dimensions, revision } = spaces.trackSpace();
      return { trackIds, means: await spaces.means(), dimensions, revision };
    });
  }

  /**
   * Cosines of a query with every track, float32 `[tracks]` in the track space's order.
   * @param query in the track space, float32 `[dimensions]`
   * @param weights how often each feature counts, float32 `[dimensions]`, 0 or more: the cosine is Σ w·a·b / √(Σ w·a² · Σ w·b²)
   * @throws AppError as {@link NeighbourEngine.trackSpace}
   */
  async trackScores(encoderId: EncoderId, query: Float32Array, weights: Float32Array | null = null): Promise<Float32Array> {
    return this.#steadily(encoderId, ({ spaces }) => this.#allCosines(spaces, query, weights));
  }

  /**
   * The tracks at the smallest scaled distances from a query, (1 - cosine) / scale and 0 at least, nearest first; of equal ones the first.
   * @param query in the track space, float32 `[dimensions]`
   * @throws AppError as {@link NeighbourEngine.trackSpace}
   */
  async nearestTracks(encoderId: EncoderId, query: Float32Array, search: TrackSearch): Promise<TrackHits> {
    const { weights = null } = search;
    return this.#steadily(encoderId, async ({ spaces }) => {
      const isCoded = weights === null && spaces.runs.trackIds.length > this.#limits.comparedTracks;
      const proven = isCoded ? await nearestByBounds({ pool: this.#pool, spaces }, query, search) : null;
      return proven ?? nearestOfAll(await this.#allCosines(spaces, query, weights), search);
    });
  }

  /**
   * The segments nearest to a query, nearest first; of equal ones those of older tracks first.
   * @param query in the segment space, float32 `[dimensions]`
   * @throws AppError as {@link NeighbourEngine.trackSpace}
   */
  async segmentTop(encoderId: EncoderId, query: Float32Array, options: SegmentSearch): Promise<SegmentHits> {
    const isFast = (spaces: Spaces): boolean => options.exact !== true && this.#isLarge(spaces);
    return this.#steadily(encoderId, ({ spaces }) => this.#search(spaces, query, { ...options, exact: !isFast(spaces) }));
  }

  /**
   * A track's segments, float32 `[segments, dimensions]`, centred and of length 1, not to be changed; empty for a track that is not in the index.
   * Only after {@link NeighbourEngine.trackSpace} or {@link NeighbourEngine.centre} was asked, which is where the mean comes from.
   */
  segmentVectors(encoderId: EncoderId, trackId: number): Float32Array {
    const { index } = this.#tools.store;
    const stamp = `${encoderId} ${trackId} ${index.revision()}`;
    const centre = this.#segmentCentre(encoderId);
    if (this.#lastTrack?.stamp !== stamp || this.#lastTrack.mean !== centre.mean)
      this.#lastTrack = { stamp, mean: centre.mean, vectors: centredRows(index.embeddings(encoderId, trackId as TrackId), centre) };
    return this.#lastTrack.vectors;
  }

  /** Single segments by their rows in the index, float32 `[rows, dimensions]`; otherwise as {@link NeighbourEngine.segmentVectors}. */
  rowVectors(encoderId: EncoderId, rows: ArrayLike<number>): Float32Array {
    return centredRows(this.#tools.store.index.embeddingsAt(encoderId, rows), this.#segmentCentre(encoderId));
  }

  /**
   * Brings an embedding as the encoder gives it into a space: the mean subtracted, of length 1. Zeros stay zeros.
   * @throws AppError as {@link NeighbourEngine.trackSpace}
   */
  async centre(encoderId: EncoderId, space: 'tracks' | 'segments', raw: Float32Array): Promise<Float32Array> {
    return this.#steadily(encoderId, async ({ spaces }) =>
      centred(raw, { mean: space === 'tracks' ? spaces.trackSpace().mean : spaces.segmentMean, scale: spaces.source.scale }),
    );
  }

  /**
   * Brings a direction in the encoder's numbers into its spaces: scaled as embeddings are, of length 1, and with no mean, since it is no place.
   * @throws AppError as {@link NeighbourEngine.trackSpace}
   */
  async direction(encoderId: EncoderId, raw: Float32Array): Promise<Float32Array> {
    const mean = new Float32Array(raw.length);
    return this.#steadily(encoderId, async ({ spaces }) => centred(raw, { mean, scale: spaces.source.scale }));
  }

  /**
   * Share of the nearest segments that the search by codes finds, 0 to 1, over queries from the library itself. Makes the codes where there are none.
   * @throws AppError as {@link NeighbourEngine.trackSpace}
   */
  async recall(encoderId: EncoderId, { queries = 50, count = 50 }: { queries?: number; count?: number } = {}): Promise<number> {
    return this.#steadily(encoderId, async (known) => {
      const search = (query: Float32Array, exact: boolean): Promise<SegmentHits> => this.#search(known.spaces, query, { count, exact });
      known.recall = await measureRecall({ runs: known.spaces.runs, queries, vectors: (id) => this.segmentVectors(encoderId, id), search });
      return known.recall;
    });
  }

  /** How an encoder's neighbours stand, as of the last question. */
  status(encoderId: EncoderId): EngineStatus {
    const progress = this.#progress.get(encoderId);
    if (progress !== undefined) return { state: 'building', ...progress };
    const known = this.#known.get(encoderId);
    if (known === undefined) return { state: 'none' };
    const { spaces, recall } = known;
    const { total: segments, trackIds } = spaces.runs;
    const method = this.#isLarge(spaces) ? 'fast' : 'exact';
    return { state: 'ready', method, segments, tracks: trackIds.length, bytes: spaces.bytes(), recall };
  }

  /** True where an encoder's segments are searched by codes. */
  isLarge(segments: number): boolean {
    return segments > this.#limits.exactSegments;
  }

  /** Ends the threads; questions that were not answered yet fail as cancelled. */
  async close(): Promise<void> {
    this.#listening.abort();
    await this.#pool.close();
    await Promise.allSettled(this.#refreshing.values());
    this.#known.clear();
  }

  async #allCosines(spaces: Spaces, query: Float32Array, weights: Float32Array | null): Promise<Float32Array> {
    const count = spaces.runs.trackIds.length;
    const scores = sharedFloats(count);
    const pieces = makePieces([{ first: 0, count }]);
    await this.#pool.all('scoreRows', { spaceId: spaces.trackMemory.id, query: prepareQuery(query, weights), pieces, scores });
    return scores;
  }

  #segmentCentre(encoderId: EncoderId): Centre {
    const known = this.#known.get(encoderId);
    if (known === undefined) throw noIndex(encoderId);
    return { mean: known.spaces.segmentMean, scale: known.spaces.source.scale };
  }

  #isLarge(spaces: Spaces): boolean {
    return this.isLarge(spaces.runs.total);
  }

  #search(spaces: Spaces, query: Float32Array, options: SegmentSearch): Promise<SegmentHits> {
    const search = { ...options, weights: options.weights ?? null };
    const tools = { pool: this.#pool, spaces };
    if (options.exact !== true) return this.#building(spaces, () => searchFast(tools, query, search));
    const isResident = spaces.rowsBytes() <= this.#limits.residentBytes;
    return this.#building(spaces, () => searchExactly(tools, query, { ...search, isResident }));
  }

  /** Does what may compute something first; `status` tells how far that is. */
  async #building<T>(spaces: Spaces, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#progress.delete(spaces.index.encoderId);
    }
  }

  /** Does work on what is up to date; again when the index was replaced under it. */
  async #steadily<T>(encoderId: EncoderId, work: (known: Known) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const known = await this.#fresh(encoderId);
      try {
        return await work(known);
      } catch (error) {
        const isReplaced = this.#tools.store.index.current(encoderId)?.id !== known.spaces.index.id;
        if (attempt === tries || !isReplaced) throw error;
      }
    }
  }

  async #fresh(encoderId: EncoderId): Promise<Known> {
    const known = this.#known.get(encoderId);
    if (known !== undefined && known.stamp === this.#tools.store.index.revision()) {
      this.#known.delete(encoderId);
      this.#known.set(encoderId, known);
      return known;
    }
    const running = this.#refreshing.get(encoderId);
    if (running !== undefined) return running;
    const refreshing = this.#refresh(encoderId).finally(() => {
      this.#refreshing.delete(encoderId);
      this.#progress.delete(encoderId);
    });
    this.#refreshing.set(encoderId, refreshing);
    return refreshing;
  }

  async #refresh(encoderId: EncoderId): Promise<Known> {
    const { store } = this.#tools;
    const stamp = store.index.revision();
    const index = store.index.current(encoderId);
    if (index === null) throw noIndex(encoderId);
    const runs = await readRuns(store, index.id);
    const before = this.#known.get(encoderId);
    if (before !== undefined && before.spaces.index.id === index.id && sameRuns(before.spaces.runs, runs)) {
      before.stamp = stamp;
      return before;
    }
    const progress = (done: number, total: number): void => void this.#progress.set(encoderId, { done, total });
    const spaces = await Spaces.make({ store, pool: this.#pool, progress }, index, placeRuns(runs));
    const known: Known = { spaces, stamp, recall: null };
    this.#known.set(encoderId, known);
    if (before !== undefined) void this.#letGo(before);
    for (const [oldest, one] of [...this.#known].slice(0, -keptEncoders)) {
      this.#known.delete(oldest);
      void this.#letGo(one);
    }
    return known;
  }

  /** Closes spaces after whoever just got them has asked. */
  async #letGo({ spaces }: Known): Promise<void> {
    await setImmediate();
    spaces.close();
  }

  /** Makes the codes of a large library when an index job has ended, so that the next question does not wait for them. */
  async #prepareAfterIndexing(): Promise<void> {
    const { store, events } = this.#tools;
    for await (const event of events.subscribe(this.#listening.signal)) {
      if (event.type !== 'job.updated' || event.job.kind !== 'index' || event.job.state !== 'done') continue;
      for (const { id, index } of store.encoders.listWithSpaces())
        if (index !== null && this.isLarge(index.segments))
          await this.#steadily(id, ({ spaces }) => this.#building(spaces, () => spaces.codes())).catch(() => undefined);
    }
  }
}

function noIndex(encoderId: EncoderId): AppError {
  return new AppError('NOT_FOUND', 'Nothing was indexed with this encoder yet. Index the library first.', { details: { encoderId } });
}
