/** @file What a file holds, told without decoding it, and the fingerprint by which a moved or retagged file is known again. */
import { createHash } from 'node:crypto';
import { avGetCodecName } from 'node-av/lib';
import { AppError, defined, toAppError } from '../base/index.ts';
import type { ByteSpan } from './ogg-links.ts';
import { linksOf, openAudio } from './open-audio.ts';
import type { OpenAudio } from './open-audio.ts';
import { PacketReader } from './packets.ts';
import { hasParts } from './parts.ts';

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
  /** False where a browser's player may look for a place elsewhere than it is; such files are played as a copy. */
  seeksExactly: boolean;
};

/** Hex digits of the hash that are kept. */
const hashDigits = 40;

/** Encoders pad by less than this. */
const paddingMs = 250;

/**
 * Reads a file through once without decoding it. Of a chained file, rate and channels are those of its first link, and everything else is of all.
 * @param path stored form (see `toStoredPath`)
 * @throws AppError as {@link openAudio}; DECODE_FAILED when there is not one packet of sound
 */
export function probeAudio(path: string): AudioProbe {
  try {
    const hash = new GatheredHash();
    const found = linksOf(path).links.flatMap((link, i) => probeLink(path, link, { hash, isFirst: i === 0 }));
    const first = defined(found[0], 'the first link');
    const bytes = sumOf(found, (link) => link.bytes);
    if (bytes === 0) throw new AppError('DECODE_FAILED', `${path} holds no sound: its audio stream is empty.`, { details: { path } });
    const durationMs = Math.round(sumOf(found, (link) => link.durationMs));
    const { container, codec, sampleRate, channels } = first;
    return {
      ...{ container, codec, sampleRate, channels, durationMs },
      bitRate: durationMs > 0 ? Math.round((bytes * 8000) / durationMs) : 0,
      declaredDurationMs: found.every((link) => link.declaredMs !== null) ? sumOf(found, (link) => link.declaredMs ?? 0) : null,
      audioHash: hash.digest(),
      seeksExactly: found.length === 1 && first.seeksExactly,
    };
  } catch (error) {
    throw toAppError(error, `read ${path}`);
  }
}

type ProbedLink = MeasuredLink & { container: string; codec: string; sampleRate: number; channels: number; declaredMs: number | null };

/** What a link holds; nothing where a later one cannot be opened. */
function probeLink(path: string, link: ByteSpan | null, { hash, isFirst }: { hash: GatheredHash; isFirst: boolean }): ProbedLink[] {
  let audio: OpenAudio;
  try {
    audio = openAudio(path, link);
  } catch (error) {
    if (isFirst) throw error;
    return [];
  }
  try {
    const { container, parameters, declaredDurationMs: declaredMs } = audio;
    const { sampleRate, channels } = parameters;
    const codec = avGetCodecName(parameters.codecId) ?? 'unknown';
    hash.say(`${codec} ${sampleRate} ${channels}\n`);
    const measured = measureLink(audio, (data) => hash.update(data));
    return [{ ...measured, container, codec, sampleRate, channels, declaredMs }];
  } finally {
    audio.close();
  }
}

function sumOf<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0);
}

/** What the packets of a link come to. */
export type MeasuredLink = { bytes: number; durationMs: number; seeksExactly: boolean };

/**
 * Reads the packets of an open link.
 * @param take gets what is in each
 */
export function measureLink(audio: OpenAudio, take: (data: Buffer) => void = () => undefined): MeasuredLink {
  const reader = new PacketReader(audio);
  let [bytes, least, most] = [0, Infinity, 0];
  try {
    // A file that is cut off inside a packet ends here too; decoding it tells that it is.
    while (reader.next()) {
      const { data } = reader.packet;
      if (data !== null) {
        bytes += data.length;
        // Some encoders make the first frame, or the last, another.
        if (bytes > data.length) [least, most] = [Math.min(least, data.length), Math.max(most, data.length)];
        take(data);
      }
      reader.packet.unref();
    }
    const durationMs = lengthMs(packetsMs(audio, reader), audio.declaredDurationMs);
    return { bytes, durationMs, seeksExactly: seeksExactly(audio, { reader, durationMs, isConstant: most - least <= mostPadding }) };
  } finally {
    reader.free();
  }
}

/** Frames of a constant bit rate differ by a slot of padding. */
const mostPadding = 4;

/** By samples, where packets tell how many they hold; else by their time stamps, if those make sense. */
function packetsMs(audio: OpenAudio, { clock, stamps: { first, end } }: PacketReader): number {
  const { num, den } = audio.stream.timeBase;
  const span = first === null || end === null ? 0n : end - first;
  const isSpanSound = span >= clock / 2n && span <= clock * 2n;
  return (Number(hasParts(audio) || !isSpanSound ? clock : span) * num * 1000) / den;
}

/** Packets may hold a little more than is played (encoder padding), or the first one less than it says, which the header knows. */
function lengthMs(packets: number, declaredMs: number | null): number {
  return declaredMs !== null && Math.abs(packets - declaredMs) < paddingMs ? declaredMs : packets;
}

type Seeking = { reader: PacketReader; durationMs: number; isConstant: boolean };

/**
 * Whether a player that seeks by the container finds the place that counting samples finds: raw AAC has no index at all, MP3 without a header is
 * taken to have a constant bit rate, samples are taken for narrower ones than they are, and stamps that begin late or jump are taken for silence, or for the length.
 */
function seeksExactly(
  { container, declaredDurationMs, stream, frameBytes }: OpenAudio,
  { reader: { stamps, clock }, durationMs, isConstant }: Seeking,
): boolean {
  if (container === 'aac' || frameBytes !== null) return false;
  if (container === 'mp3' && declaredDurationMs === null && !isConstant) return false;
  if (declaredDurationMs !== null && Math.abs(declaredDurationMs - durationMs) > paddingMs) return false;
  const { first, end } = stamps;
  if (first === null || end === null) return true;
  const ms = (ticks: bigint): number => (Number(ticks) * stream.timeBase.num * 1000) / stream.timeBase.den;
  return ms(first) < paddingMs && Math.abs(ms(end - first) - ms(clock)) < paddingMs + driftShare * ms(clock);
}

/** Stamps in whole milliseconds add up to a little less or more. */
const driftShare = 0.05;

/** Packets are small; they are put together before they are hashed, which is several times faster. */
class GatheredHash {
  readonly #hash = createHash('sha256');
  #said = '';
  readonly #gathered = Buffer.allocUnsafe(1 << 18);
  #filled = 0;

  /** Adds a heading for the packets that follow to what is hashed, where it differs from the last one. */
  say(text: string): void {
    if (text === this.#said) return;
    this.#flush();
    this.#hash.update(text);
    this.#said = text;
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
