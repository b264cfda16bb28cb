/** @file Uncompressed sound files in forms that encoders do not write: valid bits in wider containers, floats beyond full scale. */
import { writeFileSync } from 'node:fs';

/** How samples are stored. `valid` bits are the highest ones of `bytes`. */
export type PcmForm = { bytes: number; valid: number; isFloat?: boolean; scale?: number };

/** What a file holds: `channels` alike. */
export type PcmSound = { samples: Float32Array; sampleRate: number; channels?: number };

/** WAV with a plain format chunk, or an extensible one. */
export function writePcmWav(path: string, sound: PcmSound, form: PcmForm & { isExtensible?: boolean }): void {
  const format = waveFormat(sound, form, form.isExtensible === true);
  const data = pcmBytes(sound, form);
  const body = Buffer.concat([Buffer.from('WAVE'), riffChunk('fmt ', format), riffChunk('data', data)]);
  writeFileSync(path, riffChunk('RIFF', body));
}

/** Sony's Wave64, with an extensible format chunk. */
export function writePcmW64(path: string, sound: PcmSound, form: PcmForm): void {
  const guid = (name: string): Buffer => Buffer.concat([Buffer.from(name), Buffer.from('f3acd3118cd100c04f8edb8a', 'hex')]);
  const chunk = (name: string, content: Buffer): Buffer => {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(24 + content.length));
    return Buffer.concat([guid(name), size, content, Buffer.alloc((8 - (content.length % 8)) % 8)]);
  };
  const chunks = Buffer.concat([chunk('fmt ', waveFormat(sound, form, true)), chunk('data', pcmBytes(sound, form))]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(40 + chunks.length));
  writeFileSync(path, Buffer.concat([Buffer.from('726966662e91cf11a5d628db04c10000', 'hex'), size, guid('wave'), chunks]));
}

/** Core Audio Format, little-endian whole numbers. */
export function writePcmCaf(path: string, sound: PcmSound, form: PcmForm): void {
  const { sampleRate, channels = 1 } = sound;
  const description = Buffer.alloc(32);
  description.writeDoubleBE(sampleRate, 0);
  description.write('lpcm', 8);
  description.writeUInt32BE(2, 12);
  [form.bytes * channels, 1, channels, form.valid].forEach((value, i) => description.writeUInt32BE(value, 16 + 4 * i));
  const chunk = (name: string, content: Buffer): Buffer => {
    const size = Buffer.alloc(8);
    size.writeBigInt64BE(BigInt(content.length));
    return Buffer.concat([Buffer.from(name), size, content]);
  };
  const data = Buffer.concat([Buffer.alloc(4), pcmBytes(sound, form)]);
  writeFileSync(path, Buffer.concat([Buffer.from('caff\0\x01\0\0', 'latin1'), chunk('desc', description), chunk('data', data)]));
}

function waveFormat({ sampleRate, channels = 1 }: PcmSound, { bytes, valid, isFloat = false }: PcmForm, isExtensible: boolean): Buffer {
  const format = Buffer.alloc(isExtensible ? 40 : 16);
  format.writeUInt16LE(isExtensible ? 0xfffe : isFloat && valid === 32 ? 3 : 1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * channels * bytes, 8);
  format.writeUInt16LE(channels * bytes, 12);
  format.writeUInt16LE(isExtensible ? 8 * bytes : valid, 14);
  if (!isExtensible) return format;
  format.writeUInt16LE(22, 16);
  format.writeUInt16LE(valid, 18);
  format.writeUInt32LE(channels === 1 ? 4 : 3, 20);
  format.writeUInt16LE(isFloat ? 3 : 1, 24);
  Buffer.from('000000001000800000aa00389b71', 'hex').copy(format, 26);
  return format;
}

function pcmBytes({ samples, channels = 1 }: PcmSound, { bytes, valid, isFloat = false, scale = 1 }: PcmForm): Buffer {
  const out = Buffer.alloc(samples.length * channels * bytes);
  for (let i = 0; i < samples.length * channels; i++) {
    const value = (samples[Math.floor(i / channels)] ?? 0) * scale;
    if (isFloat) out.writeFloatLE(value, i * bytes);
    else out.writeIntLE(Math.round(value * (2 ** (valid - 1) - 1)) * 2 ** (8 * bytes - valid), i * bytes, bytes);
  }
  return out;
}

function riffChunk(name: string, content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(name), size, content, Buffer.alloc(content.length % 2)]);
}
