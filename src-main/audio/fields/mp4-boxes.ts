/** @file Boxes of MP4 files (ISO/IEC 14496-12, section 4.2): a size, four letters, and content, which may be boxes. */
import { AppError } from '../../base/index.ts';

/** A box in a buffer: `[start, end)`, its content from `content` on. */
export type Box = { type: string; start: number; content: number; end: number };

const headerBytes = 8;
const longHeaderBytes = 16;

/** The boxes that lie one behind the other in `[start, end)`. @throws AppError BAD_INPUT where sizes do not fit */
export function boxesIn(bytes: Buffer, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at + headerBytes <= end;) {
    const short = bytes.readUInt32BE(at);
    // Old files end the list of user data with four zero bytes.
    if (short === 0 && end - at <= headerBytes) break;
    const isLong = short === 1 && at + longHeaderBytes <= end;
    const size = isLong ? Number(bytes.readBigUInt64BE(at + headerBytes)) : short === 0 ? end - at : short;
    const content = at + (isLong ? longHeaderBytes : headerBytes);
    if (at + size > end || at + size < content) throw new AppError('BAD_INPUT', 'its parts are not as long as they say; it is damaged.');
    boxes.push({ type: bytes.toString('latin1', at + 4, at + headerBytes), start: at, content, end: at + size });
    at += size;
  }
  return boxes;
}

/** A box with this content. */
export function boxOf(type: string, ...content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, headerBytes);
  const head = Buffer.alloc(headerBytes);
  head.writeUInt32BE(length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...content], length);
}

/** Bytes before the boxes in `meta`: four of version and flags, which QuickTime leaves out. */
export function metaStart(bytes: Buffer, meta: Box): number {
  return bytes.toString('latin1', meta.content + 4, meta.content + headerBytes) === 'hdlr' ? meta.content : meta.content + 4;
}
