/**
 * @file The vectors of one state of an encoder's index in memory that threads share: its tracks, and, when they are wanted, its segments as codes or
 * as float32. What took long to compute lies beside the index in `tracks.f32` and `segments.i8`, and only what is missing there is computed.
 */
import { join } from 'node:path';
import { AppError, assert } from '../../base/index.ts';
import {
  codeTailBytes,
  encodeHeader,
  leadFloats,
  makeMemory,
  makePieces,
  mostMemoryBytes,
  pickRuns,
  rowAddress,
  runOfTrack,
  spaceBytes,
  widthStep,
} from '../../store/index.ts';
import type { ActivationIndexInfo, PlacedRuns, Space, SpaceSize, Store, StoredEncoder, VectorSource } from '../../store/index.ts';
import { RecordWriter } from './engine-file.ts';
import type { ScanPool } from './engine-pool.ts';
import { batches, missingBatches } from './engine-runs.ts';

/** One vector a track: the mean of its segments' embeddings, less the mean of all tracks, at length 1. */
export type TrackSpace = {
  /** Ascending, `[tracks]`. */
  trackIds: Int32Array;
  /** -1 for a track that has none. */
  positionOf(trackId: number): number;
  /** What was subtracted, float32 `[dimensions]`. */
  mean: Float32Array;
  /** A view of a track's vector, float32 `[dimensions]`; not to be changed. */
  vector(position: number): Float32Array;
  dimensions: number;
  /** Another text for other vectors. */
  revision: string;
};

/** What codes were made with. */
type Coding = { mean: Float32Array; scale: Float32Array | null; basis: Float32Array; width: number };

/** Segments as codes: leading parts of their vectors as int8. */
export type CodeSpace = { space: Space; coding: Coding };

/** What spaces are made with. `progress` hears how many segments of how many were done. */
export type SpaceTools = { store: Store; pool: ScanPool; progress: (done: number, total: number) => void };

/** Segments that a thread computes at a time: some tens of milliseconds, so that questions meanwhile do not wait long. */
const batchSegments = 4096;
/** A file whose records are used for less than this share of its bytes is made anew. */
const leastUsedShare = 0.5;
const smallFileBytes = 1 << 20;
/** Codes are made anew, along new directions, when there are so many times as many segments as when the directions were found. */
const growth = 2;

let lastSpace = 0;

/** The vectors of one state of an index. */
export class Spaces {
  readonly index: ActivationIndexInfo;
  readonly runs: PlacedRuns;
  /** Where the rows are, and how they are scaled once the tracks are known. */
  source: VectorSource;
  /** The mean of all segments, float32 `[dimensions]`. */
  segmentMean = new Float32Array(0);
  readonly #tools: SpaceTools;
  readonly #opened: Space[] = [];
  #tracks: { space: Space; mean: Float32Array } | null = null;
  #codes: Promise<CodeSpace> | null = null;
  #rows: Promise<Space> | null = null;
  #trackCodes: Promise<Space> | null = null;

  private constructor(tools: SpaceTools, index: ActivationIndexInfo, runs: PlacedRuns) {
    this.#tools = tools;
    this.index = index;
    this.runs = runs;
    this.source = { directory: tools.store.paths.index(index.id), dimensions: index.dimensions, scale: null };
  }

  /** Brings the tracks of an index into memory. @throws AppError DISK_FULL, OUT_OF_MEMORY, DATABASE_DAMAGED (an index's file is short) … */
  static async make(tools: SpaceTools, index: ActivationIndexInfo, runs: PlacedRuns): Promise<Spaces> {
    const spaces = new Spaces(tools, index, runs);
    try {
      await spaces.#loadTracks();
    } catch (error) {
      spaces.close();
      throw error;
    }
    return spaces;
  }

  /** The tracks' space in memory. */
  get trackMemory(): Space {
    return this.#loaded.space;
  }

  /** The tracks as others see them. */
  trackSpace(): TrackSpace {
    const { space, mean } = this.#loaded;
    const { trackIds } = this.runs;
    const { dimensions } = this.index;
    return {
      trackIds,
      positionOf: (trackId) => runOfTrack(trackIds, trackId),
      mean,
      vector: (position) => {
        assert(position >= 0 && position < trackIds.length, 'a position of the track space');
        return new Float32Array(space.memory.buffer, rowAddress(space, position), dimensions);
      },
      dimensions,
      revision: `${this.index.id}.${space.id}`,
    };
  }

  /** Means of the tracks' embeddings as they are, float32 `[tracks, dimensions]`, in the track space's order. @throws as {@link Spaces.make} */
  async means(): Promise<Float32Array> {
    const { runs, index, source } = this;
    const { dimensions } = index;
    const space = await this.#open(null, runs.trackIds.length);
    try {
      const file = { path: join(source.directory, 'tracks.f32'), from: 0, indexId: index.id, dimensions, width: 0 };
      const { found } = await this.#tools.pool.run(0, 'loadMeans', { file, runs, spaceId: space.id });
      checkComplete(file.path, [found]);
      const means = new Float32Array(runs.trackIds.length * dimensions);
      for (let row = 0; row < runs.trackIds.length; row++)
        means.set(new Float32Array(space.memory.buffer, rowAddress(space, row), dimensions), row * dimensions);
      return means;
    } finally {
      this.#opened.splice(this.#opened.indexOf(space), 1);
      this.#tools.pool.all('close', { spaceId: space.id }).catch(() => undefined);
    }
  }

