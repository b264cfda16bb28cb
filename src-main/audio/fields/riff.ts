/**
 * @file The tags of a WAV or AIFF file: ID3v2 in a chunk of its own, and in WAV also a list of texts (`LIST INFO`), which many programs read alone. Where
 * a file has that list, the genre and the comment in it are kept in step. RIFF counts in little endian, IFF in big endian; chunks begin at even places.
 */
import { AppError } from '../../base/index.ts';
import type { ReadAt } from '../protection.ts';
import { id3Bytes, openId3 } from './id3.ts';
import type { Id3Tag } from './id3.ts';
import { infoItems, isInfoItem, makeInfoItem } from './info-list.ts';
import type { Field, FieldName, OpenTag, Piece, Stretch } from './open-tag.ts';

/** `contentEnd`: without the byte that makes its length even. */
type Chunk = { id: string; start: number; end: number; contentEnd: number };

const headerBytes = 8;
const firstChunk = 12;
const infoIds: Partial<Record<FieldName, string>> = { genre: 'IGNR', comment: 'ICMT' };

/** @throws AppError BAD_INPUT for files that are larger than their form can say, cut off, or damaged */
export function openRiff(readAt: ReadAt, fileBytes: number, field: Field): OpenTag {
  const head = Buffer.from(readAt(0, firstChunk));
  const isBig = isBigEndian(head.toString('latin1', 0, 4));
  const chunks = chunksOf(readAt, fileBytes, isBig);
  const chunk = chunks.find(({ id }) => id.toUpperCase() === 'ID3 ');
  const tag = openId3(chunk === undefined ? null : tagIn(readAt, chunk), field);
  const list = isBig ? null : infoList(readAt, chunks);
  const infoId = list === null ? undefined : infoIds[field.name];
  return {
    ...tag,
    entries: [...tag.entries, ...(list?.items ?? [])],
    sound: largestContent(chunks),
    isLent: isInfoItem,
    isField: (entry) => (isInfoItem(entry) ? entry.toString('latin1', 0, 4) === infoId : tag.isField(entry)),
    make: (values) => [
      ...tag.make(values),
      ...(infoId === undefined || values.length === 0 ? [] : [makeInfoItem(infoId, values.join('; '))]),
    ],
    pieces: ({ entries, room, hasTag }) => {
      const parts = { id3: hasTag ? id3Chunk(tag, entries, { room, isBig }) : null, info: infoChunk(entries) };
      const pieces: Piece[] = chunks.map(
        (one) => (one === chunk ? parts.id3 : one === list?.chunk ? parts.info : null) ?? rangeOf(one, chunk),
      );
      const end = chunks.at(-1)?.end ?? firstChunk;
      const isAdded = chunk === undefined && parts.id3 !== null;
      if (isAdded && end % 2 === 1) pieces.push(Buffer.alloc(1));
      if (isAdded && parts.id3 !== null) pieces.push(parts.id3);
      const size = pieces.reduce((sum, piece) => sum + lengthOf(piece), firstChunk - headerBytes);
      return [header(head, size, isBig), ...pieces, { start: end, end: fileBytes }];
    },
  };
}

/** What the largest chunk holds. */
function largestContent(chunks: readonly Chunk[]): Stretch {
  const [largest] = chunks.toSorted((a, b) => b.end - b.start - (a.end - a.start));
  return largest === undefined ? { start: firstChunk, end: firstChunk } : { start: largest.start + headerBytes, end: largest.contentEnd };
}

/** A chunk as it is; nothing of the tag's own. */
function rangeOf(one: Chunk, tagChunk: Chunk | undefined): Piece {
  return one === tagChunk ? Buffer.alloc(0) : { start: one.start, end: one.end };
}

function lengthOf(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : piece.end - piece.start;
}

function isBigEndian(id: string): boolean {
  if (id === 'RIFF' || id === 'FORM') return id === 'FORM';
  throw new AppError('BAD_INPUT', `its form (${JSON.stringify(id)}) is not one that tags are written to.`);
}

function chunksOf(readAt: ReadAt, fileBytes: number, isBig: boolean): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = firstChunk; start + headerBytes <= fileBytes;) {
    const head = Buffer.from(readAt(start, headerBytes));
    const id = head.toString('latin1', 0, 4);
    const size = isBig ? head.readUInt32BE(4) : head.readUInt32LE(4);
    const end = start + headerBytes + size;
    if (!/^[ -~]{4}$/.test(id) || end > fileBytes)
      throw new AppError('BAD_INPUT', 'its parts are not as long as they say; it was cut off or is damaged.');
    // The last chunk's padding is often left out.
    chunks.push({ id, start, end: Math.min(fileBytes, end + (size % 2)), contentEnd: end });
    start = end + (size % 2);
  }
  return chunks;
}

function tagIn(readAt: ReadAt, { start, end }: Chunk): Buffer | null {
  const content = Buffer.from(readAt(start + headerBytes, end - start - headerBytes));
  const bytes = id3Bytes(content);
  if (bytes > content.length) throw new AppError('BAD_INPUT', 'its ID3 tag is cut off.');
  return bytes === 0 ? null : content.subarray(0, bytes);
}

/** The list of texts, unless there is none or it cannot be understood; then it stays as it is. */
function infoList(readAt: ReadAt, chunks: readonly Chunk[]): { chunk: Chunk; items: Buffer[] } | null {
  for (const chunk of chunks) {
    if (chunk.id !== 'LIST') continue;
    const content = Buffer.from(readAt(chunk.start + headerBytes, chunk.end - chunk.start - headerBytes));
    const items = content.toString('latin1', 0, 4) === 'INFO' ? infoItems(content.subarray(4)) : null;
    if (items !== null) return { chunk, items };
  }
  return null;
}

function id3Chunk(tag: Id3Tag, entries: readonly Buffer[], { room, isBig }: { room: number; isBig: boolean }): Buffer {
  const frames = entries.filter((entry) => !isInfoItem(entry));
  return chunkOf('ID3 ', tag.serialise(frames, room), isBig);
}

function infoChunk(entries: readonly Buffer[]): Buffer {
  return chunkOf('LIST', Buffer.concat([Buffer.from('INFO'), ...entries.filter(isInfoItem)]), false);
}

function chunkOf(id: string, content: Buffer, isBig: boolean): Buffer {
  const chunk = Buffer.alloc(headerBytes + content.length + (content.length % 2));
  chunk.write(id, 0, 'latin1');
  if (isBig) chunk.writeUInt32BE(content.length, 4);
  else chunk.writeUInt32LE(content.length, 4);
  content.copy(chunk, headerBytes);
  return chunk;
}

function header(head: Buffer, size: number, isBig: boolean): Buffer {
  if (size > 0xffff_ffff) throw new AppError('BAD_INPUT', 'it would be larger than its form can say (4 GB).');
  const made = Buffer.from(head);
  if (isBig) made.writeUInt32BE(size, 4);
  else made.writeUInt32LE(size, 4);
  return made;
}
