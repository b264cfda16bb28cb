/** @file The activations of all encoders: which index is in force, who writes it, who reads it, and what becomes of old files. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../base/index.ts';
import type { EncoderId, TrackId } from '../../contract/index.ts';
import type { DataPaths } from '../data-directory.ts';
import type { Connection } from '../connection.ts';
import type { Encoders } from '../encoders.ts';
import { claimIndex, isKeptIndex } from '../numbers.ts';
import type { Revisions } from '../revisions.ts';
import { inSteps } from '../steps.ts';
import type { Pause } from '../steps.ts';
import type { Tracks } from '../tracks.ts';
import { ChunkFiles } from './chunk-files.ts';
import type { WriteCalls } from './chunk-files.ts';
import { compactIndex } from './compact.ts';
import { compareBlocks } from './index-blocks.ts';
import type { IndexComparison } from './index-blocks.ts';
import { allIndexIds, indexById, indexOf, nextIndexId, readStatistics, replaceIndex } from './index-table.ts';
import type { ActivationIndexInfo, IndexId } from './index-table.ts';
import { forgetFailures, forgetTracks, indexedTrack, indexedTracks, liveRuns, namedRows, ownersOf, waitingTracks } from './index-tracks.ts';
import type { IndexedTrack, LiveRun, WaitingTrack } from './index-tracks.ts';
import { OrderCache } from './order-cache.ts';
import { repairFiles } from './repair.ts';
import type { RepairOptions, RepairReport } from './repair.ts';
import { plausibleRanges, sampledRows } from './plausible-ranges.ts';
import type { Ranges } from './plausible-ranges.ts';
import { IndexReader } from './reader.ts';
import type { SegmentColumns, SegmentOrderQuery, SegmentPageQuery, SegmentResult } from './reader.ts';
import { defaultFlushPolicy, IndexWriter } from './writer.ts';
import type { FlushPolicy } from './writer.ts';

/** Share of dead rows from which an index is worth compacting. */
const compactShare = 0.25;

/** Per feature over all rows ever added: float32 `[dimensions]` each. */
export type IndexSummary = {
  dimensions: number;
  segments: number;
  minima: Float32Array;
  maxima: Float32Array;
  means: Float32Array;
};

/** What a look through an index's files found; `lostTracks` are to be encoded again. */
export type IndexRepair = Omit<RepairReport, 'lostRows'> & { lostTracks: TrackId[] };

/** Rows of an index as they lie. */
export type OpenRows = {
  /** @returns `[count, dimensions]` @throws AppError for files that are not whole */
  read(firstRow: number, count: number): Float32Array;
  close(): void;
};

/** What the activations need of the store. */
export type ActivationParts = {
  connection: Connection;
  revisions: Revisions;
  paths: DataPaths;
  tracks: Tracks;
  encoders: Encoders;
  writeCalls?: WriteCalls | undefined;
};

/** Activation columns and embeddings, one index an encoder. */
export class ActivationIndex {
  readonly #parts: ActivationParts;
  readonly #writers = new Set<IndexWriter>();
  /** The reader of the index that was asked last; one is enough, since a person looks at one encoder at a time. */
  #reader: { reader: IndexReader; files: ChunkFiles; revision: number } | null = null;
  #orders = new OrderCache();
  #ranges: { encoderId: EncoderId; revision: string; ranges: Ranges } | null = null;

  constructor(parts: ActivationParts) {
    this.#parts = parts;
    this.#removeForsakenFiles();
  }

