/**
 * @file The links of a chained Ogg file: logical streams one after the other, as web radio is recorded (RFC 3533, section 4). Each has a clock, a
 * rate and channels of its own. FFmpeg's demuxer takes such a file for one stream whose clock jumps, so every link is opened as a file of its own.
 */
import type { ReadAt } from './protection.ts';

/** Bytes `[start, end)` of a file. */
export type ByteSpan = { start: number; end: number };

/** What a walk over the pages found. `end`: where the last whole page ends, before the file does where something else follows. */
export type OggChain = { links: ByteSpan[]; end: number };

const windowBytes = 1 << 18;
const headerBytes = 27;
/** The longest page. */
const longestPage = 65_307;
const firstOfStream = 2;

/**
 * Walks over the pages of an Ogg file.
 * @param readAt reads the file's bytes
 * @param fileBytes the file's length
 * @returns null for a file of another kind
 */
export function oggChain(readAt: ReadAt, fileBytes: number): OggChain | null {
  const pages = new PageWalk(readAt, fileBytes);
  const first = pages.at(0);
  if (first === null) return null;
  const starts = [0];
  let [hasSound, end] = [false, 0];
  for (let at = 0; at < fileBytes;) {
    const page = pages.at(at) ?? pages.next(at + 1);
    if (page === null) break;
    // All streams of a link begin before any of them goes on.
    if (page.isFirst && hasSound) starts.push(page.start);
    hasSound = !page.isFirst;
    at = end = page.end;
  }
  return { links: starts.map((start, i) => ({ start, end: starts[i + 1] ?? fileBytes })), end };
}

type Page = { start: number; end: number; isFirst: boolean };

/** Pages, read through a window on the file. */
class PageWalk {
  readonly #readAt: ReadAt;
  readonly #fileBytes: number;
  #window = Buffer.alloc(0);
  #windowStart = 0;

  constructor(readAt: ReadAt, fileBytes: number) {
    this.#readAt = readAt;
    this.#fileBytes = fileBytes;
  }

  /** The page that begins at a place; null where none does, or where it is not whole. */
  at(start: number): Page | null {
    const header = this.#bytes(start, headerBytes);
    if (header.length < headerBytes || header.toString('latin1', 0, 4) !== 'OggS' || header[4] !== 0) return null;
    const isFirst = ((header[5] ?? 0) & firstOfStream) !== 0;
    const segments = header[26] ?? 0;
    const lacing = this.#bytes(start + headerBytes, segments);
    const end = start + headerBytes + segments + lacing.reduce((sum, bytes) => sum + bytes, 0);
    return lacing.length < segments || end > this.#fileBytes ? null : { start, end, isFirst };
  }

  /** The next page behind bytes that are none. */
  next(from: number): Page | null {
    for (let at = from; at < this.#fileBytes;) {
      const window = this.#bytes(at, longestPage);
      const found = window.indexOf('OggS');
      if (found >= 0) {
        const page = this.at(at + found);
        if (page !== null) return page;
        at += found + 4;
      } else at += Math.max(1, window.length - 3);
    }
    return null;
  }

  #bytes(start: number, length: number): Buffer {
    const inside = start - this.#windowStart;
    if (inside < 0 || inside + length > this.#window.length) {
      this.#window = Buffer.from(this.#readAt(start, Math.max(length, windowBytes)));
      this.#windowStart = start;
    }
    return this.#window.subarray(start - this.#windowStart, start - this.#windowStart + length);
  }
}
