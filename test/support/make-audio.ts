/** @file Small sound files for tests, made with FFmpeg's encoders, or byte by byte where a file must be odd. */
import { writeFileSync } from 'node:fs';
import { avChannelLayoutDefault, Codec, CodecContext, FFmpegError, FormatContext, Frame, Packet, Rational } from 'node-av/lib';
import type { Stream } from 'node-av/lib';
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AV_SAMPLE_FMT_S16P,
  AV_SAMPLE_FMT_S32,
} from 'node-av/constants';
import type { AVSampleFormat, FFEncoderCodec } from 'node-av/constants';

/** A sound: the value of channel `channel` at `seconds`, -1 to 1. */
export type Sound = (seconds: number, channel: number) => number;

/** What a file of a kind is made of. */
export type Kind = {
  extension: string;
  muxer: string;
  encoder: string;
  sampleFormat: AVSampleFormat;
  sampleRate: number;
  isLossy: boolean;
};

const lossless = { sampleRate: 44_100, isLossy: false };
const lossy = { sampleRate: 44_100, isLossy: true };

/** Every kind of file that the tests go through. */
export const kinds = {
  mp3: { extension: 'mp3', muxer: 'mp3', encoder: 'libmp3lame', sampleFormat: AV_SAMPLE_FMT_FLTP, ...lossy },
  flac: { extension: 'flac', muxer: 'flac', encoder: 'flac', sampleFormat: AV_SAMPLE_FMT_S16, ...lossless },
  ogg: { extension: 'ogg', muxer: 'ogg', encoder: 'libvorbis', sampleFormat: AV_SAMPLE_FMT_FLTP, ...lossy },
  opus: { extension: 'opus', muxer: 'opus', encoder: 'libopus', sampleFormat: AV_SAMPLE_FMT_FLT, ...lossy, sampleRate: 48_000 },
  m4a: { extension: 'm4a', muxer: 'ipod', encoder: 'aac', sampleFormat: AV_SAMPLE_FMT_FLTP, ...lossy },
  alac: { extension: 'm4a', muxer: 'ipod', encoder: 'alac', sampleFormat: AV_SAMPLE_FMT_S16P, ...lossless },
  adts: { extension: 'aac', muxer: 'adts', encoder: 'aac', sampleFormat: AV_SAMPLE_FMT_FLTP, ...lossy },
  wav: { extension: 'wav', muxer: 'wav', encoder: 'pcm_s16le', sampleFormat: AV_SAMPLE_FMT_S16, ...lossless },
  aiff: { extension: 'aiff', muxer: 'aiff', encoder: 'pcm_s16be', sampleFormat: AV_SAMPLE_FMT_S16, ...lossless },
  floatWav: { extension: 'wav', muxer: 'wav', encoder: 'pcm_f32le', sampleFormat: AV_SAMPLE_FMT_FLT, ...lossless },
  deepFlac: { extension: 'flac', muxer: 'flac', encoder: 'flac', sampleFormat: AV_SAMPLE_FMT_S32, ...lossless },
  wma: { extension: 'wma', muxer: 'asf', encoder: 'wmav2', sampleFormat: AV_SAMPLE_FMT_FLTP, ...lossy },
  wavpack: { extension: 'wv', muxer: 'wv', encoder: 'wavpack', sampleFormat: AV_SAMPLE_FMT_S16P, ...lossless },
} satisfies Record<string, Kind>;

/** A name in {@link kinds}. */
export type KindName = keyof typeof kinds;

/** What a file is to hold. */
export type AudioSpec = { kind: KindName; seconds: number; sound: Sound; sampleRate?: number; channels?: number; bitRate?: number };

/**
 * Writes a sound file.
 * @param path where, with whatever name
 */
export function makeAudio(path: string, spec: AudioSpec): void {
  const kind: Kind = kinds[spec.kind];
  const { channels = 2, sampleRate = kind.sampleRate, seconds, sound } = spec;
  const writer = new TestFileWriter(path, kind, { channels, sampleRate, bitRate: spec.bitRate ?? 192_000 });
  const total = Math.round(seconds * sampleRate);
  for (let start = 0; start < total; start += writer.frameSamples) {
    const count = Math.min(writer.frameSamples, total - start);
    const planes = Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: count }, (__, i) => sound((start + i) / sampleRate, channel)),
    );
    writer.write(planes, start);
  }
  writer.finish();
}

class TestFileWriter {
  readonly frameSamples: number;
  readonly #format = new FormatContext();
  readonly #encoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #stream: Stream;
  readonly #kind: Kind;

