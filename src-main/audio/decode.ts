/** @file A file to mono samples at one rate, block by block; memory does not grow with the file's length. */
import { AppError, toAppError } from '../base/index.ts';
import { BlockCutter } from './block-cutter.ts';
import { chunksOf } from './chunks.ts';
import { FrameReader } from './frame-reader.ts';
import { hasOggEnd } from './ogg-end.ts';
import { openAudio } from './open-audio.ts';
import type { OpenAudio } from './open-audio.ts';
import { chunksInParts, hasParts } from './parts.ts';

/** What {@link decodeMono} is asked for. */
export type DecodeOptions = {
  /** Hertz. */
  sampleRate: number;
  /** Length of the blocks; the last one is shorter. */
  blockSamples?: number;
  /** Where to begin and end, milliseconds from the start; the whole file when left out. */
  startMs?: number;
  endMs?: number;
  /** The whole as a row of parts, as cuts are always made: then every cut has the very samples that the whole has at its place. */
  inParts?: boolean;
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

/** Chunks of what was asked for. */
function* cut(
  audio: OpenAudio,
  reader: FrameReader,
  { sampleRate, blockSamples, startMs = 0, endMs = Infinity, inParts = false }: DecodeOptions & { blockSamples: number },
): Generator<Float32Array> {
  const first = Math.round((startMs * sampleRate) / 1000);
  const end = Math.round((endMs * sampleRate) / 1000);
  // Chunks as long as blocks need not be cut.
  const shape = { sampleRate, chunkSamples: blockSamples };
  const chunks =
    (inParts || first > 0) && hasParts(audio) ? chunksInParts({ audio, reader, shape }, first) : chunksOf(reader.read(), shape);
  for (const { samples, at } of chunks) {
    const from = Math.max(0, first - at);
    const to = Math.min(samples.length, end - at);
    if (to > from) yield from === 0 && to === samples.length ? samples : samples.slice(from, to);
    if (at + samples.length >= end) return;
  }
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
