/**
 * @file Chunks of an odd length that some recorders write into a WAV file without the byte of padding that belongs after them (Multimedia Programming
 * Interface and Data Specifications 1.0, chapter 2, "Chunks"). FFmpeg goes on one byte too far, and finds no sound.
 */
import type { ByteSpan } from './ogg-links.ts';
import type { ReadAt } from './protection.ts';

const headerBytes = 8;
const mostChunks = 256;
/** What follows in a file of sound; only where one of these stands at the unpadded place is a chunk taken for unpadded. */
const following = new Set(['fmt ', 'data', 'fact', 'LIST', 'bext', 'iXML', 'cue ', 'smpl', 'inst', 'JUNK', 'junk', 'PAD ', 'id3 ', 'ID3 ']);

/**
 * The parts of a WAV file that make a well-formed one when they are read one after the other: unpadded chunks before the sound are left out.
 * @param readAt reads the file's bytes
 * @param fileBytes the file's length
 * @returns null where nothing must be left out, and for files of another kind
 */
export function withoutUnpaddedChunks(readAt: ReadAt, fileBytes: number): ByteSpan[] | null {
  if (!/^(RIFF|RF64|BW64).{4}WAVE/s.test(latin1(readAt(0, 12)))) return null;
  const parts: ByteSpan[] = [];
  let from = 0;
  for (let start = 12, count = 0; start + headerBytes <= fileBytes && count < mostChunks; count++) {
    const header = Buffer.from(readAt(start, headerBytes));
    const name = latin1(header.subarray(0, 4));
    if (header.length < headerBytes || name === 'data') break;
    const end = start + headerBytes + header.readUInt32LE(4);
    const isUnpadded = (end - start) % 2 === 1 && following.has(latin1(readAt(end, 4)));
    if (isUnpadded && name !== 'fmt ') {
      parts.push({ start: from, end: start });
      from = end;
    }
    start = isUnpadded ? end : end + ((end - start) % 2);
  }
  return parts.length === 0 ? null : [...parts, { start: from, end: fileBytes }];
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
