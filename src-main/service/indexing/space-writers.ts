/** @file Writes the rows of several feature spaces that one pass over the audio gives side by side, each into its own index. */
import { defined } from '../../base/index.ts';
import type { AppError } from '../../base/index.ts';
import { embeddingOutput } from '../../contract/index.ts';
import type { EncoderId, Pooling, TrackId } from '../../contract/index.ts';
import type { IndexId, IndexWriter, SpaceOutput, Store, StoredEncoder, WaitingTrack } from '../../store/index.ts';

/** A space and the index that is filled. */
export type WrittenSpace = { space: StoredEncoder; indexId: IndexId };

/** What was written into a space. */
export type SpaceResult = { encoder: EncoderId; output: string; pooling: Pooling; features: number; tracks: number; segments: number };

/** The space of every encoder that has none besides. */
export const embeddingSpace: SpaceOutput = { output: embeddingOutput, pooling: 'mean' };

type Written = WrittenSpace & {
  writer: IndexWriter;
  result: SpaceResult;
  /** The audio that is still to be encoded, by track. */
  waiting: Map<TrackId, string>;
};

/** Where a space's columns lie within a row of all that are encoded. */
type Columns = { written: Written; from: number };

/**
 * The writers of one pass. What a space has already of a track is encoded again beside what another lacks, and left out; spaces that lack nothing are not
 * encoded at all.
 */
export class SpaceWriters {
  readonly #store: Store;
  readonly #all: Written[];
  #active: Columns[] = [];
  #width = 0;
  /** The spaces that the present track is written into. */
  #begun: Columns[] = [];

  /** Opens the writers. @throws AppError `ALREADY_RUNNING` */
  constructor(store: Store, spaces: readonly WrittenSpace[]) {
    this.#store = store;
    this.#all = [];
    try {
      for (const { space, indexId } of spaces) {
        const { output, pooling } = space.space ?? embeddingSpace;
        const result = { encoder: space.id, output, pooling, features: space.dimensions, tracks: 0, segments: 0 };
        this.#all.push({ space, indexId, writer: store.index.writer(indexId), result, waiting: new Map() });
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Looks which tracks wait in any of the spaces, in the library's order, and settles which outputs are encoded for them. */
  take(): WaitingTrack[] {
    const all = new Map<TrackId, WaitingTrack>();
    for (const written of this.#all) for (const track of this.#look(written)) all.set(track.trackId, track);
    const wanted = this.#all.filter(({ waiting }) => waiting.size > 0);
    this.#active = [];
    this.#width = 0;
    for (const written of wanted.length === 0 ? this.#all : wanted) {
      this.#active.push({ written, from: this.#width });
      this.#width += written.space.dimensions;
    }
    return [...all.values()];
  }

  /** Looks once more which tracks wait, in the spaces that are being encoded alone; what was finished is to be flushed before. */
  takeMore(): WaitingTrack[] {
    const all = new Map<TrackId, WaitingTrack>();
    for (const { written } of this.#active) for (const track of this.#look(written)) all.set(track.trackId, track);
    return [...all.values()];
  }

  /** What is to be encoded, in the order of the columns. */
  get outputs(): SpaceOutput[] {
    return this.#active.map(({ written: { result } }) => ({ output: result.output, pooling: result.pooling }));
  }

  /** Numbers in a row. */
  get width(): number {
    return this.#width;
  }

  /** What was written, by space. */
  get results(): SpaceResult[] {
    return this.#all.map(({ result }) => result);
  }

  begin({ trackId, audioHash }: WaitingTrack): void {
    this.#begun = this.#active.filter(({ written }) => written.waiting.get(trackId) === audioHash);
    for (const { written } of this.#begun) written.writer.begin(trackId, audioHash);
  }

  /** @param rows `[segments, width]` */
  append(rows: Float32Array): void {
    for (const { written, from } of this.#begun)
      written.writer.append(columnsOf(rows, this.#width, { from, count: written.space.dimensions }));
  }

  /** @param segments that were appended */
  finish(trackId: TrackId, segments: number, outcome: { partial: boolean; message: string } | Record<string, never>): void {
    for (const { written } of this.#begun) {
      written.writer.finish(outcome);
      written.waiting.delete(trackId);
      written.result.tracks++;
      written.result.segments += segments;
    }
    this.#begun = [];
  }

  /** Notes that a track cannot be encoded, in every space that waits for it. */
  fail({ trackId, audioHash }: WaitingTrack, { code, message }: AppError): void {
    for (const { waiting, writer } of this.#all) {
      if (waiting.get(trackId) !== audioHash) continue;
      writer.fail(trackId, audioHash, code, message);
      waiting.delete(trackId);
    }
  }

  /** Forgets the rows of a track that did not come to its end. */
  abort(): void {
    for (const { written } of this.#begun) written.writer.abort();
    this.#begun = [];
  }

  /** Commits what was finished. */
  flush(): void {
    for (const { writer } of this.#all) writer.flush();
  }

  /** Commits, and lets go of the files; all of them, also where one throws. */
  close(): void {
    const errors: unknown[] = [];
    for (const { writer } of this.#all)
      try {
        writer.close();
      } catch (error) {
        errors.push(error);
      }
    if (errors.length > 0) throw defined(errors[0], 'the error') as Error;
  }

  #look(written: Written): WaitingTrack[] {
    const waiting = this.#store.index.waiting(written.indexId);
    written.waiting = new Map(waiting.map(({ trackId, audioHash }) => [trackId, audioHash]));
    return waiting;
  }
}

/** Some columns of rows, as rows of their own; rows that have no others stay as they are. */
function columnsOf(rows: Float32Array, width: number, { from, count }: { from: number; count: number }): Float32Array {
  if (count === width) return rows;
  const segments = rows.length / width;
  const own = new Float32Array(segments * count);
  for (let segment = 0; segment < segments; segment++)
    own.set(rows.subarray(segment * width + from, segment * width + from + count), segment * count);
  return own;
}
