/** @file What a file holds, told without decoding it, and the fingerprint by which a moved or retagged file is known again. */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { avGetCodecName, Packet } from 'node-av/lib';
import { AV_NOPTS_VALUE, AVERROR_EIO } from 'node-av/constants';
import { AppError, toAppError } from '../base/index.ts';
import { openAudio, unreadable } from './open-audio.ts';
import type { OpenAudio } from './open-audio.ts';

/** What {@link probeAudio} finds. */
export type AudioProbe = {
  /** `mp3`, `flac`, `ogg`, `mp4`, `wav`, `aiff`, `asf`, …; found in the bytes, not in the name. */
  container: string;
  /** FFmpeg's name: `mp3`, `flac`, `vorbis`, `opus`, `aac`, `alac`, `pcm_s16le`, `wmav2`, … */
  codec: string;
  /** Hertz. */
  sampleRate: number;
  channels: number;
  /** Bits a second, the audio's own without tags and pictures. */
  bitRate: number;
  /** Length by the packets that are really there. */
  durationMs: number;
  /** Length that the header tells; null where it tells none. */
  declaredDurationMs: number | null;
  /** 160 bits in hex over the coded audio alone: tags, pictures, headers, name and place do not change it. */
  audioHash: string;
};

/** Hex digits of the hash that are kept. */
const hashDigits = 40;

/**
 * Reads a file through once without decoding it.
 * @param path stored form (see `toStoredPath`)
 * @throws AppError as {@link openAudio}; DECODE_FAILED when there is not one packet of sound
 */
export function probeAudio(path: string): AudioProbe {
  const audio = openAudio(path);
  try {
    const { container, parameters, declaredDurationMs } = audio;
    const { sampleRate, channels } = parameters;
    const codec = avGetCodecName(parameters.codecId) ?? 'unknown';
    const packets = readPackets(audio, createHash('sha256').update(`${codec} ${sampleRate} ${channels}\n`));
    if (packets.bytes === 0)
      throw new AppError('DECODE_FAILED', `${path} holds no sound: its audio stream is empty.`, { details: { path } });
    const durationMs = lengthMs(packets.durationMs, declaredDurationMs);
    const bitRate = durationMs > 0 ? Math.round((packets.bytes * 8000) / durationMs) : 0;
    return { container, codec, sampleRate, channels, bitRate, durationMs, declaredDurationMs, audioHash: packets.hash };
  } catch (error) {
    throw toAppError(error, `read ${path}`);
  } finally {
    audio.close();
  }
}

/** Packets may hold a little more than is played (encoder padding), which the header knows. */
function lengthMs(packetsMs: number, declaredMs: number | null): number {
  const paddingMs = 250;
  const isDeclared = declaredMs !== null && packetsMs >= declaredMs && packetsMs - declaredMs < paddingMs;
  return Math.round(isDeclared ? declaredMs : packetsMs);
}

type Packets = { bytes: number; durationMs: number; hash: string };

function readPackets({ format, stream, source }: OpenAudio, hash: Hash): Packets {
  const gathered = new GatheredHash(hash);
  const packet = new Packet();
  packet.alloc();
  const index = stream.index;
  let [bytes, first, end, summed] = [0, AV_NOPTS_VALUE, AV_NOPTS_VALUE, 0n];
  try {
    for (;;) {
      const read = format.readFrameSync(packet);
      if (read === AVERROR_EIO) throw unreadable(source.path);
      // A file that is cut off inside a packet ends here too; decoding it tells that it is.
      if (read < 0) break;
      const data = packet.streamIndex === index ? packet.data : null;
      if (data !== null) {
        bytes += data.length;
        gathered.update(data);
        const { pts, duration } = packet;
        summed += duration;
        if (pts !== AV_NOPTS_VALUE) {
          if (first === AV_NOPTS_VALUE) first = pts;
          if (pts + duration > end) end = pts + duration;
        }
      }
      packet.unref();
    }
  } finally {
    packet.free();
  }
  const ticks = first === AV_NOPTS_VALUE || end - first < summed / 2n ? summed : end - first;
  const { num, den } = stream.timeBase;
  return { bytes, durationMs: (Number(ticks) * num * 1000) / den, hash: gathered.digest() };
}

/** Packets are small; they are put together before they are hashed, which is several times faster. */
class GatheredHash {
  readonly #hash: Hash;
  readonly #gathered = Buffer.allocUnsafe(1 << 18);
  #filled = 0;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  update(data: Buffer): void {
    if (this.#filled + data.length > this.#gathered.length) this.#flush();
    if (data.length > this.#gathered.length) this.#hash.update(data);
    else this.#filled += data.copy(this.#gathered, this.#filled);
  }

  digest(): string {
    this.#flush();
    return this.#hash.digest('hex').slice(0, hashDigits);
  }

  #flush(): void {
    this.#hash.update(this.#gathered.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
