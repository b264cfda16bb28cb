/** @file Sound of the seeded library: short WAV files of 8 bits, with chords that change, and covers in some of them. */
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { peaksPerSecond } from '../../../src-main/audio/about.ts';
import { noise } from './track-plan.ts';

/** Samples a second. */
export const seedSampleRate = 8000;

/** Chords a second. */
const chords = 4;

/** One period of a sine, looked up with six bits behind the point: a library of hours is written in a second. */
const tableSize = 4096;
const sine = Float32Array.from({ length: tableSize }, (_, i) => Math.sin((2 * Math.PI * i) / tableSize));
const sineAt = (phase: number): number => sine[(phase >> 6) & (tableSize - 1)] as number;

/** Writes the sound with a number. @param cover a picture to put into the file's tags; null for none @returns its outline, as scans of it find */
export function writeSeedAudio(
  path: string,
  { recording, seconds, cover }: { recording: number; seconds: number; cover: Buffer | null },
): Uint8Array {
  const samples = Buffer.alloc(seconds * seedSampleRate);
  const each = seedSampleRate / chords;
  for (let chord = 0; chord < seconds * chords; chord++) {
    const hertz = [0, 1, 2].map((voice) => 110 * 2 ** (Math.floor(noise(recording, 100 + chord * 3 + voice) * 36) / 12));
    const [a, b, c] = hertz.map((frequency) => Math.round((frequency / seedSampleRate) * tableSize * 64)) as [number, number, number];
    const level = 20 + 16 * noise(recording, 50 + chord);
    for (let i = 0; i < each; i++) {
      const fade = Math.min(1, i / 80, (each - i) / 80);
      samples[chord * each + i] = 128 + Math.round(level * fade * (sineAt(a * i) + sineAt(b * i) + sineAt(c * i)));
    }
  }
  const chunks = [wavChunk('fmt ', format()), wavChunk('data', samples)];
  if (cover !== null) chunks.push(wavChunk('id3 ', id3(cover)));
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  writeFileSync(path, Buffer.concat([Buffer.from('RIFF'), size, body]));
  return outlineOf(samples);
}

function outlineOf(samples: Buffer): Uint8Array {
  const each = seedSampleRate / peaksPerSecond;
  return Uint8Array.from({ length: samples.length / each }, (_, bin) =>
    samples.subarray(bin * each, (bin + 1) * each).reduce((most, value) => Math.max(most, Math.min(255, Math.abs(value - 128) * 2)), 0),
  );
}

function format(): Buffer {
  const chunk = Buffer.alloc(16);
  chunk.writeUInt16LE(1, 0);
  chunk.writeUInt16LE(1, 2);
  chunk.writeUInt32LE(seedSampleRate, 4);
  chunk.writeUInt32LE(seedSampleRate, 8);
  chunk.writeUInt16LE(1, 12);
  chunk.writeUInt16LE(8, 14);
  return chunk;
}

function wavChunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8, name, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/** A tag of ID3v2.3 that holds a picture alone (id3.org, section 4.15). */
function id3(picture: Buffer): Buffer {
  const frame = Buffer.concat([Buffer.from('\0image/png\0\u0003\0', 'latin1'), picture]);
  const frameHead = Buffer.alloc(10, 'APIC', 'latin1');
  frameHead.writeUInt32BE(frame.length, 4);
  frameHead.writeUInt16BE(0, 8);
  const length = frame.length + frameHead.length;
  // Sizes in a tag's head have seven bits a byte.
  const sevens = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
  return Buffer.concat([Buffer.from('ID3\u0003\0\0', 'latin1'), Buffer.from(sevens), frameHead, frame]);
}

/** A cover of two colours as PNG. */
export function seedCover(number: number): Buffer {
  const side = 48;
  const colour = (channel: number): number[] => [0, 1, 2].map((part) => 40 + Math.floor(noise(number, channel + part) * 170));
  const [back, front] = [colour(60), colour(70)];
  const rows = Array.from({ length: side }, (_, y) => [
    0,
    ...Array.from({ length: side }, (_, x) => ((x - 20) ** 2 + (y - 24) ** 2 < 200 ? front : back)).flat(),
  ]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', head),
    pngChunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([head, named, check]);
}