  /** The segments as codes. @throws as {@link Spaces.make} */
  codes(): Promise<CodeSpace> {
    this.#codes ??= this.#loadCodes().catch((error: unknown) => {
      this.#codes = null;
      throw error;
    });
    return this.#codes;
  }

  /** The segments as float32. @throws as {@link Spaces.make} */
  rows(): Promise<Space> {
    this.#rows ??= this.#loadRows().catch((error: unknown) => {
      this.#rows = null;
      throw error;
    });
    return this.#rows;
  }

  /** The tracks as codes of all their features, with the length of each one's error. @throws as {@link Spaces.make} */
  trackCodes(): Promise<Space> {
    this.#trackCodes ??= this.#codeTracks().catch((error: unknown) => {
      this.#trackCodes = null;
      throw error;
    });
    return this.#trackCodes;
  }

  /** Bytes that {@link Spaces.rows} takes or would take. */
  rowsBytes(): number {
    return spaceBytes(this.#sizeOf(null, this.runs.total));
  }

  /** Bytes of memory that are in use. */
  bytes(): number {
    return this.#opened.reduce((sum, space) => sum + space.memory.buffer.byteLength, 0);
  }

  /** Lets go of the memory; questions that were asked already are answered. */
  close(): void {
    for (const { id } of this.#opened.splice(0)) this.#tools.pool.all('close', { spaceId: id }).catch(() => undefined);
  }

  get #loaded(): { space: Space; mean: Float32Array } {
    assert(this.#tracks !== null, 'the tracks were loaded');
    return this.#tracks;
  }

  #sizeOf(width: number | null, count: number): SpaceSize {
    return { dimensions: this.index.dimensions, width, count, threads: this.#tools.pool.size };
  }

  async #open(width: number | null, count: number): Promise<Space> {
    const size = this.#sizeOf(width, count);
    const bytes = spaceBytes(size);
    if (bytes > mostMemoryBytes) throw outOfMemory(bytes);
    let memory: WebAssembly.Memory;
    try {
      memory = makeMemory(bytes);
    } catch (cause) {
      throw outOfMemory(bytes, cause);
    }
    const space: Space = { ...size, id: ++lastSpace, memory };
    this.#opened.push(space);
    await this.#tools.pool.all('open', space);
    return space;
  }

  async #loadTracks(): Promise<void> {
    const { pool, progress } = this.#tools;
    const { runs, source, index } = this;
    const space = await this.#open(null, runs.trackIds.length);
    const path = join(source.directory, 'tracks.f32');
    const file = { path, from: 0, indexId: index.id, dimensions: index.dimensions, width: 0 };
    let { found, validBytes } = await pool.run(0, 'loadMeans', { file, runs, spaceId: space.id });
    if (isWasteful(validBytes, runs.trackIds.length * 4 * index.dimensions)) [found, validBytes] = [new Uint8Array(found.length), 0];
    const header = encodeHeader({ indexId: index.id, dimensions: index.dimensions, width: 0 });
    const parts = missingBatches(runs, found, batchSegments);
    if (parts.length > 0) {
      let done = runs.total - parts.reduce((sum, part) => sum + sumOf(part.segments), 0);
      await append(path, { validBytes, header }, (writer) => {
        const inputs = parts.map((part) => ({ source, runs: part }));
        return pool.deal('meanRecords', inputs, async (records, i) => {
          await writer.add(records);
          progress((done += sumOf(inputs[i]?.runs.segments)), runs.total);
        });
      });
      const added = await pool.run(0, 'loadMeans', { file: { ...file, from: validBytes }, runs, spaceId: space.id });
      checkComplete(path, [found, added.found]);
    }
    const means = await pool.run(0, 'centreTracks', {
      ...{ spaceId: space.id, segments: runs.segments },
      isStandardised: hasOwnUnits(this.#tools.store.encoders.get(index.encoderId)),
    });
    this.#tracks = { space, mean: means.tracks };
    this.segmentMean = means.segments;
    this.source = { ...source, scale: means.scale };
  }

  async #loadCodes(): Promise<CodeSpace> {
    const { pool, progress } = this.#tools;
    const { runs, source, index } = this;
    const path = join(source.directory, 'segments.i8');
    const file = { path, from: 0, indexId: index.id, dimensions: index.dimensions, width: null };
    const there = await pool.run(0, 'inspectFile', { file, runs });
    let { found, validBytes } = there;
    let coding = decodeCoding(there, { dimensions: index.dimensions, segments: runs.total, isScaled: source.scale !== null });
    if (coding === null || isWasteful(validBytes, runs.total * (coding.width + codeTailBytes))) {
      const { basis, width } = await pool.run(0, 'findDirections', { source, runs, mean: this.segmentMean });
      coding = { mean: this.segmentMean, scale: source.scale, basis, width };
      [found, validBytes] = [new Uint8Array(found.length), 0];
    }
    const { width, scale } = coding;
    const about = { indexId: index.id, dimensions: index.dimensions, width };
    const header = encodeHeader(about, encodeCoding(coding, runs.total));
    const inputs = missingBatches(runs, found, batchSegments).map((part) => ({
      ...{ source: { ...source, scale }, runs: part, coding },
    }));
    if (inputs.length > 0) {
      let done = runs.total - inputs.reduce((sum, input) => sum + sumOf(input.runs.segments), 0);
      await append(path, { validBytes, header }, (writer) =>
        pool.deal('codeRecords', inputs, async (records, i) => {
          await writer.add(records);
          progress((done += sumOf(inputs[i]?.runs.segments)), runs.total);
        }),
      );
    }
    const space = await this.#open(width, runs.total);
    const read = await pool.run(0, 'loadCodes', { file: { ...file, width }, runs, spaceId: space.id });
    checkComplete(path, [read.found]);
    return { space, coding };
  }

  async #codeTracks(): Promise<Space> {
    const count = this.runs.trackIds.length;
    const codes = await this.#open(Math.ceil(this.index.dimensions / widthStep) * widthStep, count);
    const pieces = makePieces([{ first: 0, count }]);
    await this.#tools.pool.all('codeTracks', { rowsId: this.trackMemory.id, codesId: codes.id, pieces });
    return codes;
  }

  async #loadRows(): Promise<Space> {
    const { pool, progress } = this.#tools;
    const { runs, source } = this;
    const space = await this.#open(null, runs.total);
    const picks = batches(runs, new Uint8Array(runs.trackIds.length), batchSegments);
    const inputs = picks.map((picked) => {
      const starts = picked.map((run) => runs.starts[run] as number);
      return { source, mean: this.segmentMean, runs: pickRuns(runs, picked), starts, spaceId: space.id };
    });
    let done = 0;
    await pool.deal('loadRows', inputs, (_, i) => progress((done += sumOf(inputs[i]?.runs.segments)), runs.total));
    return space;
  }
}

