/** @file Files whose clock or header tells another time than their samples do. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { probeAudio, readPicture, transcodeToFlac } from '../../../src-main/audio/index.ts';
import { decodeAll, largestDifference, makeFolder } from '../../support/decode-all.ts';
import { makeAudio, tone } from '../../support/make-audio.ts';
import type { KindName } from '../../support/make-audio.ts';

type Decoded = ReturnType<typeof decodeAll>;

const folder = makeFolder();
afterAll(folder.remove);
const sampleRate = 16_000;
const seconds = 3;

/** A second of one tone, then another, so that a place is known by its pitch. */
function made(name: string, kind: KindName): string {
  const path = folder.path(name);
  makeAudio(path, { kind, seconds, sound: (at, channel) => (at < 1 ? tone(440, 0.4) : tone(1000, 0.4))(at, channel) });
  return path;
}

/** The checksum of Ogg pages (RFC 3533, section 6). */
function oggChecksum(page: Buffer): number {
  let sum = 0;
  for (const byte of page) {
    sum = (sum ^ (byte << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x80000000) === 0 ? (sum << 1) >>> 0 : ((sum << 1) ^ 0x04c11db7) >>> 0;
  }
  return sum;
}

/** Moves the clock of an Ogg file, as a recording has it that begins in the middle of a stream. */
function beginLate(path: string, granules: bigint): void {
  const bytes = readFileSync(path);
  for (let at = bytes.indexOf('OggS'); at >= 0;) {
    const lacing = bytes.subarray(at + 27, at + 27 + bytes.readUInt8(at + 26));
    const end = at + 27 + lacing.length + lacing.reduce((sum, one) => sum + one, 0);
    const granule = bytes.readBigInt64LE(at + 6);
    // Pages of headers stand at 0; those on which no packet ends at -1.
    if (granule > 0n) bytes.writeBigInt64LE(granule + granules, at + 6);
    bytes.writeUInt32LE(0, at + 22);
    bytes.writeUInt32LE(oggChecksum(bytes.subarray(at, end)), at + 22);
    at = end < bytes.length ? end : -1;
  }
  writeFileSync(path, bytes);
}

describe('a stream that begins late', () => {
  it.each<[KindName, bigint]>([
    ['ogg', 44_100n * 20n],
    ['opus', 48_000n * 20n],
  ])('has its first sample at 0, its own length, and the same cuts as one that does not: %s', (kind, granules) => {
    const [usual, late] = [made(`usual.${kind}`, kind), made(`late.${kind}`, kind)];
    beginLate(late, granules);
    const [known, found] = [usual, late].map((path) => decodeAll(path, { sampleRate })) as [Decoded, Decoded];
    expect(Math.abs(found.samples.length - known.samples.length)).toBeLessThan(sampleRate * 0.02);
    expect(Math.abs(probeAudio(late).durationMs - seconds * 1000)).toBeLessThan(50);
    expect(found.summary.reason).toBeUndefined();
    for (const startMs of [0, 900, 2300]) {
      const cut = decodeAll(late, { sampleRate, startMs, endMs: startMs + 500, inParts: true }).samples;
      const whole = decodeAll(late, { sampleRate, inParts: true }).samples;
      const at = (startMs * sampleRate) / 1000;
      expect(largestDifference(cut, whole.slice(at, at + cut.length))).toBe(0);
    }
  });

  it.each<[KindName, bigint]>([
    ['ogg', 44_100n * 20n],
    ['opus', 48_000n * 20n],
  ])('is played from a copy with the one time line, since browsers go by the stamps: %s', (kind, granules) => {
    const late = made(`late for players.${kind}`, kind);
    expect(probeAudio(late).seeksExactly).toBe(true);
    beginLate(late, granules);
    expect(probeAudio(late).seeksExactly).toBe(false);
    const copy = folder.path(`copy of ${kind}.flac`);
    transcodeToFlac(late, copy);
    expect(Math.abs(probeAudio(copy).durationMs - probeAudio(late).durationMs)).toBeLessThan(50);
  });
});

/** A block of FLAC's metadata (RFC 9639, section 8). */
function flacBlock(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(((type << 24) | data.length) >>> 0);
  return Buffer.concat([head, data]);
}

/** A picture's block whose type of media is left out, or says nothing (section 8.8). */
function pictureBlock(mimeType: string, picture: Buffer): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const type = Buffer.from(mimeType);
  return flacBlock(6, Buffer.concat([number(3), number(type.length), type, ...[0, 1, 1, 24, 0, picture.length].map(number), picture]));
}

