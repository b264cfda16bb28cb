/** @file Texts of APE tags, Vorbis comments and WAV files' lists, by the names that TagLib gives them. */
import { parseComments } from '../fields/vorbis-comment.ts';
import type { ReadAt } from '../protection.ts';
import type { Texts } from './id3-texts.ts';

const apeNames: Record<string, string> = {
  title: 'title',
  artist: 'artist',
  album: 'album',
  'album artist': 'albumArtist',
  albumartist: 'albumArtist',
  year: 'date',
  genre: 'genre',
  track: 'trackNumber',
  disc: 'discNumber',
  composer: 'composer',
  bpm: 'bpm',
  mood: 'mood',
  grouping: 'grouping',
};

/** Vorbis comments by TagLib's names; later ones stand where earlier are not there. */
const commentNames: readonly (readonly [name: string, as: string])[] = [
  ['TITLE', 'title'],
  ['ARTIST', 'artist'],
  ['ALBUM', 'album'],
  ['ALBUMARTIST', 'albumArtist'],
  ['ALBUM ARTIST', 'albumArtist'],
  ['ALBUM_ARTIST', 'albumArtist'],
  ['DATE', 'date'],
  ['YEAR', 'date'],
  ['GENRE', 'genre'],
  ['TRACKNUMBER', 'trackNumber'],
  ['TRACK', 'trackNumber'],
  ['DISCNUMBER', 'discNumber'],
  ['DISC', 'discNumber'],
  ['COMPOSER', 'composer'],
  ['BPM', 'bpm'],
  ['TEMPO', 'bpm'],
  ['MOOD', 'mood'],
  ['GROUPING', 'grouping'],
];

const infoNames: Record<string, string> = {
  INAM: 'title',
  IART: 'artist',
  IPRD: 'album',
  ICRD: 'date',
  IGNR: 'genre',
  ITRK: 'trackNumber',
  IPRT: 'trackNumber',
  IMUS: 'composer',
  IBPM: 'bpm',
  ICMT: 'comment',
};

const utf8 = new TextDecoder('utf-8');
const apeFooter = 32;
const mostItems = 1000;
const mostBytes = 16 * 1024 * 1024;

/** The APE tag that ends at a place of a file. */
export function apeTexts(readAt: ReadAt, end: number): Texts {
  const texts: Texts = new Map();
  const foot = Buffer.from(readAt(end - apeFooter, apeFooter));
  if (end < apeFooter || foot.toString('latin1', 0, 8) !== 'APETAGEX') return texts;
  const [size, count] = [foot.readUInt32LE(12), foot.readUInt32LE(16)];
  if (size < apeFooter || size > Math.min(end, mostBytes)) return texts;
  const items = Buffer.from(readAt(end - size, size - apeFooter));
  for (let at = 0, i = 0; i < Math.min(count, mostItems) && at + 9 <= items.length; i++) {
    const [length, flags] = [items.readUInt32LE(at), items.readUInt32LE(at + 4)];
    const key = items.indexOf(0, at + 8);
    if (key < 0 || key + 1 + length > items.length) break;
    const name = apeNames[items.toString('latin1', at + 8, key).toLowerCase()];
    // Other kinds of items are pictures and links.
    if (name !== undefined && (flags & 6) === 0 && !texts.has(name))
      texts.set(
        name,
        items
          .toString('utf8', key + 1, key + 1 + length)
          .split('\0')
          .filter((value) => value.trim() !== ''),
      );
    at = key + 1 + length;
  }
  return texts;
}

/** A list of Vorbis comments; bytes that are no UTF-8 become the replacement character. Empty where the list is cut off. */
export function commentTexts(list: Buffer): Texts {
  const texts: Texts = new Map();
  const values = new Map<string, string[]>();
  for (const line of linesOf(list)) {
    const at = line.indexOf(0x3d);
    if (at < 0) continue;
    const name = line.toString('latin1', 0, at).toUpperCase();
    const said = utf8
      .decode(line.subarray(at + 1))
      .split('\0')
      .filter((value) => value.trim() !== '');
    const all = values.get(name) ?? [];
    if (all.length < mostItems) values.set(name, [...all, ...said].slice(0, mostItems));
  }
  for (const [name, as] of commentNames) {
    const said = values.get(name);
    if (said !== undefined && said.length > 0 && !texts.has(as)) texts.set(as, said);
  }
  return texts;
}

function linesOf(list: Buffer): Buffer[] {
  try {
    return parseComments(list).lines;
  } catch {
    return [];
  }
}

/** The list of texts of a WAV file, also of one beyond 4 GB (EBU Tech 3306, ITU-R BS.2088), whose chunk of samples tells its size elsewhere. */
export function infoTexts(readAt: ReadAt, fileBytes: number): Texts {
  const texts: Texts = new Map();
  let dataBytes = 0;
  for (let at = 12, i = 0; at + 8 <= fileBytes && i < mostItems; i++) {
    const head = Buffer.from(readAt(at, 24));
    const id = head.toString('latin1', 0, 4);
    const size = head.readUInt32LE(4);
    if (id === 'ds64' && head.length === 24) dataBytes = Number(head.readBigUInt64LE(16));
    if (id === 'LIST' && size < mostBytes) addItems(texts, Buffer.from(readAt(at + 8, size)));
    const length = id === 'data' && size === 0xffff_ffff ? dataBytes : size;
    at += 8 + length + (length % 2);
  }
  return texts;
}

function addItems(texts: Texts, list: Buffer): void {
  if (list.toString('latin1', 0, 4) !== 'INFO') return;
  for (let at = 4; at + 8 <= list.length;) {
    const size = list.readUInt32LE(at + 4);
    const name = infoNames[list.toString('latin1', at, at + 4)];
    const value = textOf(list.subarray(at + 8, at + 8 + size));
    if (name !== undefined && value !== '' && !texts.has(name)) texts.set(name, [value]);
    at += 8 + size + (size % 2);
  }
}

/** UTF-8, else Western Windows' code page. */
function textOf(bytes: Buffer): string {
  const until = bytes.indexOf(0);
  const text = until < 0 ? bytes : bytes.subarray(0, until);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text).trim();
  } catch {
    return new TextDecoder('windows-1252').decode(text).trim();
  }
}
