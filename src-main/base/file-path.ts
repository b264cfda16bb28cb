/**
 * @file Paths as the library stores them: text, also where a file system keeps names that are not UTF-8. A byte that is no part of valid UTF-8
 * becomes one character of a private range (U+10FF00 + byte), which every store and wire carries; a name that really has such a character is
 * escaped byte by byte as well, so that both directions are exact.
 */

const escapeBase = 0x10ff00;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const escaped = /[\u{10FF00}-\u{10FFFF}]/u;

/** A path as the system gave it, as bytes, to its stored form. The identity for ordinary names. */
export function toStoredPath(bytes: Uint8Array): string {
  try {
    const text = strict.decode(bytes);
    if (!escaped.test(text)) return text;
  } catch {
    // Not UTF-8 throughout: go on piece by piece.
  }
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    const piece = length === 0 ? '' : strict.decode(bytes.subarray(at, at + length));
    if (length === 0 || escaped.test(piece)) {
      for (let i = 0; i < Math.max(length, 1); i++) text += String.fromCodePoint(escapeBase + (bytes[at + i] ?? 0));
    } else text += piece;
    at += Math.max(length, 1);
  }
  return text;
}

/** A stored path to what the system takes: text as it is, or bytes where the name is not UTF-8. */
export function toSystemPath(stored: string): string | Buffer {
  if (!escaped.test(stored)) return stored;
  const pieces = Array.from(stored, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= escapeBase ? Buffer.of(code - escapeBase) : Buffer.from(character, 'utf8');
  });
  return Buffer.concat(pieces);
}

/** Length of the valid UTF-8 sequence at `at`; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      strict.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      // Longer, or invalid.
    }
  }
  return 0;
}