describe('a FLAC file with a cover of no type', () => {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

  it.each(['', 'image/', 'application/octet-stream'])(
    'has the same sound, length and cuts as without it, and shows the picture: “%s”',
    (mimeType) => {
      const plain = made('plain.flac', 'flac');
      const bytes = readFileSync(plain);
      // Behind STREAMINFO, which is 38 bytes long with its head and comes first.
      const covered = folder.path(`covered ${mimeType.replaceAll('/', ' ')}.flac`);
      writeFileSync(covered, Buffer.concat([bytes.subarray(0, 42), pictureBlock(mimeType, png), bytes.subarray(42)]));
      const [known, found] = [probeAudio(plain), probeAudio(covered)];
      expect(found).toMatchObject({ durationMs: known.durationMs, audioHash: known.audioHash, seeksExactly: known.seeksExactly });
      const cut = { sampleRate, startMs: 800, endMs: 1400 };
      expect(largestDifference(decodeAll(covered, cut).samples, decodeAll(plain, cut).samples)).toBe(0);
      expect(decodeAll(covered, { sampleRate }).summary).toMatchObject({
        truncated: false,
        damagedFrames: 0,
        samples: seconds * sampleRate,
      });
    },
  );

  it('shows its picture by what is in it', async () => {
    const plain = readFileSync(made('for the picture.flac', 'flac'));
    const covered = folder.path('picture without type.flac');
    writeFileSync(covered, Buffer.concat([plain.subarray(0, 42), pictureBlock('', png), plain.subarray(42)]));
    expect((await readPicture(covered))?.mimeType).toBe('image/png');
  });
});

describe('a length that a header declares', () => {
  it.each([0, 44_100 * 3600 * 298])('is corrected where the sound is another: a FLAC that says %i samples', (declared) => {
    const path = made(`declares ${declared}.flac`, 'flac');
    const bytes = readFileSync(path);
    // 36 bits behind rate, channels and width, from the lower half of byte 13 of STREAMINFO on.
    bytes.writeUInt8((bytes.readUInt8(21) & 0xf0) | Math.floor(declared / 2 ** 32), 21);
    bytes.writeUInt32BE(declared % 2 ** 32, 22);
    writeFileSync(path, bytes);
    expect(Math.abs(probeAudio(path).durationMs - seconds * 1000)).toBeLessThan(120);
    expect(decodeAll(path, { sampleRate }).summary.samples).toBe(seconds * sampleRate);
  });

  it.each(['size of a pipe', 'zero'])('is corrected where the sound is another: a WAV whose sizes are those of a %s', (name) => {
    const path = made(`${name}.wav`, 'wav');
    const bytes = readFileSync(path);
    const data = bytes.indexOf('data');
    const size = name === 'zero' ? 0 : 0xffffffff;
    bytes.writeUInt32LE(size, 4);
    bytes.writeUInt32LE(size, data + 4);
    writeFileSync(path, bytes);
    const { samples, summary } = decodeAll(path, { sampleRate });
    expect(summary.truncated).toBe(false);
    expect(samples.length).toBe(seconds * sampleRate);
    expect(Math.abs(probeAudio(path).durationMs - seconds * 1000)).toBeLessThan(50);
  });
});
