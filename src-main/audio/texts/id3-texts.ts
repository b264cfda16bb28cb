/** @file Texts of ID3v2 tags, read frame by frame: compressed ones, and those behind an extended header, too (id3v2.3.0, id3v2.4.0-structure). */
import { inflateSync } from 'node:zlib';
import { frameHeaderBytes } from '../fields/id3-frames.ts';
import type { FrameStyle } from '../fields/id3-frames.ts';
import { readSyncsafe, resynchronise } from '../fields/id3-numbers.ts';
import { openId3 } from '../fields/id3.ts';
import { codePageOf, textOf } from './code-pages.ts';
import type { CodePage } from './code-pages.ts';
import { genresOf } from './id3-genres.ts';

/** Texts under TagLib's names. */
export type Texts = Map<string, string[]>;

/** What a tag says, and which of it TagLib reads less well: genres, tempos, packed and grouped frames, texts of another code page. */
export type Id3Texts = { texts: Texts; surer: Set<string> };

const names: Record<string, string> = {
  TIT2: 'title',
  TT2: 'title',
  TPE1: 'artist',
  TP1: 'artist',
  TALB: 'album',
  TAL: 'album',
  TPE2: 'albumArtist',
  TP2: 'albumArtist',
  TDRC: 'date',
  TYER: 'date',
  TYE: 'date',
  TCON: 'genre',
  TCO: 'genre',
  TRCK: 'trackNumber',
  TRK: 'trackNumber',
  TPOS: 'discNumber',
  TPA: 'discNumber',
  TCOM: 'composer',
  TCM: 'composer',
  TBPM: 'bpm',
  TBP: 'bpm',
  TMOO: 'mood',
  GRP1: 'grouping',
  GP1: 'grouping',
};
const longestText = 16 * 1024 * 1024;
/** Values of one name that are taken; copying more for each frame anew would take minutes in a tag that was made for it. */
const mostValues = 1000;

/** Reads the text frames of a whole tag; empty where it cannot be understood. */
export function id3Texts(tag: Buffer): Id3Texts {
  const texts: Texts = new Map();
  const surer = new Set<string>();
  const style: FrameStyle = { version: tag[3] ?? 0, hasPlainSizes: false };
  const packed = new PackedTexts();
  const frames = framesOf(tag).flatMap((frame) => {
    const name = names[frame.toString('latin1', 0, style.version === 2 ? 3 : 4)];
    const content = name === undefined ? null : contentOf(frame, style, packed);
    return name === undefined || content === null || content.length === 0 ? [] : [{ name, frame, content }];
  });
  const page = codePageOf(frames.filter(({ content }) => content[0] === 0).map(({ content }) => content.subarray(1)));
  for (const { name, frame, content } of frames) {
    const values = valuesOf(content, page).flatMap((value) => (name === 'genre' ? genresOf(value) : [value]));
    const all = texts.get(name) ?? [];
    if (values.length === 0 || all.length >= (name === 'genre' ? mostValues : 1)) continue;
    texts.set(name, [...all, ...values].slice(0, mostValues));
    const isOddFrame = style.version !== 2 && ((frame[9] ?? 0) & oddFormats) !== 0;
    if (name === 'genre' || name === 'bpm' || isOddFrame || isOddText(content, page)) surer.add(name);
  }
  return { texts, surer };
}

/** Packed or of a group, by either version's flags. */
const oddFormats = 0xe8;

const isOddText = (bytes: Uint8Array, page: CodePage): boolean =>
  page !== 'windows-1252' && bytes[0] === 0 && bytes.some((byte) => byte >= 0x80);

function framesOf(tag: Buffer): readonly Buffer[] {
  try {
    return openId3(tag, { name: 'genre', customName: '' }).entries;
  } catch {
    // A tag that cannot be understood says nothing here; TagLib may know better.
    return [];
  }
}

function valuesOf(content: Buffer, page: CodePage): string[] {
  return decoded(content.subarray(1), content[0], page)
    .split('\0')
    .map((value) => value.replace(/^\uFEFF/, ''))
    .filter((value) => value.trim() !== '');
}

function decoded(bytes: Buffer, encoding: number | undefined, page: CodePage): string {
  if (encoding === 0) return textOf(bytes, page);
  if (encoding === 3) return new TextDecoder('utf-8').decode(bytes);
  const isBig = encoding === 2 || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return new TextDecoder(isBig ? 'utf-16be' : 'utf-16le').decode(bytes);
}

/** What a frame holds, unpacked; null where it is encrypted or damaged. */
function contentOf(frame: Buffer, style: FrameStyle, packed: PackedTexts): Buffer | null {
  const content = frame.subarray(frameHeaderBytes(style));
  const flags = style.version === 2 ? 0 : (frame[9] ?? 0);
  const isNew = style.version === 4;
  if ((flags & (isNew ? 0x04 : 0x40)) !== 0) return null;
  const isPacked = (flags & (isNew ? 0x08 : 0x80)) !== 0;
  const added = isNew
    ? ((flags & 0x40) === 0 ? 0 : 1) + ((flags & 0x01) === 0 ? 0 : 4)
    : (isPacked ? 4 : 0) + ((flags & 0x20) === 0 ? 0 : 1);
  const body = content.subarray(added);
  const plain = isNew && (flags & 0x02) !== 0 ? resynchronise(Buffer.from(body)) : body;
  return isPacked ? packed.unpack(plain) : plain;
}

/** Unpacks the texts of one tag, all together up to a length: some bytes can unpack to a thousand times as many, in every frame again. */
class PackedTexts {
  #left = longestText;

  /** Null for what is damaged or too long. */
  unpack(bytes: Buffer): Buffer | null {
    if (this.#left === 0) return null;
    try {
      const text = inflateSync(bytes, { maxOutputLength: this.#left });
      this.#left -= text.length;
      return text;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') this.#left = 0;
      return null;
    }
  }
}

/** Texts of an ID3v1 tag, the last 128 bytes of a file; empty for other bytes. Its texts have no encoding of their own. */
export function id3v1Texts(bytes: Buffer): Id3Texts {
  if (bytes.length < 128 || bytes.toString('latin1', 0, 3) !== 'TAG') return { texts: new Map(), surer: new Set() };
  const upToZero = (from: number, to: number): Buffer => bytes.subarray(from, to).subarray(0, zeroAt(bytes.subarray(from, to)));
  const fields = { title: upToZero(3, 33), artist: upToZero(33, 63), album: upToZero(63, 93), date: upToZero(93, 97) };
  const page = codePageOf(Object.values(fields));
  const surer = new Set(['genre', ...Object.keys(fields).filter(() => page !== 'windows-1252')]);
  // Version 1.1 has a track's number where the comment would end.
  const track = bytes[125] === 0 ? (bytes[126] ?? 0) : 0;
  const values = [
    ...Object.entries(fields).map(([name, field]): [string, string] => [name, textOf(field, page).trim()]),
    ['genre', genresOf(String(bytes[127] ?? 255)).join('')] as const,
    ['trackNumber', track === 0 ? '' : String(track)] as const,
  ];
  return { texts: new Map(values.flatMap(([name, value]) => (value === '' ? [] : [[name, [value]]]))), surer };
}

function zeroAt(bytes: Buffer): number {
  const at = bytes.indexOf(0);
  return at < 0 ? bytes.length : at;
}

/** Bytes of the ID3v2 tag whose header these are, without its footer; 0 for others. */
export function id3TagBytes(head: Buffer): number {
  return head.length >= 10 && head.toString('latin1', 0, 3) === 'ID3' ? 10 + readSyncsafe(head, 6) : 0;
}
