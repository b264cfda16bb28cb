/** @file The packets of a file's audio stream, with the time of the sound before each. */
import { Packet } from 'node-av/lib';
import { AV_NOPTS_VALUE, AVERROR_EIO, AVERROR_EOF } from 'node-av/constants';
import { unreadable } from './open-audio.ts';
import type { OpenAudio } from './open-audio.ts';

/** What the stamps of a file say, in ticks; `first` and `end` null where packets have none. */
export type Stamps = { first: bigint | null; end: bigint | null };

/**
 * Reads packets one after the other. Time is counted from what they hold: stamps jump where packets are lost, begin anew, and may be missing.
 */
export class PacketReader {
  readonly packet = new Packet();
  readonly stamps: Stamps = { first: null, end: null };
  /** True when what comes is no end of the file but something that cannot be read. */
  endsDamaged = false;
  readonly #audio: OpenAudio;
  readonly #index: number;
  #clock = 0n;

  constructor(audio: OpenAudio) {
    this.#audio = audio;
    this.#index = audio.stream.index;
    this.packet.alloc();
  }

  /** Ticks of sound in the packets that were read. */
  get clock(): bigint {
    return this.#clock;
  }

  /** Reads the stream's next packet into `packet`, which is to be unreferenced afterwards; false at the end. @throws AppError FILE_UNREADABLE */
  next(): boolean {
    const { format, source } = this.#audio;
    for (;;) {
      const read = format.readFrameSync(this.packet);
      if (read === AVERROR_EIO) throw unreadable(source.path);
      if (read < 0) {
        if (read !== AVERROR_EOF) this.endsDamaged = true;
        return false;
      }
      if (this.packet.streamIndex === this.#index) {
        this.#countTime();
        return true;
      }
      this.packet.unref();
    }
  }

  free(): void {
    this.packet.free();
  }

  #countTime(): void {
    const { pts } = this.packet;
    const duration = this.#durationOf();
    if (pts !== AV_NOPTS_VALUE) {
      this.stamps.first ??= pts;
      const end = pts + duration;
      if (this.stamps.end === null || end > this.stamps.end) this.stamps.end = end;
      // Without lengths of packets there is nothing but stamps.
      if (duration <= 0n && pts - this.stamps.first > this.#clock) this.#clock = pts - this.stamps.first;
    }
    this.packet.pts = this.#clock;
    this.packet.dts = this.#clock;
    if (duration <= 0n) return;
    this.packet.duration = duration;
    this.#clock += duration;
  }

  #durationOf(): bigint {
    const { frameBytes, stream, parameters } = this.#audio;
    if (frameBytes === null) return this.packet.duration;
    const { num, den } = stream.timeBase;
    return BigInt(Math.round((this.packet.size * den) / (frameBytes * num * parameters.sampleRate)));
  }
}
