/**
 * @file Decoding in parts, so that a cut has the very samples that the whole has.
 *
 * A decoder's output depends on more than the last few packets: Opus predicts band energies from frame to frame (RFC 6716, section 4.3.2.1) and
 * filters recursively; AAC, WMA, AC-3 and Musepack fill bands with noise whose generator runs on from the first frame; MP3 keeps bits for later
 * frames. What a decoder gives after a jump therefore comes as near as one likes to what it gives in one go, and equals it only by chance. So the
 * samples are defined otherwise: a track is a row of parts of equal length, and the decoder begins anew, at the same packet, for each of them. A cut
 * decodes the parts that it touches; the whole is all parts one after the other. Both carry out the same operations on the same packets.
 */
import type { Frame } from 'node-av/lib';
import { chunksOf } from './chunks.ts';
import type { Chunk } from './chunks.ts';
import type { FrameReader } from './frame-reader.ts';
import { greatestCommonDivisor } from './mono-resampler.ts';
import type { ChainOptions } from './mono-resampler.ts';
import type { OpenAudio } from './open-audio.ts';

/** Length of a part. Shorter ones make cuts quicker, and decoding the whole slower (by `settleMs` in each). */
const partSeconds = 10;

/**
 * Decoded before a part and thrown away. RFC 7845, section 4.6, wants 80 ms before a place in Opus; MP3 can reach back over 511 bytes, which are a
 * second at the lowest rates.
 */
const settleMs = 1000;

/** An open file, its frames, and what they are to become. */
export type PartSource = { audio: OpenAudio; reader: FrameReader; shape: ChainOptions };

/**
 * True when a file can be decoded in parts: its time stamps tell single samples. ASF and Matroska count milliseconds; they are decoded from their
 * beginning wherever a cut lies, which is exact as well.
 */
export function hasParts({ stream, parameters }: OpenAudio): boolean {
  const { num, den } = stream.timeBase;
  return num === 1 && den % parameters.sampleRate === 0;
}

/**
 * Samples of the parts from the one on that holds the sample `first`; they follow each other without a gap.
 * @param first a place in the output
 */
export function* chunksInParts(source: PartSource, first: number): Generator<Chunk, void> {
  const { audio, reader, shape } = source;
  const partSamples = partSeconds * shape.sampleRate;
  for (let part = Math.floor(first / partSamples); ; part++) {
    const [start, end] = [part * partSamples, (part + 1) * partSamples];
    let filled = start;
    for (const { samples, at } of chunksOfPart(source, part)) {
      // Where packets are missing a part is silent.
      if (at > filled) yield silence(filled, Math.min(at, end));
      filled = Math.max(filled, Math.min(at, end));
      const inside = samples.subarray(Math.max(0, filled - at), Math.max(0, end - at));
      if (inside.length > 0) yield { samples: inside.slice(), at: filled };
      filled += inside.length;
      if (filled === end) break;
    }
    if (reader.endTicks <= ticksAt(audio, (part + 1) * partSeconds)) return;
    if (filled < end) yield silence(filled, end);
  }
}

function silence(from: number, to: number): Chunk {
  return { samples: new Float32Array(to - from), at: from };
}

/** Chunks that begin a little before a part, on the grid on which the resampler would be there if it had run from the beginning. */
function* chunksOfPart({ audio, reader, shape }: PartSource, part: number): Generator<Chunk, void> {
  const settle = settleMs / 1000;
  const frames = reader.readPart({
    from: ticksAt(audio, part * partSeconds - settle),
    next: ticksAt(audio, (part + 1) * partSeconds - settle),
  });
  try {
    const opening = frames.next();
    if (opening.done === true) return;
    const { frame, ticks } = opening.value;
    const { timeBase } = audio.stream;
    const inputRate = frame.sampleRate;
    const position = Math.round((Number(ticks) * timeBase.num * inputRate) / timeBase.den);
    const divisor = greatestCommonDivisor(inputRate, shape.sampleRate);
    const steps = Math.ceil((position * divisor) / inputRate);
    const all = function* (): Generator<Frame> {
      yield frame;
      for (const next of frames) yield next.frame;
    };
    // Whole numbers: a place that is off by the last bit of a fraction cuts one sample too early.
    const [inputStep, outputStep] = [inputRate / divisor, shape.sampleRate / divisor];
    yield* chunksOf(all(), { ...shape, trimSamples: steps * inputStep - position, startAt: steps * outputStep });
  } finally {
    frames.return();
  }
}

function ticksAt({ stream }: OpenAudio, seconds: number): bigint {
  return BigInt(Math.floor((seconds * stream.timeBase.den) / stream.timeBase.num));
}
