/** @file Packets to frames: the decoder's loop, which goes on past damaged packets and counts them. */
import { Codec, CodecContext, FFmpegError, Frame, Packet } from 'node-av/lib';
import { AVERROR_EAGAIN, AVERROR_EIO, AVERROR_EOF } from 'node-av/constants';
import { AppError } from '../base/index.ts';
import { unreadable } from './open-audio.ts';
import type { OpenAudio } from './open-audio.ts';

/** What reading to the end found. */
export type FrameCounts = {
  /** Frames that came out. */
  frames: number;
  /** Packets that the decoder refused. */
  damaged: number;
  /** True when the last packet was refused, or the file ended inside one. */
  endsDamaged: boolean;
};

/** Decodes one file's audio stream; `free` it, then close the file. */
export class FrameReader {
  readonly counts: FrameCounts = { frames: 0, damaged: 0, endsDamaged: false };
  readonly #audio: OpenAudio;
  readonly #index: number;
  readonly #decoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();

  /** @throws AppError DECODE_FAILED when there is no decoder for the stream */
  constructor(audio: OpenAudio) {
    this.#audio = audio;
    this.#index = audio.stream.index;
    const { parameters, stream, source } = audio;
    const codec = Codec.findDecoder(parameters.codecId);
    this.#decoder.allocContext3(codec);
    this.#packet.alloc();
    this.#frame.alloc();
    parameters.toContext(this.#decoder);
    this.#decoder.pktTimebase = stream.timeBase;
    this.#decoder.threadCount = 1;
    const opened = codec === null ? -1 : this.#decoder.open2Sync(codec, null);
    if (opened < 0) {
      this.free();
      throw new AppError('DECODE_FAILED', `${source.path} could not be decoded: no decoder takes its sound.`, {
        details: { path: source.path, decoder: FFmpegError.strerror(opened) },
      });
    }
  }

  /** Every frame in order. The same frame object is filled again and again. */
  *read(): Generator<Frame, void> {
    while (this.#next()) {
      yield* this.#decode(this.#packet);
      this.#packet.unref();
    }
    yield* this.#decode(null);
  }

  /**
   * Frames from a place on, each with its distance from the stream's first frame in ticks. The first frame is always decoded: where it lies
   * is where the file begins, after the padding that the encoder put before it.
   * @param placeOf given the first frame's time, the time from which packets must be decoded
   */
  *readFrom(placeOf: (baseTicks: bigint) => bigint): Generator<{ frame: Frame; ticks: bigint }, void> {
    let base: bigint | null = null;
    let place: bigint | null = null;
    let isThere = false;
    while (this.#next()) {
      const { pts, duration } = this.#packet;
      const isWanted: boolean = place === null || isThere || pts + duration >= place;
      if (isWanted && place !== null && !isThere) {
        this.#decoder.flushBuffers();
        isThere = true;
      }
      if (isWanted) {
        for (const frame of this.#decode(this.#packet)) {
          base ??= frame.bestEffortTimestamp;
          place ??= placeOf(base);
          if (isThere) yield { frame, ticks: frame.bestEffortTimestamp - base };
        }
      }
      this.#packet.unref();
    }
    if (base === null || !isThere) return;
    for (const frame of this.#decode(null)) yield { frame, ticks: frame.bestEffortTimestamp - base };
  }

  /** Frees the native parts. */
  free(): void {
    this.#packet.free();
    this.#frame.free();
    this.#decoder.freeContext();
  }

  /** Reads the next packet of the stream; false at the end. */
  #next(): boolean {
    const { format, source } = this.#audio;
    for (;;) {
      const read = format.readFrameSync(this.#packet);
      if (read === AVERROR_EIO) throw unreadable(source.path);
      if (read < 0) {
        if (read !== AVERROR_EOF) this.counts.endsDamaged = true;
        return false;
      }
      if (this.#packet.streamIndex === this.#index) return true;
      this.#packet.unref();
    }
  }

  *#decode(packet: Packet | null): Generator<Frame, void> {
    const sent = this.#decoder.sendPacketSync(packet);
    let isDamaged = sent < 0 && packet !== null;
    for (;;) {
      const received = this.#decoder.receiveFrameSync(this.#frame);
      if (received < 0) {
        isDamaged ||= !isWaiting(received);
        break;
      }
      this.counts.frames++;
      yield this.#frame;
      this.#frame.unref();
    }
    if (isDamaged) this.counts.damaged++;
    if (packet !== null) this.counts.endsDamaged = isDamaged;
  }
}

/** The decoder asks for more input, or has said everything. */
function isWaiting(code: number): boolean {
  return code === AVERROR_EOF || code === AVERROR_EAGAIN;
}
