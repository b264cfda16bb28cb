/** @file What a file that is no audio looks like, told from its first bytes, so that a person reads "it is a JPEG picture" and not "invalid data". */

const signatures: readonly { at: number; bytes: string; kind: string }[] = [
  { at: 0, bytes: '\xff\xd8\xff', kind: 'a JPEG picture' },
  { at: 0, bytes: '\x89PNG', kind: 'a PNG picture' },
  { at: 0, bytes: 'GIF8', kind: 'a GIF picture' },
  { at: 8, bytes: 'WEBP', kind: 'a WebP picture' },
  { at: 0, bytes: 'PK\x03\x04', kind: 'a ZIP archive' },
  { at: 0, bytes: 'Rar!', kind: 'a RAR archive' },
  { at: 0, bytes: '7z\xbc\xaf\x27\x1c', kind: 'a 7-Zip archive' },
  { at: 0, bytes: '\x1f\x8b', kind: 'a gzip archive' },
  { at: 0, bytes: '%PDF', kind: 'a PDF document' },
  { at: 0, bytes: 'MZ', kind: 'a Windows program' },
  { at: 0, bytes: '\x7fELF', kind: 'a Linux program' },
  { at: 0, bytes: 'SQLite format 3', kind: 'a database' },
  { at: 0, bytes: 'MThd', kind: 'a MIDI file, which holds notes and no sound' },
  { at: 0, bytes: '\x00\x05\x16\x07', kind: 'a companion file that macOS keeps beside another' },
  { at: 0, bytes: '#EXTM3U', kind: 'a playlist' },
  { at: 0, bytes: '[playlist]', kind: 'a playlist' },
  { at: 0, bytes: '<!DOCTYPE html', kind: 'a web page' },
  { at: 0, bytes: '<html', kind: 'a web page' },
  { at: 0, bytes: '<?xml', kind: 'an XML document' },
];

/**
 * Names the kind of a file from its first bytes.
 * @param head the first bytes, 512 are plenty
 * @returns a noun with its article, or null when nothing is recognised
 */
export function kindOfFile(head: Uint8Array): string | null {
  const text = Buffer.from(head).toString('latin1');
  const known = signatures.find(({ at, bytes }) => text.startsWith(bytes, at));
  if (known !== undefined) return known.kind;
  if (head.length > 0 && head.every((byte) => byte === 0)) return 'empty space: every byte that was looked at is zero';
  return isText(head) ? 'a text file' : null;
}

function isText(head: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return text.length > 0 && !Array.from(text).some((character) => character < ' ' && !'\t\n\r\f'.includes(character));
  } catch {
    return false;
  }
}
