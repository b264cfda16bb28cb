/**
 * @file The tag of an MP4 file: `moov/udta/meta/ilst`. What it gains or loses is taken from the free space behind it; where that is not enough and the
 * index (`moov`) lies before the audio, the audio moves, and every offset of a chunk (`stco`, `co64`) with it.
 */
import { AppError } from '../../base/index.ts';
import type { ReadAt } from '../protection.ts';
import { boxesIn, boxOf, metaStart } from './mp4-boxes.ts';
import type { Box } from './mp4-boxes.ts';
import { itemField } from './mp4-items.ts';
import { paddedSize } from './open-tag.ts';
import type { Field, OpenTag } from './open-tag.ts';

/** Where the tag lies in `moov`, as far as the way to it is there. */
type Way = { udta: Box | undefined; meta: Box | undefined; ilst: Box | undefined; free: Box | undefined };
/** A part of `moov` that is replaced. */
type Patch = { start: number; end: number; bytes: Buffer };

const freeHeader = 8;
const longestIndex = 2 ** 28;

/** @throws AppError BAD_INPUT for files in fragments, and damaged ones */
export function openMp4(readAt: ReadAt, fileBytes: number, field: Field): OpenTag {
  const place = findIndex(readAt, fileBytes);
  const moov = Buffer.from(readAt(place.start, place.end - place.start));
  const [root] = boxesIn(moov, 0, moov.length);
  if (root === undefined || moov.length < place.end - place.start) throw new AppError('BAD_INPUT', 'its index is cut off.');
  const way = wayIn(moov, root);
  const items = way.ilst === undefined ? [] : boxesIn(moov, way.ilst.content, way.ilst.end);
  const room = way.ilst === undefined ? 0 : (way.free ?? way.ilst).end - way.ilst.start;
  return {
    ...itemField(field),
    exists: way.ilst !== undefined,
    entries: items.map(({ start, end }) => Buffer.from(moov.subarray(start, end))),
    room,
    // The index lies before the audio or behind it.
    sound: place.start > fileBytes - place.end ? { start: 0, end: place.start } : { start: place.end, end: fileBytes },
    pieces: ({ entries, room: wanted }) => {
      const made = patched(moov, root, way, patchOf(moov, way, { entries, wanted }));
      const shift = made.length - moov.length;
      if (shift !== 0) moveChunks(made, { from: place.end, shift });
      return [{ start: 0, end: place.start }, made, { start: place.end, end: fileBytes }];
    },
  };
}

function findIndex(readAt: ReadAt, fileBytes: number): { start: number; end: number } {
  let found: { start: number; end: number } | null = null;
  for (let at = 0; at + 8 <= fileBytes;) {
    const head = Buffer.from(readAt(at, 16));
    const short = head.readUInt32BE(0);
    const size = short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short === 0 ? fileBytes - at : short;
    const type = head.toString('latin1', 4, 8);
    if (size < 8 || at + size > fileBytes)
      throw new AppError('BAD_INPUT', 'its parts are not as long as they say; it was cut off or is damaged.');
    if (type === 'moof' || type === 'sidx')
      throw new AppError('BAD_INPUT', 'it is an MP4 file in fragments; tags are not written to such files.');
    if (type === 'moov') found ??= { start: at, end: at + size };
    at += size;
  }
  if (found === null || found.end - found.start > longestIndex) throw new AppError('BAD_INPUT', 'it has no index that could be read.');
  return found;
}

function wayIn(moov: Buffer, root: Box): Way {
  const child = (parent: Box | undefined, type: string, from?: number): Box | undefined =>
    parent === undefined ? undefined : boxesIn(moov, from ?? parent.content, parent.end).find((box) => box.type === type);
  const udta = child(root, 'udta');
  const meta = child(udta, 'meta');
  if (meta === undefined) return { udta, meta, ilst: undefined, free: undefined };
  const parts = boxesIn(moov, metaStart(moov, meta), meta.end);
  const at = parts.findIndex(({ type }) => type === 'ilst');
  const next = at < 0 ? undefined : parts[at + 1];
  return { udta, meta, ilst: parts[at], free: next?.type === 'free' ? next : undefined };
}

/** The new tag, with whatever of the way to it was missing. */
function patchOf(
  moov: Buffer,
  { udta, meta, ilst, free }: Way,
  { entries, wanted }: { entries: readonly Buffer[]; wanted: number },
): Patch {
  const made = boxOf('ilst', ...entries);
  if (ilst !== undefined)
    return { start: ilst.start, end: (free ?? ilst).end, bytes: fitted(made, moov.subarray(ilst.end, (free ?? ilst).end), wanted) };
  if (meta !== undefined) return { start: meta.end, end: meta.end, bytes: made };
  const hdlr = Buffer.alloc(25);
  hdlr.write('mdirappl', 8, 'latin1');
  const whole = boxOf('meta', Buffer.alloc(4), boxOf('hdlr', hdlr), made);
  if (udta !== undefined) return { start: udta.end, end: udta.end, bytes: whole };
  return { start: moov.length, end: moov.length, bytes: boxOf('udta', whole) };
}

/** The tag with free space behind it, filled as it was before. */
function fitted(made: Buffer, space: Buffer, wanted: number): Buffer {
  const left = paddedSize(made.length, { wanted, padding: space.length }) - made.length;
  if (left === 0) return made;
  // Free space is a box too, and cannot be shorter than its own header.
  const content = left < freeHeader ? space.length : left - freeHeader;
  return Buffer.concat([made, boxOf('free', Buffer.alloc(content, space[freeHeader] ?? 0))]);
}

/** `moov` with a part replaced, and the sizes of the boxes around it set. */
function patched(moov: Buffer, root: Box, { udta, meta }: Way, { start, end, bytes }: Patch): Buffer {
  const made = Buffer.concat([moov.subarray(0, start), bytes, moov.subarray(end)]);
  for (const box of [root, udta, meta]) {
    if (box === undefined || start < box.start || end > box.end) continue;
    const size = box.end - box.start + made.length - moov.length;
    if (box.content - box.start > 8) made.writeBigUInt64BE(BigInt(size), box.start + 8);
    else made.writeUInt32BE(size, box.start);
  }
  return made;
}

/** Adds `shift` to the offset of every chunk that lies behind `from` in the file. */
function moveChunks(moov: Buffer, { from, shift }: { from: number; shift: number }): void {
  const [root] = boxesIn(moov, 0, moov.length);
  if (root === undefined) return;
  const inside = (boxes: readonly Box[], type: string): Box[] =>
    boxes.filter((box) => box.type === type).flatMap((box) => boxesIn(moov, box.content, box.end));
  const tables = ['trak', 'mdia', 'minf', 'stbl'].reduce(inside, boxesIn(moov, root.content, root.end));
  for (const { type, content } of tables) {
    if (type !== 'stco' && type !== 'co64') continue;
    const width = type === 'stco' ? 4 : 8;
    const count = moov.readUInt32BE(content + 4);
    for (let i = 0, at = content + 8; i < count; i++, at += width) {
      const offset = width === 4 ? moov.readUInt32BE(at) : Number(moov.readBigUInt64BE(at));
      if (offset < from) continue;
      if (width === 8) moov.writeBigUInt64BE(BigInt(offset + shift), at);
      else if (offset + shift <= 0xffff_ffff) moov.writeUInt32BE(offset + shift, at);
      else throw new AppError('BAD_INPUT', 'it would be larger than its index can say (4 GB).');
    }
  }
}
