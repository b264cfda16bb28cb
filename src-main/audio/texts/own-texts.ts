/**
 * @file What TagLib does not read, or not as it is (taglib-wasm 1.5.1): the fields that an ID3v2 tag leaves out and an APE or ID3v1 tag of the same file
 * tells, compressed frames and extended headers, tempos with decimals, genres behind a zero, names of Vorbis comments, texts of large WAV files, texts of other code pages.
 */
import { readPage } from '../fields/ogg-pages.ts';
import type { ReadAt } from '../protection.ts';
import { id3TagBytes, id3Texts, id3v1Texts } from './id3-texts.ts';
import type { Id3Texts, Texts } from './id3-texts.ts';
import { apeTexts, commentTexts, infoTexts } from './other-texts.ts';

/** `better`: in place of what TagLib says; `further`: where it says nothing. */
export type OwnTexts = { better: Texts; further: Texts };

const mostBytes = 16 * 1024 * 1024;
const mostPages = 300;
const mostBlocks = 1000;

/** Reads a file's texts. Damage anywhere only means fewer of them. */
export function ownTexts(readAt: ReadAt, fileBytes: number): OwnTexts {
  const head = Buffer.from(readAt(0, 12));
  const start = id3TagBytes(head);
  const mark = Buffer.from(readAt(start, 4)).toString('latin1');
  try {
    if (mark === 'fLaC') return { ...comments(flacComments(readAt, start + 4, fileBytes)), further: id3v2Of(readAt, start).texts };
    if (mark === 'OggS') return comments(oggComments(readAt));
    if (/^(RIFF|RF64|BW64)$/.test(mark)) return { better: new Map(), further: infoTexts(readAt, fileBytes) };
    return tagsOfMp3(readAt, fileBytes, start);
  } catch {
    return { better: new Map(), further: new Map() };
  }
}

function comments(list: Buffer | null): OwnTexts {
  return { better: list === null ? new Map<string, string[]>() : commentTexts(list), further: new Map() };
}

/** What is better read here of an ID3v2 tag, and of an ID3v1 tag that stands alone; the other tags fill in what a first one leaves out. */
function tagsOfMp3(readAt: ReadAt, fileBytes: number, tagBytes: number): OwnTexts {
  const { texts, surer } = id3v2Of(readAt, tagBytes);
  const old = id3v1Texts(Buffer.from(readAt(fileBytes - 128, 128)));
  const end = fileBytes - (old.texts.size > 0 ? 128 : 0);
  const start = startOfLyrics(readAt, end);
  const ape = apeTexts(readAt, start);
  // TagLib finds no APE tag before lyrics.
  const isSurer = (name: string): boolean => (texts.has(name) ? surer.has(name) : ape.has(name) ? start < end : old.surer.has(name));
  const all: Texts = new Map([...old.texts, ...ape, ...texts]);
  return { better: new Map([...all].filter(([name]) => isSurer(name))), further: all };
}

function id3v2Of(readAt: ReadAt, tagBytes: number): Id3Texts {
  if (tagBytes === 0 || tagBytes > mostBytes) return { texts: new Map(), surer: new Set() };
  return id3Texts(Buffer.from(readAt(0, tagBytes)));
}

const lyricsFootBytes = 15;

/** Where a Lyrics3 tag begins that ends at a place (its size in six digits, then `LYRICS200`); the place itself where none does. */
function startOfLyrics(readAt: ReadAt, end: number): number {
  if (end < lyricsFootBytes) return end;
  const [, digits] = /^(\d{6})LYRICS200$/.exec(Buffer.from(readAt(end - lyricsFootBytes, lyricsFootBytes)).toString('latin1')) ?? [];
  const start = digits === undefined ? end : end - lyricsFootBytes - Number(digits);
  return start < 0 ? end : start;
}

function flacComments(readAt: ReadAt, start: number, fileBytes: number): Buffer | null {
  for (let at = start, i = 0; at + 4 <= fileBytes && i < mostBlocks; i++) {
    const head = Buffer.from(readAt(at, 4));
    const length = head.readUIntBE(1, 3);
    if (((head[0] ?? 0) & 127) === 4) return Buffer.from(readAt(at + 4, length));
    if (((head[0] ?? 0) & 128) !== 0) return null;
    at += 4 + length;
  }
  return null;
}

/** The second packet of the first stream. */
function oggComments(readAt: ReadAt): Buffer | null {
  const first = readPage(readAt, 0);
  const parts: Buffer[] = [];
  for (let at = first.end, i = 0; i < mostPages; i++) {
    const page = readPage(readAt, at);
    at = page.end;
    if (page.serial !== first.serial) continue;
    const last = page.lacing.findIndex((bytes) => bytes < 255);
    const length = page.lacing.subarray(0, last < 0 ? undefined : last + 1).reduce((sum, bytes) => sum + bytes, 0);
    parts.push(page.content.subarray(0, length));
    if (last >= 0) return withoutMark(Buffer.concat(parts));
  }
  return null;
}

function withoutMark(packet: Buffer): Buffer | null {
  const text = packet.toString('latin1', 0, 8);
  if (text.startsWith('\x03vorbis')) return packet.subarray(7);
  if (text === 'OpusTags') return packet.subarray(8);
  return null;
}
