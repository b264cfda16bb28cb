/** @file A file to mono samples at one rate, block by block; memory does not grow with the file's length. */
import type { Frame } from 'node-av/lib';
import { AppError, toAppError } from '../base/index.ts';
import { BlockCutter } from './block-cutter.ts';
import { FrameReader } from './frame-reader.ts';
import { greatestCommonDivisor, MonoResampler } from './mono-resampler.ts';
import type { ChainOptions } from './mono-resampler.ts';
import { hasOggEnd } from './ogg-end.ts';
import { openAudio } from './open-audio.ts';
import type { OpenAudio } from './open-audio.ts';

/** What {@link decodeMono} is asked for. */
export type DecodeOptions = {
  /** Hertz. */
  sampleRate: number;
  /** Length of the blocks; the last one is shorter. */
  blockSamples?: number;
  /** Where to begin and end, milliseconds from the start; the whole file when left out. */
  startMs?: number;
  endMs?: number;
};

/** What is known at the end of a file. */
export type DecodeSummary = {
  samples: number;
  durationMs: number;
  /** True when the file ends before its sound does; what is there was decoded. */
  truncated: boolean;
  /** Why it counts as truncated, as a sentence. */
  reason?: string;
  /** Packets that could not be decoded and were passed over. */
  damagedFrames: number;
};

/** About three seconds at 22 050 Hz. */
export const defaultBlockSamples = 65_536;

/** A file that is shorter than it declares by less than this is whole: encoders round. */
export const roundingMs = 250;

/** Decoded before a cut and thrown away, so that decoder and resampler have settled. */
const settleMs = 500;

/**
 * Decodes a file to mono.
 * @param path stored form (see `toStoredPath`)
 * @returns blocks of float32 samples, nominally -1 to 1; every block is the caller's own
 * @throws AppError as `openAudio`, and DECODE_FAILED when not one frame comes out
 */
export function* decodeMono(path: string, options: DecodeOptions): Generator<Float32Array, DecodeSummary> {
  const blockSamples = options.blockSamples ?? defaultBlockSamples;
  const blocks = new BlockCutter(blockSamples);
  const audio = openAudio(path);
  let reader: FrameReader | null = null;
  try {
    reader = new FrameReader(audio);
    let samples = 0;
    for (const chunk of cut(audio, reader, { ...options, blockSamples })) {
      samples += chunk.length;
      yield* blocks.push(chunk);
    }
    yield* blocks.finish();
    return summarise(audio, reader, { samples, options });
  } catch (error) {
    throw toAppError(error, `decode ${path}`);
  } finally {
    reader?.free();
    audio.close();
  }
}

/** Chunks of the part that was asked for. */
function* cut(
  audio: OpenAudio,
  reader: FrameReader,
  { sampleRate, blockSamples, startMs = 0, endMs = Infinity }: DecodeOptions & { blockSamples: number },
): Generator<Float32Array> {
  const first = Math.round((startMs * sampleRate) / 1000);
  const end = Math.round((endMs * sampleRate) / 1000);
  // Chunks as long as blocks need not be cut.
  const shape = { sampleRate, chunkSamples: blockSamples };
  const isFar = startMs > settleMs && hasSampleTicks(audio);
  const chunks = isFar ? chunksNear(audio, reader, { ...shape, startMs }) : chunksOf(reader.read(), shape);
  for (const { samples, at } of chunks) {
    const from = Math.max(0, first - at);
    const to = Math.min(samples.length, end - at);
    if (to > from) yield from === 0 && to === samples.length ? samples : samples.slice(from, to);
    if (at + samples.length >= end) return;
  }
}

/** Mono samples and the place of the first of them in the output. */
type Chunk = { samples: Float32Array; at: number };

/** How to resample, and which place in the output the first sample has. */
type ChunkOptions = ChainOptions & { startAt?: number };

