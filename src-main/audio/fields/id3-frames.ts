/** @file Frames of ID3v2 tags: which are a field's, and how values become frames. Text is Latin-1, UTF-16 or UTF-8, as its first byte says. */
import { resynchronise, writeSyncsafe } from './id3-numbers.ts';
import { ownName } from './open-tag.ts';
import type { Field, FieldName } from './open-tag.ts';

/** How a tag's frames are written. `hasPlainSizes`: 32 bits, as in version 2.3. */
export type FrameStyle = { version: number; hasPlainSizes: boolean };

/** Four letters, and the three that version 2.2 has for the same. */
type FrameId = readonly [id: string, old: string];

const ids: Record<Exclude<FieldName, 'custom'>, FrameId> = {
  genre: ['TCON', 'TCO'],
  comment: ['COMM', 'COM'],
  grouping: ['GRP1', 'GP1'],
  mood: ['TMOO', ''],
};
const ownText: FrameId = ['TXXX', 'TXX'];

/** TagLib's names and their frames, for tags that are made new. */
const seeds: Record<string, string> = {
  title: 'TIT2',
  artist: 'TPE1',
  album: 'TALB',
  albumArtist: 'TPE2',
  date: 'TDRC',
  genre: 'TCON',
  composer: 'TCOM',
  bpm: 'TBPM',
  copyright: 'TCOP',
  encodedBy: 'TENC',
  encoding: 'TSSE',
};

const encodings = { latin1: 0, utf16: 1, utf16be: 2, utf8: 3 } as const;

/** Bytes before a frame's content. */
export function frameHeaderBytes({ version }: FrameStyle): number {
  return version === 2 ? 6 : 10;
}

/** Whether a frame belongs to a field: of comments only those without a description of their own, which programs use for other things. */
export function isFrameOf(frame: Buffer, field: Field, style: FrameStyle): boolean {
  const id = frame.toString('latin1', 0, style.version === 2 ? 3 : 4);
  // Some programs put every field in a frame of one's own, under the field's name.
  if (id === idOf(ownText, style)) return descriptionOf(frame, style, 0) === ownName(field);
  if (field.name === 'custom' || id !== idOf(ids[field.name], style)) return false;
  return field.name !== 'comment' || descriptionOf(frame, style, 3) === '';
}

/** Frames that say these values: one frame, its values apart by zeros; of a comment one each. */
export function makeFrames(values: readonly string[], field: Field, style: FrameStyle): Buffer[] {
  if (values.length === 0) return [];
  if (field.name === 'comment') return values.map((value) => frameOf(idOf(ids.comment, style), texts(['', value], style, 'eng'), style));
  // Versions before 2.4 know no mood.
  const isOwn = field.name === 'custom' || (field.name === 'mood' && style.version < 4);
  if (isOwn) return [ownFrame(field.name === 'custom' ? field.customName : 'MOOD', values, style)];
  return [frameOf(idOf(ids[field.name as 'genre'], style), texts(values, style), style)];
}

/** Frames that say what TagLib read elsewhere in the file. */
export function seedFrames(properties: ReadonlyMap<string, readonly string[]>, style: FrameStyle): Buffer[] {
  const counts: readonly (readonly [name: string, total: string, frame: string])[] = [
    ['trackNumber', 'totalTracks', 'TRCK'],
    ['discNumber', 'totalDiscs', 'TPOS'],
  ];
  const counted = counts.flatMap(([name, total, frame]) => {
    const [number, of] = [properties.get(name)?.[0], properties.get(total)?.[0]];
    return number === undefined ? [] : [frameOf(frame, texts([of === undefined ? number : `${number}/${of}`], style), style)];
  });
  const taken = new Set(counts.flatMap(([name, total]) => [name, total]));
  const others = [...properties].flatMap(([name, values]) => {
    if (taken.has(name) || values.length === 0) return [];
    if (name === 'comment') return makeFrames(values, { name: 'comment', customName: '' }, style);
    const id = seeds[name];
    return [id === undefined ? ownFrame(name, values, style) : frameOf(id, texts(values, style), style)];
  });
  return [...others, ...counted];
}

function idOf([id, old]: FrameId, { version }: FrameStyle): string {
  return version === 2 ? old : id;
}

function ownFrame(name: string, values: readonly string[], style: FrameStyle): Buffer {
  return frameOf(idOf(ownText, style), texts([name, ...values], style), style);
}

function frameOf(id: string, content: Buffer, { version, hasPlainSizes }: FrameStyle): Buffer {
  const header = Buffer.alloc(version === 2 ? 6 : 10);
  header.write(id, 0, 'latin1');
  if (version === 2) header.writeUIntBE(content.length, 3, 3);
  else if (hasPlainSizes) header.writeUInt32BE(content.length, 4);
  else writeSyncsafe(header, content.length, 4);
  return Buffer.concat([header, content]);
}

/** The encoding's byte, a language where the frame has one, and texts with zeros between them. */
function texts(values: readonly string[], { version }: FrameStyle, language = ''): Buffer {
  const isPlain = values.every((value) => /^[ -~\n\r\t]*$/.test(value));
  const encoding = isPlain ? encodings.latin1 : version === 4 ? encodings.utf8 : encodings.utf16;
  const parts = values.map((value) => {
    if (encoding !== encodings.utf16) return Buffer.from(value, isPlain ? 'latin1' : 'utf8');
    return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(value, 'utf16le')]);
  });
  const gap = Buffer.alloc(encoding === encodings.utf16 ? 2 : 1);
  const joined = parts.flatMap((part, i) => (i === 0 ? [part] : [gap, part]));
  return Buffer.concat([Buffer.of(encoding), Buffer.from(language, 'latin1'), ...joined]);
}

/** The description of a frame that has one, in capitals; null when it cannot be read. */
function descriptionOf(frame: Buffer, style: FrameStyle, languageBytes: number): string | null {
  const content = contentOf(frame, style);
  if (content === null || content.length < 1 + languageBytes) return null;
  const text = content.subarray(1 + languageBytes);
  switch (content[0]) {
    case encodings.latin1:
      return upTo(text, 1).toString('latin1').toUpperCase();
    case encodings.utf8:
      return upTo(text, 1).toString('utf8').toUpperCase();
    case encodings.utf16:
    case encodings.utf16be:
      return new TextDecoder(isBigEndian(content[0], text) ? 'utf-16be' : 'utf-16le').decode(upTo(text, 2)).toUpperCase();
    default:
      return null;
  }
}

function isBigEndian(encoding: number, text: Buffer): boolean {
  return encoding === encodings.utf16be || (text[0] === 0xfe && text[1] === 0xff);
}

function upTo(text: Buffer, width: 1 | 2): Buffer {
  for (let at = 0; at + width <= text.length; at += width)
    if (text[at] === 0 && (width === 1 || text[at + 1] === 0)) return text.subarray(0, at);
  return text;
}

/** What a frame holds, without what its flags add; null when it is compressed or encrypted. */
function contentOf(frame: Buffer, style: FrameStyle): Buffer | null {
  const content = frame.subarray(frameHeaderBytes(style));
  const flags = style.version === 2 ? 0 : (frame[9] ?? 0);
  if (style.version < 4) return (flags & 0xc0) === 0 ? content.subarray((flags & 0x20) === 0 ? 0 : 1) : null;
  if ((flags & 0x0c) !== 0) return null;
  const added = ((flags & 0x40) === 0 ? 0 : 1) + ((flags & 0x01) === 0 ? 0 : 4);
  return (flags & 0x02) === 0 ? content.subarray(added) : resynchronise(Buffer.from(content.subarray(added)));
}