async function append(
  path: string,
  start: { validBytes: number; header: Uint8Array },
  work: (writer: RecordWriter) => Promise<void>,
): Promise<void> {
  const writer = await RecordWriter.open(path, start);
  try {
    await work(writer);
  } finally {
    await writer.close();
  }
}

/** Whether features have units of their own, decibels beside logarithms: such are compared by how far they are from the library's mean in its deviations. */
function hasOwnUnits({ source }: Pick<StoredEncoder, 'source'>): boolean {
  return source === 'built-in';
}

/** The header's extra part: segments when the directions were found, their mean, the directions, and the scale, if there is one. */
function encodeCoding({ mean, basis, scale }: Coding, segments: number): Uint8Array {
  const floats = new Float32Array(1 + mean.length + basis.length + (scale?.length ?? 0));
  floats[0] = segments;
  floats.set(mean, 1);
  floats.set(basis, 1 + mean.length);
  floats.set(scale ?? [], 1 + mean.length + basis.length);
  return new Uint8Array(floats.buffer);
}

/** Null when there is none, or when the library has outgrown it. */
function decodeCoding(
  { extra, width }: { extra: Uint8Array; width: number },
  { dimensions, segments, isScaled }: { dimensions: number; segments: number; isScaled: boolean },
): Coding | null {
  const basisEnd = 1 + dimensions + (leadFloats + width) * dimensions;
  if (width === 0 || extra.length !== 4 * (basisEnd + (isScaled ? dimensions : 0))) return null;
  const floats = new Float32Array(extra.slice().buffer);
  const before = floats[0] as number;
  if (segments > growth * before) return null;
  const scale = isScaled ? floats.slice(basisEnd) : null;
  return { mean: floats.slice(1, 1 + dimensions), scale, basis: floats.slice(1 + dimensions, basisEnd), width };
}

function isWasteful(fileBytes: number, usedBytes: number): boolean {
  return fileBytes > smallFileBytes && usedBytes < leastUsedShare * fileBytes;
}

function checkComplete(path: string, parts: readonly Uint8Array[]): void {
  const [first] = parts;
  if (first?.every((_, run) => parts.some((found) => found[run] === 1)) ?? true) return;
  throw new AppError('FILE_UNREADABLE', `What was just written to ${path} cannot be read back. Check the drive.`, { details: { path } });
}

function sumOf(values: Uint32Array | undefined): number {
  return values?.reduce((sum, value) => sum + value, 0) ?? 0;
}

function outOfMemory(bytes: number, cause?: unknown): AppError {
  const size = (bytes / 2 ** 30).toFixed(1);
  return new AppError(
    'OUT_OF_MEMORY',
    `The library’s vectors need ${size} GB of memory in one piece, more than there is. Close other programs.`,
    {
      details: { bytes },
      cause,
    },
  );
}
