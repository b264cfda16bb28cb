/** @file Packets to frames: the decoder's loop, which goes on past damaged packets and counts them. */
import { Codec, CodecContext, FFmpegError, Frame } from 'node-av/lib';
import type { Packet } from 'node-av/lib';
import { AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { AppError, defined } from '../base/index.ts';
import type { OpenAudio } from './open-audio.ts';
import { PacketReader } from './packets.ts';

/** What reading to the end found. */
export type FrameCounts = {
  /** Frames that came out. */
  frames: number;
  /** Packets that the decoder refused. */
  damaged: number;
  /** True when the last packet was refused, or the file ended inside one. */
  endsDamaged: boolean;
};

/** A frame and its distance from the stream's first one. */
export type PlacedFrame = { frame: Frame; ticks: bigint };

/** Where a part's packets begin, and where those of the next part will, in ticks from the stream's first frame. */
export type PartPlace = { from: bigint; next: bigint };

/** Decodes one file's audio stream; `free` it, then close the file. */
export class FrameReader {
  readonly counts: FrameCounts = { frames: 0, damaged: 0, endsDamaged: false };
  readonly #audio: OpenAudio;
  readonly #packets: PacketReader;
  readonly #frame = new Frame();
  readonly #opening: Packet[] = [];
  #decoder = new CodecContext();
  /** Packets that come before those that the demuxer gives, and copies of those that the next part begins with. */
  #waiting: Packet[] = [];
  #forNext: Packet[] = [];
  #base: bigint | null = null;

  /** @throws AppError DECODE_FAILED when there is no decoder for the stream */
  constructor(audio: OpenAudio) {
    this.#audio = audio;
    this.#packets = new PacketReader(audio);
    this.#frame.alloc();
    try {
      this.#openDecoder();
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** How far the packets reach that were read so far, in ticks from the stream's first frame. */
  get endTicks(): bigint {
    return this.#packets.clock - (this.#base ?? 0n);
  }

  /** Every frame in order. The same frame object is filled again and again. */
  *read(): Generator<Frame, void> {
    while (this.#next()) {
      yield* this.#decode(this.#packets.packet);
      this.#packets.packet.unref();
    }
    yield* this.#decode(null);
  }

  /**
   * Frames from a place on, decoded by a decoder that begins there: it has seen the stream's first packets, as every decoder has, and no others.
   * Packets up to there are read and not decoded, which is quick and, unlike the demuxer's seeking, exact in every format. Parts are read in order.
   */
  *readPart({ from, next }: PartPlace): Generator<PlacedFrame, void> {
    const base = this.#findBase();
    if (base === null) return;
    this.#beginAnew(from > 0n);
    for (let packet = this.#take(); packet !== null; packet = this.#take()) {
      const end = packet.pts + packet.duration - base;
      try {
        if (end < from) continue;
        if (end >= next) this.#forNext.push(copyOf(packet));
        for (const frame of this.#decode(packet)) yield { frame, ticks: frame.bestEffortTimestamp - base };
      } finally {
        if (packet === this.#packets.packet) packet.unref();
        else packet.free();
      }
    }
    for (const frame of this.#decode(null)) yield { frame, ticks: frame.bestEffortTimestamp - base };
  }

  /** Frees the native parts. */
  free(): void {
    for (const packet of [...this.#opening, ...this.#waiting, ...this.#forNext]) packet.free();
    this.#packets.free();
    this.#frame.free();
    this.#decoder.freeContext();
  }

  #openDecoder(): void {
    const { parameters, stream, source } = this.#audio;
    const codec = Codec.findDecoder(parameters.codecId);
    this.#decoder.allocContext3(codec);
    parameters.toContext(this.#decoder);
    this.#decoder.pktTimebase = stream.timeBase;
    this.#decoder.threadCount = 1;
    const opened = codec === null ? -1 : this.#decoder.open2Sync(codec, null);
    if (opened >= 0) return;
    throw new AppError('DECODE_FAILED', `${source.path} could not be decoded: no decoder takes its sound.`, {
      details: { path: source.path, decoder: FFmpegError.strerror(opened) },
    });
  }

  /** Time of the first frame, which is where the file begins, after the padding that the encoder put before it. Null when there is no frame. */
  #findBase(): bigint | null {
    while (this.#base === null && this.#next()) {
      this.#opening.push(copyOf(this.#packets.packet));
      this.#waiting.push(copyOf(this.#packets.packet));
      for (const frame of this.#decode(this.#packets.packet)) this.#base ??= frame.bestEffortTimestamp;
      this.#packets.packet.unref();
    }
    if (this.#base === null) for (const frame of this.#decode(null)) this.#base ??= frame.bestEffortTimestamp;
    return this.#base;
  }

  /** A decoder that has decoded nothing, or only what the stream begins with. */
  #beginAnew(isInside: boolean): void {
    this.#waiting = [...this.#forNext, ...this.#waiting];
    this.#forNext = [];
    this.#decoder.freeContext();
    this.#decoder = new CodecContext();
    this.#openDecoder();
    if (!isInside) return;
    for (const packet of this.#opening) for (const frame of this.#decode(packet)) frame.unref();
    this.#decoder.flushBuffers();
  }

  #take(): Packet | null {
    return this.#waiting.shift() ?? (this.#next() ? this.#packets.packet : null);
  }

  #next(): boolean {
    const isThere = this.#packets.next();
    if (this.#packets.endsDamaged) this.counts.endsDamaged = true;
    return isThere;
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

/** The decoder asks for more input, or has given all its frames. */
function isWaiting(code: number): boolean {
  return code === AVERROR_EOF || code === AVERROR_EAGAIN;
}

function copyOf(packet: Packet): Packet {
  return defined(packet.clone(), 'memory for a packet');
}