function* chunksOf(frames: Iterable<Frame>, { startAt = 0, trimSamples = 0, ...shape }: ChunkOptions): Generator<Chunk> {
  let chain: MonoResampler | null = null;
  let at = startAt;
  const place = (samples: Float32Array): Chunk => {
    at += samples.length;
    return { samples, at: at - samples.length };
  };
  try {
    for (const frame of frames) {
      if (chain !== null && !chain.accepts(frame)) {
        for (const samples of chain.push(null)) yield place(samples);
        chain.free();
        chain = null;
      }
      chain ??= new MonoResampler(frame, { ...shape, trimSamples: at === startAt ? trimSamples : 0 });
      for (const samples of chain.push(frame)) yield place(samples);
    }
    if (chain !== null) for (const samples of chain.push(null)) yield place(samples);
  } finally {
    chain?.free();
  }
}

/**
 * Chunks that begin a little before a place. Packets up to there are read and not decoded, which is quick and, unlike the demuxer's seeking,
 * exact in every format; the cut is then put on the grid on which the resampler would have been there.
 */
function* chunksNear(audio: OpenAudio, reader: FrameReader, { startMs, ...shape }: ChainOptions & { startMs: number }): Generator<Chunk> {
  const { timeBase } = audio.stream;
  const settled = (startMs - settleMs) / 1000;
  const frames = reader.readFrom((baseTicks) => baseTicks + BigInt(Math.floor((settled * timeBase.den) / timeBase.num)));
  const opening = frames.next();
  if (opening.done === true) return;
  const { frame, ticks } = opening.value;
  const inputRate = frame.sampleRate;
  const position = Math.round((Number(ticks) * timeBase.num * inputRate) / timeBase.den);
  const divisor = greatestCommonDivisor(inputRate, shape.sampleRate);
  const steps = Math.ceil((position * divisor) / inputRate);
  const rest = function* (): Generator<Frame> {
    yield frame;
    for (const next of frames) yield next.frame;
  };
  // Whole numbers: a place that is off by the last bit of a fraction cuts one sample too early.
  const [inputStep, outputStep] = [inputRate / divisor, shape.sampleRate / divisor];
  yield* chunksOf(rest(), { ...shape, trimSamples: steps * inputStep - position, startAt: steps * outputStep });
}

/** True when time stamps tell single samples; ASF and Matroska count milliseconds. */
function hasSampleTicks({ stream, parameters }: OpenAudio): boolean {
  const { num, den } = stream.timeBase;
  return num === 1 && den % parameters.sampleRate === 0;
}

function summarise(
  audio: OpenAudio,
  reader: FrameReader,
  { samples, options }: { samples: number; options: DecodeOptions },
): DecodeSummary {
  const { frames, damaged: damagedFrames, endsDamaged } = reader.counts;
  const { path } = audio.source;
  if (frames === 0) {
    const why = damagedFrames > 0 ? `none of its ${damagedFrames} packets is intact` : 'its audio stream is empty';
    throw new AppError('DECODE_FAILED', `${path} could not be decoded: ${why}.`, { details: { path, damagedFrames } });
  }
  const durationMs = (samples * 1000) / options.sampleRate;
  const isPart = (options.startMs ?? 0) > 0 || (options.endMs ?? Infinity) < Infinity;
  const reason = isPart ? null : shortness(audio, { durationMs, endsDamaged });
  const summary = { samples, durationMs, damagedFrames };
  return reason === null ? { ...summary, truncated: false } : { ...summary, truncated: true, reason };
}

/** Why a file counts as cut off, or null. */
function shortness(audio: OpenAudio, { durationMs, endsDamaged }: { durationMs: number; endsDamaged: boolean }): string | null {
  const { source, container, declaredDurationMs } = audio;
  if (declaredDurationMs !== null && declaredDurationMs - durationMs > roundingMs)
    return `The file ends after ${seconds(durationMs)} of the ${seconds(declaredDurationMs)} that it declares.`;
  if (container === 'ogg' && !hasOggEnd((position, length) => source.readAt(position, length), source.size))
    return 'The file ends before its last page.';
  return endsDamaged && declaredDurationMs === null ? 'The file ends inside a frame.' : null;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
