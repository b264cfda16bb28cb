/** @file Arrays of numbers inside messages, as base64: compact, and the same over every port. All little-endian. */

/** Bytes to base64, in pieces that fit a call's arguments. */
export function toBase64(bytes: Uint8Array): string {
  if (typeof bytes.toBase64 === 'function') return bytes.toBase64();
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 0x2000) pieces.push(String.fromCharCode(...bytes.subarray(start, start + 0x2000)));
  return btoa(pieces.join(''));
}

/** Base64 to bytes. */
export function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (typeof Uint8Array.fromBase64 === 'function') return Uint8Array.fromBase64(text);
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** Base64 to float32 numbers. */
export function floatsFromBase64(text: string): Float32Array<ArrayBuffer> {
  return new Float32Array(bytesFromBase64(text).buffer);
}
