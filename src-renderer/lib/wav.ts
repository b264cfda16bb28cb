/** @file Samples as a WAV file, so that a media element plays them. */

const headerBytes = 44;

/** A 16-bit mono WAV file around samples that are 16-bit already (little-endian bytes). */
export function wavFile(samples: Uint8Array, sampleRate: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(headerBytes + samples.length);
  const view = new DataView(file.buffer);
  const word = (at: number, text: string): void => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  word(0, 'RIFF');
  view.setUint32(4, headerBytes - 8 + samples.length, true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, 'data');
  view.setUint32(40, samples.length, true);
  file.set(samples, headerBytes);
  return file;
}

/** A short wave over and over, as 16-bit samples; full scale is 1. */
export function repeated(wave: Float32Array, samples: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * samples);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < samples; at++) {
    const value = Math.max(-1, Math.min(1, wave[at % wave.length] ?? 0));
    view.setInt16(2 * at, Math.round(value * 32_767), true);
  }
  return bytes;
}
