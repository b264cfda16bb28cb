/** @file Frames to a FLAC file. */
import { avChannelLayoutDescribe, Codec, CodecContext, FFmpegError, FormatContext, Packet } from 'node-av/lib';
import type { Frame, Stream } from 'node-av/lib';
import { AV_CODEC_ID_FLAC, AV_SAMPLE_FMT_S32, AV_SAMPLE_FMT_S32P, AVERROR_EIO, AVERROR_ENOSPC } from 'node-av/constants';
import { AppError } from '../base/index.ts';
import { FilterChain } from './filter-chain.ts';
import type { FilterStep } from './filter-chain.ts';

/** Samples of one FLAC frame. */
const frameSamples = 4096;

/** Encodes as it is fed; memory does not grow with length. */
export class FlacWriter {
  readonly #encoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #format = new FormatContext();
  readonly #stream: Stream;
  readonly #steps: FilterStep[];
  readonly #channels: number;
  #chain: FilterChain | null = null;
  /** Frames of the length that the encoder takes, across changes of the input's format: only the last one may be shorter. */
  #cutter: FilterChain | null = null;
  #samples = 0n;

  /**
   * @param first a frame of the input; the file gets its rate and channels
   * @param name of the file for FFmpeg; what was in it is lost
   * @throws AppError DECODE_FAILED when FLAC cannot hold such sound; DISK_FULL, FILE_UNREADABLE when the disk does not take it
   */
  constructor(first: Frame, name: string) {
    const isDeep = first.format === AV_SAMPLE_FMT_S32 || first.format === AV_SAMPLE_FMT_S32P;
    // FLAC holds eight channels at most.
    const known = avChannelLayoutDescribe(first.channelLayout);
    const layout = first.channels > 8 ? 'stereo' : known?.includes(' ') === false ? known : null;
    const shape = `sample_fmts=${isDeep ? 's32' : 's16'}:sample_rates=${first.sampleRate}${layout === null ? '' : `:channel_layouts=${layout}`}`;
    this.#steps = [['aformat', shape]];
    this.#packet.alloc();
    this.#format.allocOutputContext2(null, 'flac', `file:${name}`);
    this.#channels = first.channels;
    this.#chain = this.#chainFor(first);
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
      this.#check(this.#format.openOutputSync());
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
    this.#chain ??= this.#chainFor(frame);
    this.#encodeAll(this.#chain.push(frame));
  }

  /** Writes what is left and completes the header. */
  finish(): void {
    if (this.#chain !== null) this.#encodeAll(this.#chain.push(null));
    if (this.#cutter !== null) this.#encodeCut(this.#cutter.push(null));
    this.#encode(null);
    this.#check(this.#format.writeTrailerSync());
  }

  /** Frees the native parts. */
  free(): void {
    this.#chain?.free();
    this.#chain = null;
    this.#cutter?.free();
    this.#cutter = null;
    this.#packet.free();
    this.#encoder.freeContext();
    this.#format.closeOutputSync();
    this.#format.freeContext();
  }

  /** FFmpeg changes the level between one channel and two; the mean of two, and one on both, keep it. */
  #chainFor(frame: Frame): FilterChain {
    const change = `${frame.channels} to ${this.#channels}`;
    const mix = { '1 to 2': 'stereo|c0=c0|c1=c0', '2 to 1': 'mono|c0=0.5*c0+0.5*c1' }[change];
    return new FilterChain(frame, [...(mix === undefined ? [] : [['pan', mix] as const]), ...this.#steps]);
  }

  #encodeAll(frames: Iterable<Frame>): void {
    for (const frame of frames) {
      this.#cutter ??= new FilterChain(frame, [['asetnsamples', `n=${frameSamples}:p=0`]]);
      this.#encodeCut(this.#cutter.push(frame));
    }
  }

  #encodeCut(frames: Iterable<Frame>): void {
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
  }

  #check(code: number): void {
    if (code === AVERROR_ENOSPC)
      throw new AppError('DISK_FULL', 'The disk is full: there is no room for the FLAC copy. Free some space and start again.');
    if (code === AVERROR_EIO) throw new AppError('FILE_UNREADABLE', 'The drive did not take the FLAC copy. Check the drive.');
    if (code < 0) throw new AppError('DECODE_FAILED', `The sound could not be written as FLAC: ${FFmpegError.strerror(code)}.`);
  }
}
