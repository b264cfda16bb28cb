/** @file Frames to a FLAC file, through an open file descriptor. */
import { writeSync } from 'node:fs';
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, IOContext, Packet } from 'node-av/lib';
import type { Stream } from 'node-av/lib';
import {
  AV_CODEC_ID_FLAC,
  AV_SAMPLE_FMT_S32,
  AV_SAMPLE_FMT_S32P,
  AVERROR_EIO,
  AVSEEK_CUR,
  AVSEEK_FORCE,
  AVSEEK_SET,
} from 'node-av/constants';
import { AppError } from '../base/index.ts';
import { FilterChain } from './filter-chain.ts';
import type { FilterStep } from './filter-chain.ts';

/** Samples of one FLAC frame. */
const frameSamples = 4096;

/** Encodes as it is fed; memory does not grow with length. */
export class FlacWriter {
  readonly #output: FlacOutput;
  readonly #encoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #format = new FormatContext();
  readonly #stream: Stream;
  readonly #steps: FilterStep[];
  #chain: FilterChain | null = null;
  #samples = 0n;

  /**
   * @param first a frame of the input; the file gets its rate and channels
   * @param descriptor a new file, open for writing; it stays open
   * @throws AppError DECODE_FAILED when FLAC cannot hold such sound, and the system's error when the disk does not take it
   */
  constructor(first: Frame, descriptor: number) {
    const isDeep = first.format === AV_SAMPLE_FMT_S32 || first.format === AV_SAMPLE_FMT_S32P;
    // FLAC holds eight channels at most.
    const layout = first.channels > 8 ? ':channel_layouts=stereo' : '';
    const shape = `sample_fmts=${isDeep ? 's32' : 's16'}:sample_rates=${first.sampleRate}${layout}`;
    this.#steps = [
      ['aformat', shape],
      ['asetnsamples', `n=${frameSamples}:p=0`],
    ];
    this.#output = new FlacOutput(descriptor);
    this.#packet.alloc();
    this.#format.allocOutputContext2(null, 'flac', null);
    this.#format.pb = this.#output.context;
    this.#chain = new FilterChain(first, this.#steps);
    try {
      const codec = Codec.findEncoder(AV_CODEC_ID_FLAC);
      this.#encoder.allocContext3(codec);
      this.#chain.configure(this.#encoder);
      this.#encoder.frameSize = frameSamples;
      if (isDeep) this.#encoder.bitsPerRawSample = 24;
      this.#check(this.#encoder.open2Sync(codec, null));
      this.#stream = this.#format.newStream(codec);
      this.#check(this.#stream.codecpar.fromContext(this.#encoder));
      this.#stream.timeBase = this.#encoder.timeBase;
      this.#check(this.#format.writeHeaderSync(null));
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Encodes a frame. */
  push(frame: Frame): void {
    if (this.#chain?.accepts(frame) === false) {
      this.#encodeAll(this.#chain.push(null));
      this.#chain.free();
      this.#chain = null;
    }
    this.#chain ??= new FilterChain(frame, this.#steps);
    this.#encodeAll(this.#chain.push(frame));
  }

  /** Writes what is left and completes the header. */
  finish(): void {
    if (this.#chain !== null) this.#encodeAll(this.#chain.push(null));
    this.#encode(null);
    this.#check(this.#format.writeTrailerSync());
    this.#output.throwFailure();
  }

  /** Frees the native parts. */
  free(): void {
    this.#chain?.free();
    this.#chain = null;
    this.#packet.free();
    this.#encoder.freeContext();
    this.#format.pb = null;
    this.#format.freeContext();
    this.#output.free();
  }

  #encodeAll(frames: Iterable<Frame>): void {
    for (const frame of frames) {
      frame.pts = this.#samples;
      this.#samples += BigInt(frame.nbSamples);
      this.#encode(frame);
    }
  }

  #encode(frame: Frame | null): void {
    this.#check(this.#encoder.sendFrameSync(frame));
    while (this.#encoder.receivePacketSync(this.#packet) >= 0) {
      this.#packet.streamIndex = this.#stream.index;
      this.#packet.rescaleTs(this.#encoder.timeBase, this.#stream.timeBase);
      this.#check(this.#format.writeFrameSync(this.#packet));
      this.#packet.unref();
    }
    this.#output.throwFailure();
  }

  #check(code: number): void {
    this.#output.throwFailure();
    if (code < 0) throw new AppError('DECODE_FAILED', `The sound could not be written as FLAC: ${FFmpegError.strerror(code)}.`);
  }
}

/** The muxer's callbacks over a file descriptor. */
class FlacOutput {
  readonly context = new IOContext();
  readonly #descriptor: number;
  #position = 0;
  #size = 0;
  #failure: { error: unknown } | null = null;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.context.allocContextWithCallbacks(
      64 * 1024,
      1,
      null,
      (bytes) => this.#write(bytes),
      (offset, whence) => this.#seek(Number(offset), whence & ~AVSEEK_FORCE),
    );
  }

  /** Throws the system's error if a write failed. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  free(): void {
    this.context.freeContext();
  }

  #write(bytes: Buffer): number {
    try {
      for (let done = 0; done < bytes.length;) {
        const written = writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#position);
        done += written;
        this.#position += written;
      }
      this.#size = Math.max(this.#size, this.#position);
      return bytes.length;
    } catch (error) {
      this.#failure = { error };
      return AVERROR_EIO;
    }
  }

  #seek(offset: number, whence: number): bigint {
    if (whence === AVSEEK_SET) this.#position = offset;
    else if (whence === AVSEEK_CUR) this.#position += offset;
    else return BigInt(this.#size);
    return BigInt(this.#position);
  }
}
