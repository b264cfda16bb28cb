/**
 * @file The comments of an Ogg Vorbis or Opus file: its second packet (Vorbis I, section 4.2; RFC 7845, section 5). The pages of the headers are made
 * anew; when they become more or fewer, the pages behind them get other numbers and checksums. Audio should begin on a page of its own; where it shares
 * one with the headers, as older programs wrote it, it goes on doing so.
 */
import { AppError } from '../../base/index.ts';
import type { ReadAt } from '../protection.ts';
import { pageFlags, paginate, readPage, renumber } from './ogg-pages.ts';
import type { OggPage, PageTail } from './ogg-pages.ts';
import type { Field, OpenTag, Piece } from './open-tag.ts';
import { commentField, parseComments, serialiseComments } from './vorbis-comment.ts';

/** How the packet of comments begins, and how many packets there are before the audio. */
const kinds = {
  vorbis: { mark: '\x03vorbis', packets: 3 },
  opus: { mark: 'OpusTags', packets: 2 },
} as const;

/** `tail`: audio on the last page of the headers. */
type Headers = { first: OggPage; packets: Buffer[]; pages: number; end: number; tail: PageTail | null };

/** @throws AppError BAD_INPUT for other codecs, several streams at once, and damaged files */
export function openOgg(readAt: ReadAt, fileBytes: number, { codec, field }: { codec: string; field: Field }): OpenTag {
  if (codec !== 'vorbis' && codec !== 'opus') throw new AppError('BAD_INPUT', `tags are not written to Ogg files with ${codec} in them.`);
  const { mark, packets: count } = kinds[codec];
  const headers = headersOf(readAt, count);
  const [comment, ...behind] = headers.packets;
  const start = Buffer.from(mark, 'latin1');
  if (comment === undefined || !comment.subarray(0, start.length).equals(start))
    throw new AppError('BAD_INPUT', 'its comments are not where they belong.');
  const comments = parseComments(comment.subarray(start.length));
  const { first } = headers;
  return {
    ...commentField(field),
    exists: true,
    entries: comments.lines,
    room: headers.end - first.end,
    needsWhole: headers.tail !== null,
    sound: { start: headers.end, end: fileBytes },
    around: ({ head, tail, soundBytes }) => {
      // The sound goes to the end; before it may lie a page of what shared one with the headers.
      const sound = { start: Math.max(headers.end, fileBytes - soundBytes), end: fileBytes };
      const shift = pagesIn(head) - pagesIn(readAt(0, sound.start));
      return [head, ...(shift === 0 ? [sound] : renumbered(readAt, { ...sound, serial: first.serial, shift })), tail];
    },
    pieces: ({ entries: lines }) => {
      const packet = Buffer.concat([start, serialiseComments({ ...comments, lines: [...lines] })]);
      const pages = paginate([packet, ...behind], { serial: first.serial, sequence: 1, tail: headers.tail });
      const shift = pages.length - headers.pages;
      const audio: Piece[] =
        shift === 0
          ? [{ start: headers.end, end: fileBytes }]
          : [...renumbered(readAt, { start: headers.end, end: fileBytes, serial: first.serial, shift })];
      return [{ start: 0, end: first.end }, ...pages, ...audio];
    },
  };
}

function headersOf(readAt: ReadAt, count: number): Headers {
  const first = readPage(readAt, 0);
  const packets: Buffer[] = [];
  let unfinished: Buffer[] = [];
  let [at, pages] = [first.end, 0];
  for (;;) {
    const page = readPage(readAt, at);
    if (page.serial !== first.serial || (page.flags & pageFlags.first) !== 0)
      throw new AppError('BAD_INPUT', 'it holds several streams at once; tags are not written to such files.');
    at = page.end;
    pages++;
    let from = 0;
    for (const [i, bytes] of page.lacing.entries()) {
      unfinished.push(page.content.subarray(from, from + bytes));
      from += bytes;
      if (bytes === 255) continue;
      packets.push(Buffer.concat(unfinished));
      unfinished = [];
      if (packets.length < count - 1) continue;
      const lacing = page.lacing.subarray(i + 1);
      const flags = page.flags & ~pageFlags.continued;
      const tail = lacing.length === 0 ? null : { flags, granule: page.granule, lacing, content: page.content.subarray(from) };
      return { first, packets, pages, end: at, tail };
    }
  }
}

function pagesIn(bytes: Uint8Array): number {
  const readAt: ReadAt = (at, length) => bytes.subarray(at, at + length);
  let count = 0;
  for (let at = 0; at < bytes.length; count++) at = readPage(readAt, at).end;
  return count;
}

/** The pages of one stream under other numbers; those of others, chained behind it, stay. */
function* renumbered(
  readAt: ReadAt,
  { start, end, serial, shift }: { start: number; end: number; serial: number; shift: number },
): Generator<Piece> {
  for (let at = start; at < end;) {
    const page = readPage(readAt, at);
    if ((page.flags & pageFlags.first) !== 0) return void (yield { start: at, end });
    if (page.serial !== serial) yield { start: at, end: page.end };
    else yield renumber(Buffer.from(readAt(at, page.end - at)), page.sequence + shift);
    at = page.end;
  }
}
