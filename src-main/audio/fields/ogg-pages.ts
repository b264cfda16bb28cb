/** @file Pages of Ogg streams (RFC 3533): a header with a checksum and lengths of segments, then the segments. */
import { AppError } from '../../base/index.ts';
import type { ReadAt } from '../protection.ts';

/** One page: its place in the file, and what its header says. */
export type OggPage = PageParts & { start: number; end: number };

/** What is written in a page. `granule`: the stream's own clock after the last packet that ends in it; -1 where none does. */
export type PageParts = { flags: number; granule: bigint; serial: number; sequence: number; lacing: Buffer; content: Buffer };

/** Segments that lie on a page behind others. */
export type PageTail = Pick<PageParts, 'flags' | 'granule' | 'lacing' | 'content'>;

/** Flags of a page: its first packet began on the page before; it is the stream's first. */
export const pageFlags = { continued: 1, first: 2 } as const;

/** Segments of a page at most; a packet ends with one that is shorter than 255 bytes. */
const mostSegments = 255;

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
  const granule = head.readBigInt64LE(places.granule);
  const flags = head[places.flags] ?? 0;
  return { start, end: contentStart + length, flags, granule, serial, sequence, lacing: Buffer.from(lacing), content };
}

/** Bytes of a page. */
function pageBytes({ flags, granule, serial, sequence, lacing, content }: PageParts): Buffer {
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

/**
 * Cuts packets into pages, the first of them numbered `sequence`. Each page is filled as far as it goes.
 * @param tail goes on the last page where there is room, else on one of its own
 */
export function paginate(
  packets: readonly Buffer[],
  { serial, sequence, tail }: { serial: number; sequence: number; tail: PageTail | null },
): Buffer[] {
  const segments = packets.flatMap((packet) => {
    const whole = Math.floor(packet.length / 255);
    return Array.from({ length: whole + 1 }, (_, i) => ({ bytes: packet.subarray(i * 255, (i + 1) * 255), isLast: i === whole }));
  });
  const pages: PageParts[] = [];
  for (let at = 0; at < segments.length; at += mostSegments) {
    const chosen = segments.slice(at, at + mostSegments);
    const isContinued = at > 0 && segments[at - 1]?.isLast === false;
    pages.push({
      flags: isContinued ? pageFlags.continued : 0,
      granule: chosen.some(({ isLast }) => isLast) ? 0n : -1n,
      serial,
      sequence: sequence + pages.length,
      lacing: Buffer.from(chosen.map(({ bytes }) => bytes.length)),
      content: Buffer.concat(chosen.map(({ bytes }) => bytes)),
    });
  }
  if (tail !== null) addTail(pages, tail, { serial, sequence: sequence + pages.length });
  return pages.map(pageBytes);
}

function addTail(pages: PageParts[], { flags, granule, lacing, content }: PageTail, place: { serial: number; sequence: number }): void {
  const last = pages.at(-1);
  if (last !== undefined && last.lacing.length + lacing.length <= mostSegments) {
    const [allLacing, allContent] = [Buffer.concat([last.lacing, lacing]), Buffer.concat([last.content, content])];
    pages[pages.length - 1] = { ...last, flags: last.flags | flags, granule, lacing: allLacing, content: allContent };
  } else pages.push({ ...place, flags, granule: lacing.some((bytes) => bytes < 255) ? granule : -1n, lacing, content });
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
