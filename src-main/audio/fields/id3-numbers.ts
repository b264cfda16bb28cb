/** @file How ID3v2 keeps its numbers and bytes from looking like audio: seven bits a byte, and zeros behind bytes of ones. */

/** Reads 28 bits, seven a byte. */
export function readSyncsafe(bytes: Buffer, at: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value = value * 128 + ((bytes[at + i] ?? 0) & 127);
  return value;
}

/** Writes 28 bits, seven a byte. */
export function writeSyncsafe(bytes: Buffer, value: number, at: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = (value >> (7 * (3 - i))) & 127;
}

/** Takes out the zero behind every byte of ones (id3v2.3.0, section 5). */
export function resynchronise(bytes: Buffer): Buffer {
  const plain = Buffer.alloc(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    plain[length++] = byte;
    if (byte === 0xff && bytes[at + 1] === 0) at++;
  }
  return plain.subarray(0, length);
}

/** Puts a zero behind every byte of ones that would look like the start of audio, or like one that was treated so. */
export function unsynchronise(bytes: Buffer): Buffer {
  const out: number[] = [];
  for (const [at, byte] of bytes.entries()) {
    out.push(byte);
    const next = bytes[at + 1] ?? 0;
    if (byte === 0xff && (next === 0 || next >= 0xe0)) out.push(0);
  }
  return Buffer.from(out);
}
