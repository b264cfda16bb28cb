/** @file The one kind of `Range` header that players send (RFC 9110, section 14.1.2). */

/** First and last byte, both included. */
export type ByteRange = { first: number; last: number };

/**
 * Reads a `Range` header for a body of `size` bytes.
 * @returns `all` when there is no range (or one of a kind that may be ignored), `unsatisfiable` when it lies outside
 */
export function parseByteRange(header: string | null, size: number): ByteRange | 'all' | 'unsatisfiable' {
  const match = header === null ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (match === null || (match[1] === '' && match[2] === '')) return 'all';
  const [, from = '', to = ''] = match;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = Math.min(to === '' ? size - 1 : Number(to), size - 1);
  return first >= size || first > last ? 'unsatisfiable' : { first, last };
}