  /** An encoder's index; null while it has none. */
  current(encoderId: EncoderId): ActivationIndexInfo | null {
    return indexOf(this.#parts.connection, encoderId);
  }

  /**
   * The encoder's index with this hop: the current one, or a new and empty one in its place when the hop is another. Notes are kept.
   * @throws AppError `ALREADY_RUNNING` when the index that would go is being written, `NOT_FOUND` for an unknown encoder
   */
  ensure(encoderId: EncoderId, hopSamples: number): ActivationIndexInfo {
    const { connection, encoders } = this.#parts;
    const encoder = encoders.get(encoderId);
    const before = this.current(encoderId);
    if (before !== null && before.hopSamples === hopSamples) return before;
    if (before !== null) this.#refuseWhileWritten(before.id);
    const index = { id: nextIndexId(connection), encoderId, hopSamples, dimensions: encoder.dimensions, committedRows: 0 };
    connection.transaction(() => replaceIndex(connection, index))();
    this.#changed();
    if (before !== null) this.#removeFiles(before.id);
    return index;
  }

  /**
   * Opens an index for adding tracks; one writer at a time.
   * @throws AppError `ALREADY_RUNNING`, `NOT_FOUND`
   */
  writer(indexId: IndexId, policy: Partial<FlushPolicy> = {}): IndexWriter {
    this.#refuseWhileWritten(indexId);
    const { connection, paths, writeCalls } = this.#parts;
    const index = indexById(connection, indexId);
    const files = new ChunkFiles(paths.index(indexId), index.dimensions, writeCalls);
    const writer: IndexWriter = new IndexWriter({
      connection,
      files,
      index,
      policy: { ...defaultFlushPolicy, ...policy },
      onCommit: () => this.#changed(),
      onClose: () => {
        files.close();
        this.#writers.delete(writer);
      },
    });
    this.#writers.add(writer);
    return writer;
  }

  /** Present tracks whose audio, as it is now, the index has neither encoded nor failed on, in the library's order. */
  waiting(indexId: IndexId): WaitingTrack[] {
    return waitingTracks(this.#parts.connection, indexId);
  }

  /** Where the tracks that can be shown lie, by id, those after `after`, `limit` at most. */
  liveRuns(indexId: IndexId, page: { after: number; limit: number }): LiveRun[] {
    return liveRuns(this.#parts.connection, indexId, page);
  }

  /** Rows of an index as they lie, for whoever reads many tracks of it; to be closed. @throws AppError `NOT_FOUND` */
  openRows(indexId: IndexId): OpenRows {
    const { connection, paths } = this.#parts;
    const { dimensions } = indexById(connection, indexId);
    const files = new ChunkFiles(paths.index(indexId), dimensions);
    return {
      read: (firstRow, count) => {
        const rows = new Float32Array(count * dimensions);
        files.readRows(firstRow, rows);
        return rows;
      },
      close: () => files.close(),
    };
  }

  /** Another text whenever tracks or indexes may not be what they were. */
  revision(): string {
    const { library, index } = this.#parts.revisions;
    return `${library} ${index}`;
  }

  /** How a track stands in an index; null when it was never tried. */
  track(indexId: IndexId, trackId: TrackId): IndexedTrack | null {
    return indexedTrack(this.#parts.connection, indexId, trackId) ?? null;
  }

  /** Lets failed tracks, the given ones or all, wait again. */
  retryFailed(indexId: IndexId, trackIds?: readonly TrackId[]): void {
    forgetFailures(this.#parts.connection, indexId, trackIds);
    this.#changed();
  }

  /** Makes what {@link query} reads, in steps; `pause` is waited for between two. @throws AppError `BAD_INPUT` */
  async prepare(encoderId: EncoderId, query: SegmentOrderQuery, pause: Pause): Promise<void> {
    const reader = this.#read(encoderId);
    const files = this.#reader?.files;
    if (reader === null) return;
    try {
      await inSteps(reader.preparing(query), pause);
    } finally {
      // Another reader may have taken its place between two steps.
      if (this.#reader?.reader !== reader) files?.close();
    }
  }

  /** A page of segments; see {@link IndexReader.query}. Empty while the encoder has no index. */
  query(encoderId: EncoderId, query: SegmentPageQuery): SegmentResult {
    const none = { total: 0, tracks: 0, rows: [], values: new Float32Array(0), extras: new Float32Array(0) };
    return this.#read(encoderId)?.query(query) ?? none;
  }

  /** The `count` segments on which a feature is greatest, with its values. */
  top(encoderId: EncoderId, feature: number, count: number): SegmentResult {
    const sort = [{ feature, descending: true }];
    return this.query(encoderId, { features: [feature], sort, search: '', offset: 0, limit: count });
  }

  /** Segments on which a feature is at least so large; none while the encoder has no index. @throws AppError `BAD_INPUT` */
  above(encoderId: EncoderId, feature: number, atLeast: number): SegmentColumns {
    const none = new Int32Array(0);
    return this.#read(encoderId)?.above(feature, atLeast) ?? { trackIds: none, segments: none };
  }

  /** The offset of a row in the order of a query; null when it is not among its segments. */
  offsetOf(encoderId: EncoderId, row: number, query: SegmentOrderQuery): number | null {
    return this.#read(encoderId)?.offsetOf(row, query) ?? null;
  }

  /** One feature over a track's segments; empty while they are not indexed. */
  profile(encoderId: EncoderId, trackId: TrackId, feature: number): Float32Array {
    return this.#read(encoderId)?.profile(trackId, feature) ?? new Float32Array(0);
  }

  /** A track's embeddings, float32 `[segments, dimensions]`; empty while they are not indexed. */
  embeddings(encoderId: EncoderId, trackId: TrackId): Float32Array {
    return this.#read(encoderId)?.embeddings(trackId) ?? new Float32Array(0);
  }

  /** Embeddings of single rows, float32 `[rows, dimensions]`; empty while the encoder has no index. */
  embeddingsAt(encoderId: EncoderId, rows: ArrayLike<number>): Float32Array {
    return this.#read(encoderId)?.embeddingsAt(rows) ?? new Float32Array(0);
  }

  /** Segments of the tracks that `tracks` marks with 1, by track id; those that can be shown. */
  countSegments(encoderId: EncoderId, tracks: Uint8Array): number {
    return this.#read(encoderId)?.countSegments(tracks) ?? 0;
  }

  /** Ranges and means of an encoder's features; all zero without rows. @throws AppError `NOT_FOUND` */
  summary(encoderId: EncoderId): IndexSummary {
    const index = this.current(encoderId);
    const { dimensions } = this.#parts.encoders.get(encoderId);
    const zeros = (): Float32Array => new Float32Array(dimensions);
    const statistics = index === null ? null : readStatistics(this.#parts.connection, index);
    if (index === null || statistics === null || statistics.rows === 0)
      return { dimensions, segments: 0, minima: zeros(), maxima: zeros(), means: zeros() };
    const { minima, maxima, rows } = statistics;
    return {
      dimensions,
      segments: rows,
      ...this.#plausible(encoderId, index.committedRows, { minima, maxima, means: statistics.means() }),
    };
  }

  /** Compares an encoder's files with what was written; null while it has no index. */
  async compareFiles(encoderId: EncoderId, progress?: (done: number, total: number) => void): Promise<IndexComparison | null> {
    const index = this.current(encoderId);
    if (index === null) return null;
    const files = new ChunkFiles(this.#parts.paths.index(index.id), index.dimensions);
    try {
      return await compareBlocks({ connection: this.#parts.connection, files, index }, progress);
    } finally {
      files.close();
    }
  }

  /** Share of an index's rows that belong to no track any more, 0 to 1. */
  deadShare(indexId: IndexId): number {
    const { committedRows } = indexById(this.#parts.connection, indexId);
    return committedRows === 0 ? 0 : 1 - namedRows(this.#parts.connection, indexId) / committedRows;
  }

  /**
   * Rewrites an index without its dead rows when they are more than a quarter; it has another number afterwards.
   * @returns the index in force
   * @throws AppError `ALREADY_RUNNING` while it is written; `DISK_FULL` and the like, with the old index intact
   */
  compact(indexId: IndexId, options: { always?: boolean } = {}): ActivationIndexInfo {
    this.#refuseWhileWritten(indexId);
    const { connection, paths } = this.#parts;
    const index = indexById(connection, indexId);
    if (options.always !== true && this.deadShare(indexId) <= compactShare) return index;
    const compact = compactIndex(connection, paths, index);
    this.#changed();
    this.#removeFiles(indexId);
    return compact;
  }

  /**
   * Looks through an index's files and mends them: columns from rows, rows from columns; tracks that neither holds wait again.
   * @param options `writes`: false only looks
   * @throws AppError `ALREADY_RUNNING` while it is written; `DISK_FULL` and the like
   */
  async repair(indexId: IndexId, options: Pick<RepairOptions, 'writes' | 'signal' | 'onRows'>): Promise<IndexRepair> {
    this.#refuseWhileWritten(indexId);
    const { connection, paths } = this.#parts;
    const { committedRows, dimensions } = indexById(connection, indexId);
    const tracks = indexedTracks(connection, indexId).filter(({ segments }) => segments > 0);
    const owners = ownersOf(tracks, committedRows);
    const files = new ChunkFiles(paths.index(indexId), dimensions, this.#parts.writeCalls);
    try {
      const isLive = (row: number): boolean => owners[row] !== 0;
      const { lostRows, ...report } = await repairFiles(files, { ...options, rows: committedRows, dimensions, isLive });
      const lostTracks = [...new Set(lostRows.map((row) => owners[row] as TrackId))];
      if (options.writes) {
        forgetTracks(connection, indexId, lostTracks);
        this.#closeReader();
        this.#orders = new OrderCache();
        this.#changed();
      }
      return { ...report, lostTracks };
    } finally {
      files.close();
    }
  }

  /** Closes writers (what they finished is committed) and files. */
  close(): void {
    try {
      for (const writer of [...this.#writers]) writer.close();
    } finally {
      this.#closeReader();
    }
  }

  /** Ranges without what is far from all other segments; looked at once for every state of an index. */
  #plausible(encoderId: EncoderId, rows: number, ranges: Ranges): Ranges {
    const revision = this.revision();
    const known = this.#ranges;
    if (known?.encoderId === encoderId && known.revision === revision) return known.ranges;
    const sample = this.#read(encoderId)?.embeddingsAt(sampledRows(rows)) ?? new Float32Array(0);
    const narrowed = plausibleRanges(ranges, sample);
    this.#ranges = { encoderId, revision, ranges: narrowed };
    return narrowed;
  }

  #read(encoderId: EncoderId): IndexReader | null {
    const { connection, revisions, tracks, paths } = this.#parts;
    const known = this.#reader;
    if (known !== null && known.reader.encoderId === encoderId && known.revision === revisions.index) return known.reader;
    const index = this.current(encoderId);
    if (index === null) return null;
    this.#closeReader();
    const files = new ChunkFiles(paths.index(index.id), index.dimensions);
    const reader = new IndexReader({ connection, revisions, tracks, files, index }, this.#orders);
    this.#reader = { reader, files, revision: revisions.index };
    return reader;
  }

  #closeReader(): void {
    this.#reader?.files.close();
    this.#reader = null;
  }

  #changed(): void {
    this.#parts.revisions.indexChanged();
  }

  #refuseWhileWritten(indexId: IndexId): void {
    for (const writer of this.#writers)
      if (writer.indexId === indexId)
        throw new AppError('ALREADY_RUNNING', 'The encoder is being indexed. Wait for that job to end, or cancel it.', {
          details: { indexId },
        });
  }

  #removeFiles(indexId: IndexId): void {
    this.#closeReader();
    rmSync(this.#parts.paths.index(indexId), { recursive: true, force: true });
  }

  /** Deletes folders of indexes that are no longer in the database: a process ended between a swap and the deletion, or before a swap. */
  #removeForsakenFiles(): void {
    const known = new Set(allIndexIds(this.#parts.connection).map(String));
    for (const name of readdirSync(this.#parts.paths.indexes)) {
      const folder = join(this.#parts.paths.indexes, name);
      if (known.has(name)) claimIndex(folder);
      else if (/^\d+$/.test(name) && !isKeptIndex(folder)) rmSync(folder, { recursive: true, force: true });
    }
  }
}
