/**
 * @file Files beside an index that hold what was computed from it, one record a track: a header that says what they belong to, then records, each
 * with its own checksum. They are only added to. A record that was written half, or damaged, ends the file for its reader, who cuts it off there
 * and has the remainder computed again; a file with another header counts as none. So nothing needs to be flushed to disk (fsync) in any order.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Runs } from './runs.ts';

/** What a file belongs to. `width`: bytes of one segment's code, 0 where a record holds one vector. */
export type FileAbout = { indexId: number; dimensions: number; width: number };

/** How far a file is sound: its length up to there (0: not at all), and what its header carries. */
export type SoundPart = { validBytes: number; extra: Uint8Array; about: FileAbout | null };

const magic = 0x324e_4d45;
const headerBytes = 24;
const recordHeaderBytes = 24;
const blockBytes = 4 * 1024 * 1024;

/** The bytes that begin a file. `extra`: what all records share. */
export function encodeHeader({ indexId, dimensions, width }: FileAbout, extra: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = new Uint8Array(headerBytes + extra.length);
  const fields = new DataView(bytes.buffer);
  for (const [i, value] of [magic, indexId, dimensions, width, extra.length].entries()) fields.setUint32(4 * i, value, true);
  bytes.set(extra, headerBytes);
  fields.setUint32(headerBytes - 4, checksum(bytes, headerBytes), true);
  return bytes;
}

/** The bytes of one run's record. */
export function encodeRecord(runs: Runs, run: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(recordHeaderBytes + payload.length);
  const fields = new DataView(bytes.buffer);
  const key = [runs.trackIds[run], runs.firstRows[run], runs.segments[run], runs.audio[run], payload.length];
  for (const [i, value] of key.entries()) fields.setUint32(4 * i, value as number, true);
  bytes.set(payload, recordHeaderBytes);
  fields.setUint32(recordHeaderBytes - 4, checksum(bytes, recordHeaderBytes), true);
  return bytes;
}

/** The checksum of a header or record without the field that holds it, which ends its fixed part. */
function checksum(bytes: Uint8Array, fixedBytes: number): number {
  return crc32(bytes.subarray(fixedBytes), crc32(bytes.subarray(0, fixedBytes - 4)));
}

/** A sound record as it is found; `payload` is valid until the next one is read. */
export type FoundRecord = { trackId: number; firstRow: number; segments: number; audio: number; payload: Uint8Array };

/**
 * Reads a file from `from` on (its whole length when 0) up to the first record that is not sound.
 * @param isWanted decides by the header; a file that is not wanted counts as none
 */
export function readRecords(
  path: string,
  options: { from: number; isWanted: (about: FileAbout) => boolean },
  take: (record: FoundRecord) => void,
): SoundPart {
  const none: SoundPart = { validBytes: 0, extra: new Uint8Array(0), about: null };
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return none;
  }
  try {
    const reader = new BlockReader(file);
    const head = readHeader(reader);
    if (head === null || !options.isWanted(head.about)) return none;
    if (options.from > 0) reader.goTo(options.from);
    let validBytes = reader.position;
    for (let record = readRecord(reader); record !== null; record = readRecord(reader)) {
      take(record);
      validBytes = reader.position;
    }
    return { validBytes, ...head };
  } finally {
    closeSync(file);
  }
}

function readHeader(reader: BlockReader): { about: FileAbout; extra: Uint8Array } | null {
  const fixed = reader.take(headerBytes)?.slice();
  if (fixed === undefined) return null;
  const fields = new DataView(fixed.buffer);
  const field = (i: number): number => fields.getUint32(4 * i, true);
  const extra = field(0) === magic ? reader.take(field(4))?.slice() : undefined;
  if (extra === undefined || crc32(extra, crc32(fixed.subarray(0, headerBytes - 4))) !== field(5)) return null;
  return { about: { indexId: field(1), dimensions: field(2), width: field(3) }, extra };
}

function readRecord(reader: BlockReader): FoundRecord | null {
  const fixed = reader.take(recordHeaderBytes)?.slice();
  if (fixed === undefined) return null;
  const fields = new DataView(fixed.buffer);
  const field = (i: number): number => fields.getUint32(4 * i, true);
  const payload = reader.take(field(4));
  if (payload === undefined || crc32(payload, crc32(fixed.subarray(0, recordHeaderBytes - 4))) !== field(5)) return null;
  return { trackId: field(0), firstRow: field(1), segments: field(2), audio: field(3), payload };
}

/** Hands out the bytes of a file one after the other, read in large blocks. */
class BlockReader {
  readonly #file: number;
  #block = new Uint8Array(blockBytes);
  #start = 0;
  #end = 0;
  /** Where in the file the block's end lies. */
  #fileEnd = 0;

  constructor(file: number) {
    this.#file = file;
  }

  /** Where in the file the next byte lies. */
  get position(): number {
    return this.#fileEnd - (this.#end - this.#start);
  }

  goTo(position: number): void {
    this.#start = this.#end = 0;
    this.#fileEnd = position;
  }

  /** The next bytes, valid until the next call; undefined when the file has not that many left. */
  take(count: number): Uint8Array | undefined {
    if (this.#end - this.#start < count && !this.#fill(count)) return undefined;
    this.#start += count;
    return this.#block.subarray(this.#start - count, this.#start);
  }

  #fill(count: number): boolean {
    if (count > this.#block.length) {
      // A length that was made up by damage shall not ask for more memory than the file has bytes.
      if (readSync(this.#file, new Uint8Array(1), 0, 1, this.position + count - 1) === 0) return false;
      const larger = new Uint8Array(count);
      larger.set(this.#block.subarray(this.#start, this.#end));
      this.#block = larger;
    } else this.#block.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    while (this.#end < count) {
      const read = readSync(this.#file, this.#block, this.#end, this.#block.length - this.#end, this.#fileEnd);
      if (read === 0) return false;
      this.#end += read;
      this.#fileEnd += read;
    }
    return true;
  }
}
