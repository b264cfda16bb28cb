/**
 * @file Adds tracks to an index so that a crash at any moment leaves exactly the tracks that were committed. Rows are gathered in memory, written
 * behind the committed ones, flushed to disk (fsync), and only then named in SQLite, in one transaction with the new row count. What lies behind that
 * count after a crash is garbage that the next writer overwrites.
 */
import { AppError, assert, toAppError } from '../../base/index.ts';
import type { ErrorCode } from '../../base/index.ts';
import type { TrackId } from '../../contract/index.ts';
import type { Connection } from '../connection.ts';
import type { ChunkFiles } from './chunk-files.ts';
import { FeatureStatistics } from './feature-statistics.ts';
import { hashBlocks, putBlocks } from './index-blocks.ts';
import type { IndexBlock } from './index-blocks.ts';
import { commitRows, indexById, readStatistics } from './index-table.ts';
import type { ActivationIndexInfo, IndexId } from './index-table.ts';
import { putIndexedTrack } from './index-tracks.ts';
import type { IndexedTrack } from './index-tracks.ts';
import { RowFiller } from './row-filler.ts';

/** When what was gathered is committed without being asked. */
export type FlushPolicy = {
  /** Rows in memory at most. */
  rows: number;
  /** Longest time between a finished track and its commit, looked at whenever a track finishes, in ms. */
  intervalMs: number;
};

/** 8192 rows of 512 features are 16 MB; after a crash at most the last few seconds are encoded again. */
export const defaultFlushPolicy: FlushPolicy = { rows: 8192, intervalMs: 3000 };

/** How a track ended. */
export type FinishedTrack = { /** Decoded only as far as it went. */ partial?: boolean; /** Why. */ message?: string };

/** What a writer needs of its index. */
export type WriterParts = {
  connection: Connection;
  files: ChunkFiles;
  index: ActivationIndexInfo;
  policy: FlushPolicy;
  /** Called after each commit. */
  onCommit: () => void;
  onClose: () => void;
};

type OpenTrack = { trackId: TrackId; audioHash: string; firstRow: number; statistics: FeatureStatistics };

/** Adds tracks to one index, one after the other: `begin`, `append` as often as needed, `finish` or `abort`; at the end `close`. */
export class IndexWriter {
  /** The index that is written. */
  readonly indexId: IndexId;
  readonly #parts: WriterParts;
  readonly #dimensions: number;
  readonly #filler: RowFiller;
  readonly #statistics: FeatureStatistics;
  #finished: { track: IndexedTrack; statistics: FeatureStatistics | null }[] = [];
  #open: OpenTrack | null = null;
  #lastCommit = Date.now();
  #committedRows: number;
  #failure: AppError | null = null;
  #isClosed = false;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.indexId = parts.index.id;
    this.#dimensions = parts.index.dimensions;
    this.#filler = new RowFiller(parts.files, {
      firstRow: parts.index.committedRows,
      capacity: parts.policy.rows,
      dimensions: this.#dimensions,
    });
    this.#committedRows = parts.index.committedRows;
    this.#statistics = readStatistics(parts.connection, parts.index);
  }

  /** Starts a track; its rows of before, if any, stay in force until the new ones are committed. */
  begin(trackId: TrackId, audioHash: string): void {
    this.#check();
    assert(this.#open === null, 'the track before was finished or aborted');
    this.#open = { trackId, audioHash, firstRow: this.#filler.nextRow, statistics: new FeatureStatistics(this.#dimensions) };
  }

  /**
   * Adds segments to the track begun.
   * @param rows float32 `[segments, dimensions]`, copied
   * @throws AppError `DISK_FULL` …: the track is aborted, what was committed is intact
   */
  append(rows: Float32Array): void {
    this.#check();
    const open = this.#open;
    assert(open !== null, 'a track was begun');
    assert(rows.length % this.#dimensions === 0, 'rows have as many values as the index has features');
    open.statistics.add(rows);
    for (let start = 0; start < rows.length;) {
      if (this.#filler.isFull) this.#spill();
      start += this.#filler.add(rows.subarray(start)) * this.#dimensions;
    }
  }

  /** Ends the track begun; it counts as indexed from the next commit on. @throws like {@link IndexWriter.flush} */
  finish(options: FinishedTrack = {}): void {
    const open = this.#open;
    assert(open !== null, 'a track was begun');
    this.#open = null;
    const { trackId, audioHash, firstRow, statistics } = open;
    const segments = this.#filler.nextRow - firstRow;
    const outcome = options.partial === true ? 'partial' : 'indexed';
    const track = { trackId, audioHash, firstRow, segments, outcome, code: '', message: options.message ?? '' } as const;
    this.#finished.push({ track, statistics });
    this.#flushIfDue();
  }

  /** Forgets the track begun and its rows. */
  abort(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#filler.backTo(open.firstRow);
  }

  /** Notes that a track cannot be indexed, so that it is not tried again until its audio changes or a person asks. */
  fail(trackId: TrackId, audioHash: string, code: ErrorCode, message: string): void {
    this.#check();
    assert(this.#open === null, 'the track before was finished or aborted');
    const track = { trackId, audioHash, firstRow: 0, segments: 0, outcome: 'failed', code, message } as const;
    this.#finished.push({ track, statistics: null });
    this.#flushIfDue();
  }

  /**
   * Commits the finished tracks.
   * @throws AppError `DISK_FULL` and the like; what was committed before is intact, the writer takes no more and is to be closed
   */
  flush(): void {
    this.#check();
    this.#lastCommit = Date.now();
    if (this.#finished.length === 0) return;
    assert(!this.#parts.connection.inTransaction, 'an index is not committed inside another transaction');
    this.#guard(() => {
      this.#filler.write();
      this.#parts.files.sync();
      const end = this.#open?.firstRow ?? this.#filler.nextRow;
      const blocks = hashBlocks(this.#parts.files, this.#dimensions, { from: this.#committedRows, to: end });
      this.#parts.connection.transaction(() => this.#commit(end, blocks))();
      this.#committedRows = end;
    });
    this.#finished = [];
    this.#parts.onCommit();
  }

  /** Aborts the track begun, commits the finished ones, and lets go of the index. */
  close(): void {
    if (this.#isClosed) return;
    this.abort();
    try {
      if (this.#failure === null) this.flush();
    } finally {
      this.#isClosed = true;
      this.#parts.onClose();
    }
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure;
    assert(!this.#isClosed, 'the writer is open');
  }

  #flushIfDue(): void {
    const isDue = this.#filler.count >= this.#parts.policy.rows / 2 || Date.now() - this.#lastCommit >= this.#parts.policy.intervalMs;
    if (isDue) this.flush();
  }

  /** Makes room: commits what is finished, and writes the rows of the track begun behind it without naming them yet. */
  #spill(): void {
    if (this.#finished.length > 0) this.flush();
    else this.#guard(() => this.#filler.write());
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure = toAppError(error, 'store activations');
      throw this.#failure;
    }
  }

  #commit(end: number, blocks: readonly IndexBlock[]): void {
    const { connection } = this.#parts;
    indexById(connection, this.indexId);
    for (const { track, statistics } of this.#finished) {
      if (statistics !== null) this.#statistics.merge(statistics);
      putIndexedTrack(connection, this.indexId, track);
    }
    putBlocks(connection, this.indexId, blocks);
    commitRows(connection, this.indexId, end, this.#statistics);
  }
}