  constructor(path: string, kind: Kind, { channels, sampleRate, bitRate }: { channels: number; sampleRate: number; bitRate: number }) {
    this.#kind = kind;
    const codec = Codec.findEncoderByName(kind.encoder as FFEncoderCodec);
    check(codec === null ? -1 : 0, `find ${kind.encoder}`);
    check(this.#format.allocOutputContext2(null, kind.muxer, path), 'make a muxer');
    this.#encoder.allocContext3(codec);
    this.#encoder.sampleRate = sampleRate;
    this.#encoder.sampleFormat = kind.sampleFormat;
    this.#encoder.channelLayout = avChannelLayoutDefault(channels);
    this.#encoder.timeBase = new Rational(1, sampleRate);
    this.#encoder.bitRate = BigInt(bitRate);
    this.#encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    check(this.#encoder.open2Sync(codec, null), `open ${kind.encoder}`);
    this.frameSamples = this.#encoder.frameSize > 0 ? this.#encoder.frameSize : 4096;
    this.#stream = this.#format.newStream(codec);
    this.#stream.codecpar.fromContext(this.#encoder);
    this.#stream.timeBase = this.#encoder.timeBase;
    check(this.#format.openOutputSync(), `open ${path}`);
    check(this.#format.writeHeaderSync(null), 'write the header');
    this.#packet.alloc();
  }

  write(planes: Float32Array[], start: number): void {
    // WMA takes whole frames only.
    const padded = this.#kind.encoder === 'wmav2' ? planes.map((plane) => padTo(plane, this.frameSamples)) : planes;
    const frame = Frame.fromAudioBuffer(samplesAs(this.#kind.sampleFormat, padded), {
      nbSamples: padded[0]?.length ?? 0,
      format: this.#kind.sampleFormat,
      sampleRate: this.#encoder.sampleRate,
      channelLayout: this.#encoder.channelLayout,
      timeBase: { num: 1, den: this.#encoder.sampleRate },
      pts: BigInt(start),
    });
    this.#encode(frame);
    frame.free();
  }

  finish(): void {
    this.#encode(null);
    check(this.#format.writeTrailerSync(), 'write the trailer');
    this.#packet.free();
    this.#encoder.freeContext();
    this.#format.closeOutputSync();
    this.#format.freeContext();
  }

  #encode(frame: Frame | null): void {
    check(this.#encoder.sendFrameSync(frame), 'encode');
    while (this.#encoder.receivePacketSync(this.#packet) >= 0) {
      this.#packet.streamIndex = this.#stream.index;
      this.#packet.rescaleTs(this.#encoder.timeBase, this.#stream.timeBase);
      check(this.#format.interleavedWriteFrameSync(this.#packet), 'write a packet');
      this.#packet.unref();
    }
  }
}

function check(code: number, doing: string): void {
  if (code < 0) throw new Error(`Could not ${doing}: ${FFmpegError.strerror(code)}`);
}

function padTo(plane: Float32Array, length: number): Float32Array {
  const padded = new Float32Array(length);
  padded.set(plane);
  return padded;
}

function samplesAs(format: AVSampleFormat, planes: Float32Array[]): Buffer {
  const isPlanar = format === AV_SAMPLE_FMT_FLTP || format === AV_SAMPLE_FMT_S16P;
  const values = isPlanar ? joined(planes) : interleaved(planes);
  if (format === AV_SAMPLE_FMT_FLT || format === AV_SAMPLE_FMT_FLTP) return Buffer.from(values.buffer);
  if (format === AV_SAMPLE_FMT_S32) return Buffer.from(Int32Array.from(values, (value) => Math.round(value * 8_388_607) * 256).buffer);
  return Buffer.from(Int16Array.from(values, (value) => Math.round(value * 32_767)).buffer);
}

function joined(planes: Float32Array[]): Float32Array<ArrayBuffer> {
  const values = new Float32Array(planes.reduce((sum, plane) => sum + plane.length, 0));
  let at = 0;
  for (const plane of planes) {
    values.set(plane, at);
    at += plane.length;
  }
  return values;
}

function interleaved(planes: Float32Array[]): Float32Array<ArrayBuffer> {
  const count = planes[0]?.length ?? 0;
  const values = new Float32Array(count * planes.length);
  planes.forEach((plane, channel) => {
    for (let i = 0; i < count; i++) values[i * planes.length + channel] = plane[i] ?? 0;
  });
  return values;
}

/** Sine of a frequency (hertz) in all channels. */
export function tone(frequency: number, amplitude = 0.5): Sound {
  return (seconds) => amplitude * Math.sin(2 * Math.PI * frequency * seconds);
}

/** Level of one frequency in samples: the amplitude of the sine that fits best, through a Kaiser-like window. */
export function amplitudeAt(samples: Float32Array, sampleRate: number, frequency: number): number {
  let [real, imaginary, total] = [0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const phase = (2 * Math.PI * i) / samples.length;
    // Blackman-Harris: side lobes 92 dB down.
    const window = 0.35875 - 0.48829 * Math.cos(phase) + 0.14128 * Math.cos(2 * phase) - 0.01168 * Math.cos(3 * phase);
    const angle = (2 * Math.PI * frequency * i) / sampleRate;
    real += window * (samples[i] ?? 0) * Math.cos(angle);
    imaginary += window * (samples[i] ?? 0) * Math.sin(angle);
    total += window;
  }
  return (2 * Math.hypot(real, imaginary)) / total;
}

/**
 * Writes a WAV file of 32-bit floats by hand, also with rates and channel counts that encoders refuse.
 * @param frames interleaved samples
 */
export function writeFloatWav(
  path: string | Buffer,
  frames: Float32Array,
  { sampleRate, channels }: { sampleRate: number; channels: number },
): void {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + frames.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * channels * 4, 28);
  header.writeUInt16LE(channels * 4, 32);
  header.writeUInt16LE(32, 34);
  header.write('data', 36);
  header.writeUInt32LE(frames.byteLength, 40);
  writeFileSync(path, Buffer.concat([header, Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength)]));
}
