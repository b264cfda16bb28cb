/** @file Pages of Ogg streams (RFC 3533): a header with a checksum and lengths of segments, then the segments. */
import { AppError } from '../../base/index.ts';
import type { ReadAt } from '../protection.ts';

/** One page: its place in the file, and what its header says. */
export type OggPage = { start: number; end: number; flags: number; serial: number; sequence: number; lacing: Buffer; content: Buffer };

/** Flags of a page: its first packet began on the page before; it is the stream's first. */
export const pageFlags = { continued: 1, first: 2 } as const;

const fixedBytes = 27;
const places = { flags: 5, granule: 6, serial: 14, sequence: 18, checksum: 22, segments: 26 } as const;

/** Reads the page at a place. @throws AppError BAD_INPUT where none is */
export function readPage(readAt: ReadAt, start: number): OggPage {
  const head = Buffer.from(readAt(start, fixedBytes + 255));
  if (head.length < fixedBytes || head.toString('latin1', 0, 4) !== 'OggS')
    throw new AppError('BAD_INPUT', 'its pages are damaged. Repair the file first.');
  const lacing = head.subarray(fixedBytes, fixedBytes + (head[places.segments] ?? 0));
  const length = lacing.reduce((sum, bytes) => sum + bytes, 0);
  const contentStart = start + fixedBytes + lacing.length;
  const content = Buffer.from(readAt(contentStart, length));
  if (content.length < length) throw new AppError('BAD_INPUT', 'it is cut off within a page.');
  const serial = head.readUInt32LE(places.serial);
  const sequence = head.readUInt32LE(places.sequence);
  return { start, end: contentStart + length, flags: head[places.flags] ?? 0, serial, sequence, lacing: Buffer.from(lacing), content };
}

/** Bytes of a page. `granule`: the stream's own clock; -1 where no packet ends. */
export function pageBytes({ flags, serial, sequence, lacing, content }: Omit<OggPage, 'start' | 'end'>, granule: bigint): Buffer {
  const head = Buffer.alloc(fixedBytes);
  head.write('OggS', 0, 'latin1');
  head[places.flags] = flags;
  head.writeBigInt64LE(granule, places.granule);
  head.writeUInt32LE(serial, places.serial);
  head.writeUInt32LE(sequence, places.sequence);
  head[places.segments] = lacing.length;
  return withChecksum(Buffer.concat([head, lacing, content]));
}

/** The same page under another number; `bytes` are changed in place. */
export function renumber(bytes: Buffer, sequence: number): Buffer {
  bytes.writeUInt32LE(sequence, places.sequence);
  return withChecksum(bytes);
}

/** Cuts packets into pages, the first of them numbered `sequence`. Each page is filled as far as it goes. */
export function paginate(packets: readonly Buffer[], { serial, sequence }: { serial: number; sequence: number }): Buffer[] {
  const segments = packets.flatMap((packet) => {
    const whole = Math.floor(packet.length / 255);
    return Array.from({ length: whole + 1 }, (_, i) => ({ bytes: packet.subarray(i * 255, (i + 1) * 255), isLast: i === whole }));
  });
  const pages: Buffer[] = [];
  for (let at = 0; at < segments.length; at += 255) {
    const chosen = segments.slice(at, at + 255);
    const isContinued = at > 0 && segments[at - 1]?.isLast === false;
    const page = {
      flags: isContinued ? pageFlags.continued : 0,
      serial,
      sequence: sequence + pages.length,
      lacing: Buffer.from(chosen.map(({ bytes }) => bytes.length)),
      content: Buffer.concat(chosen.map(({ bytes }) => bytes)),
    };
    pages.push(pageBytes(page, chosen.some(({ isLast }) => isLast) ? 0n : -1n));
  }
  return pages;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  return value;
});

/** RFC 3533, section 6: a cyclic redundancy check over the page with zeros in the checksum's place. */
function withChecksum(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(0, places.checksum);
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum = (sum << 8) ^ (table[((sum >>> 24) ^ (bytes[at] ?? 0)) & 255] ?? 0);
  bytes.writeUInt32LE(sum >>> 0, places.checksum);
  return bytes;
}
