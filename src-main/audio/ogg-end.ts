/**
 * @file Whether an Ogg file was written to its end. Ogg declares no length; what marks the end is a flag on the last page (RFC 3533, section 6:
 * header type 0x04, "last page of logical bitstream").
 */
import type { ReadAt } from './protection.ts';

/** A page is at most 65 307 bytes long. */
const longestPage = 65_307;

/**
 * True when the last page of the file is whole and marked as the last of its stream; bytes after it do not matter.
 * @param readAt reads the file's bytes
 * @param fileBytes the file's length
 */
export function hasOggEnd(readAt: ReadAt, fileBytes: number): boolean {
  const start = Math.max(0, fileBytes - 2 * longestPage);
  const tail = Buffer.from(readAt(start, fileBytes - start));
  for (let at = tail.lastIndexOf('OggS'); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf('OggS', at - 1)) {
    if (at + 27 > tail.length) return false;
    // The four letters may stand in sound as well; a page's version is always 0.
    if (tail[at + 4] !== 0) continue;
    const segments = tail.subarray(at + 27, at + 27 + (tail[at + 26] ?? 0));
    const bodyBytes = segments.reduce((sum, length) => sum + length, 0);
    const isWhole = at + 27 + (tail[at + 26] ?? 0) + bodyBytes <= tail.length;
    return isWhole && ((tail[at + 5] ?? 0) & 4) !== 0;
  }
  return false;
}
