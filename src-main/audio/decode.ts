/** @file A file to mono samples at one rate, block by block; memory does not grow with the file's length. */
import { AppError, countOf, toAppError } from '../base/index.ts';
import { BlockCutter } from './block-cutter.ts';
import { chunksOf } from './chunks.ts';
import { FrameReader } from './frame-reader.ts';
import { checkBlock, levelOf } from './full-scale.ts';
import { linkStarts } from './link-starts.ts';
import type { ChainOptions } from './mono-resampler.ts';
import { hasOggEnd } from './ogg-end.ts';
import type { ByteSpan } from './ogg-links.ts';
import { linksOf, openAudio } from './open-audio.ts';
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
  /** True when the file ends before its sound does, or holds samples that are no numbers; what is there was decoded. */
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
 * @throws AppError as `openAudio`, and DECODE_FAILED when not one frame comes out, or one that no music has (see `full-scale.ts`)
 */
export function* decodeMono(path: string, options: DecodeOptions): Generator<Float32Array, DecodeSummary> {
  const { sampleRate, blockSamples = defaultBlockSamples, startMs = 0, endMs = Infinity, inParts = false } = options;
  const blocks = new BlockCutter(blockSamples);
  const first = Math.round((startMs * sampleRate) / 1000);
  const end = Math.round((endMs * sampleRate) / 1000);
  const isPart = first > 0 || end < Infinity;
  const tally: Tally = { frames: 0, damaged: 0, nonFinite: 0, reason: null };
  try {
    let samples = 0;
    for (const chunk of linked(path, { sampleRate, chunkSamples: blockSamples, first, end, inParts: inParts || first > 0 }, tally)) {
      checkBlock(chunk, path);
      samples += chunk.length;
      yield* blocks.push(chunk);
    }
    yield* blocks.finish();
    checkFound(path, tally);
    tally.reason ??= nonFiniteText(tally.nonFinite);
    const summary = { samples, durationMs: (samples * 1000) / sampleRate, damagedFrames: tally.damaged };
    return isPart || tally.reason === null ? { ...summary, truncated: false } : { ...summary, truncated: true, reason: tally.reason };
  } catch (error) {
    throw toAppError(error, `decode ${path}`);
  }
}

/** What was found on the way. `nonFinite` samples were taken for silence. `reason`: why the file counts as damaged or cut off. */
type Tally = { frames: number; damaged: number; nonFinite: number; reason: string | null };

/** Samples `[first, end)` of a file or link are wanted. */
type Wanted = ChainOptions & { first: number; end: number; inParts: boolean };

/** Samples of all links of a file; each has the place that its own clock gives it, whatever its decoder makes of it. */
function* linked(path: string, wanted: Wanted, tally: Tally): Generator<Float32Array> {
  const { links, bytesBehind } = linksOf(path);
  const starts = linkStarts(path, links).map((ms) => Math.round((ms * wanted.sampleRate) / 1000));
  for (const [i, link] of links.entries()) {
    const [start = 0, next = Infinity] = [starts[i], starts[i + 1]];
    const end = Math.min(wanted.end, next);
    let filled = Math.max(wanted.first, start);
    if (filled >= end) continue;
    const inside = { ...wanted, first: filled - start, end: end - start };
    try {
      for (const chunk of oneLink({ path, link }, inside, tally)) {
        filled += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (i === 0) throw error;
      tally.damaged++;
      tally.reason ??= `The stream that begins at ${seconds((start * 1000) / wanted.sampleRate)} cannot be decoded.`;
    }
    // What a link lacks is silence, so that the next one lies where its clock has it.
    if (next < Infinity && filled < end) yield new Float32Array(end - filled);
  }
  if (bytesBehind > 0) tally.reason ??= `The last ${Math.round(bytesBehind / 1000)} kB of the file are not part of its sound.`;
}

type Link = { path: string; link: ByteSpan | null };

function* oneLink({ path, link }: Link, wanted: Wanted, tally: Tally): Generator<Float32Array> {
  const audio = openAudio(path, link);
  let reader: FrameReader | null = null;
  try {
    reader = new FrameReader(audio);
    const { gain, nonFinite } = levelOf(audio);
    tally.nonFinite = Math.max(tally.nonFinite, nonFinite);
    let samples = 0;
    for (const chunk of cut(audio, reader, { ...wanted, silencesNonFinite: nonFinite > 0 })) {
      samples += chunk.length;
      yield gain === 1 ? chunk : chunk.map((value) => value * gain);
    }
    const isWhole = wanted.first === 0 && wanted.end === Infinity;
    if (isWhole)
      tally.reason ??= shortness(audio, {
        durationMs: (samples * 1000) / wanted.sampleRate,
        endsDamaged: reader.counts.endsDamaged,
        bytes: link?.end ?? audio.source.size,
      });
  } finally {
    tally.frames += reader?.counts.frames ?? 0;
    tally.damaged += reader?.counts.damaged ?? 0;
    reader?.free();
    audio.close();
  }
}

/** Chunks of what was asked for. */
function* cut(audio: OpenAudio, reader: FrameReader, { first, end, inParts, ...shape }: Wanted): Generator<Float32Array> {
  const chunks = inParts && hasParts(audio) ? chunksInParts({ audio, reader, shape }, first) : chunksOf(reader.read(), shape);
  for (const { samples, at } of chunks) {
    const from = Math.max(0, first - at);
    const to = Math.min(samples.length, end - at);
    // Chunks as long as blocks need not be cut.
    if (to > from) yield from === 0 && to === samples.length ? samples : samples.slice(from, to);
    if (at + samples.length >= end) return;
  }
}

/** Says how many samples were taken for silence; null when all are numbers. */
function nonFiniteText(nonFinite: number): string | null {
  if (nonFinite === 0) return null;
  return `${countOf(nonFinite, 'sample of the file is', 'samples of the file are')} not a finite number; silence stands in their place.`;
}

function checkFound(path: string, { frames, damaged }: Tally): void {
  if (frames > 0) return;
  const why = damaged > 0 ? `none of its ${damaged} packets is intact` : 'its audio stream is empty';
  throw new AppError('DECODE_FAILED', `${path} could not be decoded: ${why}.`, { details: { path, damagedFrames: damaged } });
}

/** How a link ended; `bytes`: where it ends in the file. */
type LinkEnd = { durationMs: number; endsDamaged: boolean; bytes: number };

/** Why a file counts as cut off, or null. */
function shortness({ source, container, declaredDurationMs }: OpenAudio, { durationMs, endsDamaged, bytes }: LinkEnd): string | null {
  if (declaredDurationMs !== null && declaredDurationMs - durationMs > roundingMs)
    return `The file ends after ${seconds(durationMs)} of the ${seconds(declaredDurationMs)} that it declares.`;
  if (container === 'ogg' && !hasOggEnd((position, length) => source.readAt(position, length), bytes))
    return 'The file ends before its last page.';
  return endsDamaged ? 'The file ends inside a frame.' : null;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
