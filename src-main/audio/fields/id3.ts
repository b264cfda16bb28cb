/**
 * @file ID3v2 tags, versions 2.2 to 2.4 (id3.org: id3v2-00, id3v2.3.0, id3v2.4.0-structure). A tag is a header of ten bytes, frames and zeros.
 */
import { AppError } from '../../base/index.ts';
import { frameHeaderBytes, isFrameOf, makeFrames, seedFrames } from './id3-frames.ts';
import type { FrameStyle } from './id3-frames.ts';
import { readSyncsafe, resynchronise, unsynchronise, writeSyncsafe } from './id3-numbers.ts';
import { paddedSize } from './open-tag.ts';
import type { Field, OpenTag } from './open-tag.ts';

/** An ID3v2 tag by itself: `pieces` are of the tag alone. */
export type Id3Tag = Omit<OpenTag, 'pieces' | 'sound' | 'around'> & {
  /** The tag as bytes. */
  serialise(entries: readonly Buffer[], room: number): Buffer;
};

type Parsed = { style: FrameStyle; frames: Buffer[]; flags: number; revision: number; padding: number; total: number };

const headerBytes = 10;
const unsynchronised = 0x80;
const hasExtendedHeader = 0x40;
const hasFooter = 0x10;
/** Sizes have 28 bits. */
const longestTag = 2 ** 28 - 1;

/** Bytes of the ID3v2 tag that begins with these ten bytes; 0 when they begin none. */
export function id3Bytes(head: Uint8Array): number {
  if (head.length < headerBytes || Buffer.from(head.subarray(0, 3)).toString('latin1') !== 'ID3') return 0;
  const footer = ((head[5] ?? 0) & hasFooter) !== 0 && head[3] === 4 ? headerBytes : 0;
  return headerBytes + readSyncsafe(Buffer.from(head), 6) + footer;
}

/**
 * Takes a tag apart.
 * @param bytes the whole tag, or null where the file has none
 * @throws AppError BAD_INPUT for tags that are damaged or of a version that is not known
 */
export function openId3(bytes: Buffer | null, field: Field): Id3Tag {
  const parsed = bytes === null ? newTag() : parse(bytes);
  const { style, frames, revision, padding, total } = parsed;
  // Extended headers and footers are optional and not written again. In version 2.4 each frame says for itself whether it is unsynchronised.
  const flags = parsed.flags & (style.version < 4 ? unsynchronised : 0x20);
  return {
    form: `id3 2.${style.version}`,
    exists: bytes !== null,
    entries: frames,
    room: total,
    isField: (frame) => isFrameOf(frame, field, style),
    make: (values) => makeFrames(values, field, style),
    seed: (properties) => seedFrames(properties, style),
    serialise: (entries, room) => {
      const plain = Buffer.concat(entries);
      const content = (flags & unsynchronised) === 0 ? plain : unsynchronise(plain);
      const size = paddedSize(headerBytes + content.length, { wanted: room, padding });
      if (size - headerBytes > longestTag) throw new AppError('BAD_INPUT', 'its tag would be larger than an ID3 tag can be.');
      const tag = Buffer.alloc(size);
      tag.write('ID3', 0, 'latin1');
      tag.set([style.version, revision, flags], 3);
      writeSyncsafe(tag, size - headerBytes, 6);
      content.copy(tag, headerBytes);
      return tag;
    },
  };
}

function newTag(): Parsed {
  return { style: { version: 4, hasPlainSizes: false }, frames: [], flags: 0, revision: 0, padding: 0, total: 0 };
}

function parse(bytes: Buffer): Parsed {
  const [version, revision, flags] = [bytes[3] ?? 0, bytes[4] ?? 0, bytes[5] ?? 0];
  if (version < 2 || version > 4) throw new AppError('BAD_INPUT', `its ID3 tag has the version 2.${version}, which is not known.`);
  if (version === 2 && (flags & hasExtendedHeader) !== 0) throw new AppError('BAD_INPUT', 'its ID3 tag is compressed as a whole.');
  const raw = bytes.subarray(headerBytes, headerBytes + readSyncsafe(bytes, 6));
  const body = version < 4 && (flags & unsynchronised) !== 0 ? resynchronise(raw) : raw;
  const start = version > 2 && (flags & hasExtendedHeader) !== 0 ? extendedHeaderBytes(body, version) : 0;
  for (const hasPlainSizes of version === 4 ? [false, true] : [true]) {
    const style: FrameStyle = { version, hasPlainSizes };
    const frames = framesOf(body.subarray(start), style);
    if (frames === null) continue;
    const used = frames.reduce((sum, frame) => sum + frame.length, 0);
    return { style, frames, flags, revision, padding: body.length - start - used, total: bytes.length };
  }
  throw new AppError('BAD_INPUT', 'its ID3 tag is damaged. Repair it with a tag editor first.');
}

function extendedHeaderBytes(body: Buffer, version: number): number {
  if (body.length < 4) return 0;
  return version === 4 ? readSyncsafe(body, 0) : 4 + body.readUInt32BE(0);
}

/** Frames up to the padding; null when something else comes. */
function framesOf(body: Buffer, style: FrameStyle): Buffer[] | null {
  const header = frameHeaderBytes(style);
  const idBytes = style.version === 2 ? 3 : 4;
  const frames: Buffer[] = [];
  let at = 0;
  while (at + header <= body.length && body[at] !== 0) {
    if (!/^[A-Z0-9 ]+$/.test(body.toString('latin1', at, at + idBytes))) return null;
    const end = at + header + frameBytes(body, at, style);
    if (end > body.length) return null;
    frames.push(Buffer.from(body.subarray(at, end)));
    at = end;
  }
  return body.subarray(at).some((byte) => byte !== 0) ? null : frames;
}

function frameBytes(body: Buffer, at: number, { version, hasPlainSizes }: FrameStyle): number {
  if (version === 2) return body.readUIntBE(at + 3, 3);
  if (hasPlainSizes) return body.readUInt32BE(at + 4);
  // Seven bits a byte: an eighth shows that the writer did not know (iTunes did not for years).
  return body.subarray(at + 4, at + 8).some((byte) => byte > 127) ? body.length : readSyncsafe(body, at + 4);
}
