/** @file A file that is not written yet, read from the pieces that it is made of. */
import type { ReadAt } from '../protection.ts';
import type { FileBytes } from './index.ts';
import type { Piece } from './open-tag.ts';

/**
 * The bytes of a file that pieces make.
 * @param readAt reads the file that the pieces are stretches of
 */
export function bytesOfPieces(pieces: readonly Piece[], readAt: ReadAt): FileBytes {
  const placed: { at: number; length: number; piece: Piece }[] = [];
  let size = 0;
  for (const piece of pieces) {
    const length = piece instanceof Uint8Array ? piece.length : piece.end - piece.start;
    placed.push({ at: size, length, piece });
    size += length;
  }
  const read = (position: number, wanted: number): Uint8Array => {
    const [start, end] = [Math.max(0, position), Math.min(size, position + wanted)];
    const parts: Uint8Array[] = [];
    for (let i = lastAt(placed, start); i < placed.length; i++) {
      const one = placed[i];
      if (one === undefined || one.at >= end) break;
      const [from, to] = [Math.max(0, start - one.at), Math.min(one.length, end - one.at)];
      if (to <= from) continue;
      parts.push(one.piece instanceof Uint8Array ? one.piece.subarray(from, to) : readAt(one.piece.start + from, to - from));
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  };
  return { readAt: read, size };
}

/** The last piece that begins at a place or before it. */
function lastAt(placed: readonly { at: number }[], place: number): number {
  let [low, high] = [0, placed.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((placed[middle]?.at ?? 0) <= place) low = middle;
    else high = middle;
  }
  return low;
}
