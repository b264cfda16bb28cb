/** @file Tracks to crops: files are decoded a little ahead on several threads, and their segments come out in order. */
import { AsyncQueue, toAppError } from '../base/index.ts';
import type { AppError } from '../base/index.ts';
import type { IndexTrack } from '../service/index.ts';

/** What a decoder tells at a track's end. */
export type TrackEnd = { durationMs: number; truncated: boolean; reason?: string; peaks: Uint8Array };

/** Decodes one track to mono at the encoder's rate, block by block. */
export type DecodeTrack = (track: IndexTrack, signal: AbortSignal) => AsyncGenerator<Float32Array, TrackEnd>;

/** One thing that the feed hands on; a track's crops come in order, then its end. */
export type FeedEvent =
  | { type: 'crop'; trackId: number; samples: Float32Array }
  | { type: 'finished'; trackId: number; end: TrackEnd }
  | { type: 'failed'; trackId: number; error: AppError };

/** `hopSamples` from one crop's start to the next's; `ahead` tracks are decoded at the same time. */
export type FeedOptions = { decode: DecodeTrack; cropSamples: number; hopSamples: number; ahead: number; signal: AbortSignal };

/** Blocks of one track that may wait; bounds the memory of a long file. */
const waitingBlocks = 6;

/** Tracks that wait to be decoded; more may be added until `close`. */
export class TrackList {
  readonly #waiting: IndexTrack[] = [];
  #isClosed = false;
  #wake: (() => void) | undefined;

  add(tracks: readonly IndexTrack[]): void {
    this.#waiting.push(...tracks);
    this.#wake?.();
  }

  /** No more will be added. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  /** The next track if one waits. */
  take(): IndexTrack | undefined {
    return this.#waiting.shift();
  }

  /** Resolves to true when a track waits, to false when none will ever come. */
  async hasMore(): Promise<boolean> {
    while (this.#waiting.length === 0 && !this.#isClosed) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#waiting.length > 0;
  }
}

type OpenTrack = { track: IndexTrack; blocks: AsyncQueue<Float32Array>; end: Promise<TrackEnd> };

/**
 * Cuts tracks into consecutive segments; a remainder that is shorter than a crop is left out.
 * @returns crops and ends in the tracks' order; ends when the list is closed and empty
 */
export async function* cropFeed(tracks: TrackList, options: FeedOptions): AsyncGenerator<FeedEvent> {
  const open: OpenTrack[] = [];
  try {
    for (;;) {
      while (open.length < options.ahead) {
        const track = tracks.take();
        if (track === undefined) break;
        open.push(startDecoding(track, options));
      }
      const first = open[0];
      if (first !== undefined) {
        yield* eventsOf(first, options);
        open.shift();
      } else if (!(await tracks.hasMore())) return;
    }
  } finally {
    for (const { blocks } of open) blocks.close();
  }
}

async function* eventsOf({ track, blocks, end }: OpenTrack, { cropSamples, hopSamples }: FeedOptions): AsyncGenerator<FeedEvent> {
  const { trackId } = track;
  const cutter = new CropCutter(cropSamples, hopSamples);
  for await (const block of blocks) for (const samples of cutter.push(block)) yield { type: 'crop', trackId, samples };
  try {
    yield { type: 'finished', trackId, end: await end };
  } catch (error) {
    yield { type: 'failed', trackId, error: toAppError(error, `decode ${track.path}`) };
  }
}

function startDecoding(track: IndexTrack, { decode, signal }: FeedOptions): OpenTrack {
  const blocks = new AsyncQueue<Float32Array>(waitingBlocks);
  const run = async (): Promise<TrackEnd> => {
    const decoder = decode(track, signal);
    for (;;) {
      const step = await decoder.next();
      if (step.done === true) return step.value;
      if (await blocks.push(step.value)) continue;
      const nothing = { durationMs: 0, truncated: true, peaks: new Uint8Array(0) };
      await decoder.return(nothing);
      return nothing;
    }
  };
  const end = run().finally(() => blocks.close());
  end.catch(() => undefined);
  return { track, blocks, end };
}

/** Cuts a stream of blocks into crops. */
export class CropCutter {
  readonly #cropSamples: number;
  readonly #hopSamples: number;
  #remainder = new Float32Array(0);
  /** Samples of the stream to pass over before the next crop, when the hop is longer than a crop. */
  #skip = 0;

  constructor(cropSamples: number, hopSamples: number) {
    this.#cropSamples = cropSamples;
    this.#hopSamples = hopSamples;
  }

  /** Takes a block of any length; yields views `[cropSamples]` that stay valid until the next call. */
  *push(block: Float32Array): Generator<Float32Array> {
    const samples = new Float32Array(this.#remainder.length + block.length);
    samples.set(this.#remainder);
    samples.set(block, this.#remainder.length);
    let start = Math.min(this.#skip, samples.length);
    this.#skip -= start;
    while (this.#skip === 0 && samples.length - start >= this.#cropSamples) {
      yield samples.subarray(start, start + this.#cropSamples);
      const next = start + this.#hopSamples;
      start = Math.min(next, samples.length);
      this.#skip = next - start;
    }
    this.#remainder = samples.slice(start);
  }
}
