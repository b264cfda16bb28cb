/**
 * @file Finds out whether a file's sound is encrypted by its seller. Such a file opens like any other and decodes to noise.
 *
 * MP4: the sample entry in `moov/trak/mdia/minf/stbl/stsd` (ISO/IEC 14496-12) is `drms` (FairPlay), `enca` (Common Encryption) or
 * `aavd` (Audible). ASF: the header holds one of the two content encryption objects (ASF specification, sections 3.14 and 3.15).
 */

/** Reads up to `length` bytes at `position`; fewer at the file's end. */
export type ReadAt = (position: number, length: number) => Uint8Array;

const protectedEntries: Record<string, string> = {
  drms: 'Apple FairPlay',
  drmi: 'Apple FairPlay',
  enca: 'Common Encryption',
  aavd: 'Audible',
};

const boxPath = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'];
const asfHeader = Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex');
const asfProtections: readonly { id: Buffer; name: string }[] = [
  { id: Buffer.from('fbb31122 23bd d211 b4b7 00a0c955fc6e'.replaceAll(' ', ''), 'hex'), name: 'Windows Media protection' },
  { id: Buffer.from('14e68a29 2226 174c b935 dae07ee9289c'.replaceAll(' ', ''), 'hex'), name: 'Windows Media protection' },
];

/**
 * Names the protection of a file.
 * @param readAt reads the file's bytes
 * @param fileBytes the file's length
 * @returns the protection's name, or null when there is none
 */
export function protectionOf(readAt: ReadAt, fileBytes: number): string | null {
  const head = Buffer.from(readAt(0, 32));
  if (head.subarray(0, 16).equals(asfHeader)) return asfProtection(readAt, head);
  if (/^(ftyp|moov|mdat|free|wide|skip)$/.test(head.toString('latin1', 4, 8)))
    return mp4Protection(readAt, { start: 0, end: fileBytes }, 0);
  if (head.toString('latin1', 4, 8) === '\x57\x90\x75\x36') return 'Audible';
  return null;
}

function mp4Protection(readAt: ReadAt, { start, end }: { start: number; end: number }, depth: number): string | null {
  for (let at = start, count = 0; at + 8 <= end && count < 4096; count++) {
    const box = Buffer.from(readAt(at, 16));
    if (box.length < 8) return null;
    const short = box.readUInt32BE(0);
    const isLong = short === 1 && box.length === 16;
    const size = isLong ? Number(box.readBigUInt64BE(8)) : short === 0 ? end - at : short;
    if (size < 8) return null;
    if (box.toString('latin1', 4, 8) === boxPath[depth]) {
      const inside = { start: at + (isLong ? 16 : 8), end: Math.min(end, at + size) };
      const found = depth === boxPath.length - 1 ? entryProtection(readAt, inside) : mp4Protection(readAt, inside, depth + 1);
      if (found !== null) return found;
    }
    at += size;
  }
  return null;
}

/** `stsd`: version and flags, the number of entries, then the entries as boxes. */
function entryProtection(readAt: ReadAt, { start, end }: { start: number; end: number }): string | null {
  const entries = Buffer.from(readAt(start, Math.min(4096, end - start)));
  for (let at = 8; at + 8 <= entries.length;) {
    const known = protectedEntries[entries.toString('latin1', at + 4, at + 8)];
    if (known !== undefined) return known;
    at += Math.max(8, entries.readUInt32BE(at));
  }
  return null;
}

function asfProtection(readAt: ReadAt, head: Buffer): string | null {
  const headerBytes = head.length < 24 ? 0 : Number(head.readBigUInt64LE(16));
  const header = Buffer.from(readAt(0, Math.min(headerBytes, 1 << 20)));
  for (let at = 30; at + 24 <= header.length;) {
    const id = header.subarray(at, at + 16);
    const known = asfProtections.find((protection) => protection.id.equals(id));
    if (known !== undefined) return known.name;
    const size = Number(header.readBigUInt64LE(at + 16));
    if (size < 24) return null;
    at += size;
  }
  return null;
}
