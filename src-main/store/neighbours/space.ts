/**
 * @file Memories that the threads share. A space of rows holds float32 vectors, one after the other. A space of codes holds pieces of 4096 segments:
 * first their codes, then float32 in groups of four segments: four scales, four offsets, and four of each of the numbers that lead. In front lies
 * each thread's own place for queries and scores.
 */
import { pieceRows, rowBytesOf, scratchBytes } from './kernel.ts';

/** A memory and what lies in it. `width`: bytes of a code; null for float32 rows. */
export type Space = { id: number; memory: WebAssembly.Memory; dimensions: number; width: number | null; count: number; threads: number };

/** What a space is made for. */
export type SpaceSize = Omit<Space, 'id' | 'memory'>;

/** Float32 numbers that lead a code: along the directions in which vectors differ most, int8 would be too coarse. */
export const leadFloats = 4;

/** Numbers beside each code: scale, offset, leading numbers. */
export const codeColumns = 2 + leadFloats;

/** Bytes that belong to each code. */
export const codeTailBytes = 4 * codeColumns;

/** Segments whose numbers lie together; the kernel relies on it. */
export const groupRows = 4;

/** Where the first row or piece lies. */
export function spaceStart({ dimensions, width, threads }: SpaceSize): number {
  return threads * scratchBytes(spaceRowBytes({ dimensions, width }));
}

/** Bytes of a row or code. */
export function spaceRowBytes({ dimensions, width }: Pick<SpaceSize, 'dimensions' | 'width'>): number {
  return width ?? rowBytesOf(dimensions);
}

/** Bytes of a space. */
export function spaceBytes(size: SpaceSize): number {
  const rowBytes = spaceRowBytes(size);
  const rows = size.width === null ? size.count * rowBytes : Math.ceil(size.count / pieceRows) * pieceRows * (rowBytes + codeTailBytes);
  return spaceStart(size) + rows;
}

/** The address of a float32 row. */
export function rowAddress(space: SpaceSize, place: number): number {
  return spaceStart(space) + place * spaceRowBytes(space);
}

/** Addresses of a segment's code and of the group that its numbers lie in; those of the next ones of the same piece follow each. */
export function codeAddresses(space: SpaceSize, place: number): { code: number; group: number } {
  const rowBytes = spaceRowBytes(space);
  const inPiece = place % pieceRows;
  const piece = spaceStart(space) + ((place - inPiece) / pieceRows) * pieceRows * (rowBytes + codeTailBytes);
  const groups = piece + pieceRows * rowBytes;
  return { code: piece + inPiece * rowBytes, group: groups + (inPiece - (inPiece % groupRows)) * codeTailBytes };
}

/** Calls `visit` for stretches of places that lie in one piece. */
export function forPieces(first: number, count: number, visit: (place: number, start: number, count: number) => void): void {
  for (let start = 0; start < count;) {
    const place = first + start;
    const length = Math.min(count - start, pieceRows - (place % pieceRows));
    visit(place, start, length);
    start += length;
  }
}
