/**
 * @file How wide the samples of a PCM file really are. A format says how many bits are valid and, apart from that, how many bytes a sample takes;
 * FFmpeg goes by the first where they differ, and takes 24 bits in 32 for the floats that Adobe Audition once wrote in such files. Valid bits are the
 * highest ones (WAVEFORMATEXTENSIBLE, `wValidBitsPerSample`; Core Audio Format, `mBytesPerPacket`), so that such samples are whole numbers of the
 * container's width.
 */
import { avGetCodecName, Codec } from 'node-av/lib';
import type { CodecParameters } from 'node-av/lib';
import type { FFDecoderCodec } from 'node-av/constants';
import type { ReadAt } from './protection.ts';

/**
 * Bytes of a sample of all channels, as the file's header has it. `isWhole`: it says for certain that samples are whole numbers. `isMiscut`: where
 * FFmpeg takes them for narrower ones, its packets begin and end inside of samples, and nothing can be read.
 */
export type PcmLayout = { frameBytes: number; isWhole: boolean; isMiscut: boolean };

/** Format chunks lie near the start, behind metadata at most. */
const mostChunks = 64;
const extensible = 0xfffe;
const wavePcm = 1;

/** Layout of a WAV, RF64, BW64, Wave64 or CAF file, or of an AIFF-C of little-endian whole numbers, which FFmpeg takes for 16 bits; null for others and where there is no format chunk. */
export function pcmLayoutOf(readAt: ReadAt, fileBytes: number): PcmLayout | null {
  const head = Buffer.from(readAt(0, 40)).toString('latin1');
  if (/^(RIFF|RF64|BW64).{4}WAVE/s.test(head)) return waveLayout(findChunk(readAt, { at: 12, fileBytes, kind: 'riff' }));
  if (/^riff/.test(head) && head.startsWith('wave', 24)) return waveLayout(findChunk(readAt, { at: 40, fileBytes, kind: 'w64' }));
  if (/^caff/.test(head)) return cafLayout(findChunk(readAt, { at: 8, fileBytes, kind: 'caf' }));
  if (/^FORM.{4}AIFC/s.test(head)) return aiffLayout(findChunk(readAt, { at: 12, fileBytes, kind: 'aiff' }));
  return null;
}

type Search = { at: number; fileBytes: number; kind: keyof typeof chunks };

/** How a container writes chunks: bytes of a header, what the size in it counts, multiples that contents are padded to, and the format chunk's name. */
const chunks = {
  riff: { headerBytes: 8, sizeOf: (header: Buffer) => header.readUInt32LE(4), padding: 2, wanted: 'fmt ' },
  w64: { headerBytes: 24, sizeOf: (header: Buffer) => Number(header.readBigUInt64LE(16)) - 24, padding: 8, wanted: 'fmt ' },
  caf: { headerBytes: 12, sizeOf: (header: Buffer) => Number(header.readBigInt64BE(4)), padding: 1, wanted: 'desc' },
  aiff: { headerBytes: 8, sizeOf: (header: Buffer) => header.readUInt32BE(4), padding: 2, wanted: 'COMM' },
};

/** Contents of the format chunk. */
function findChunk(readAt: ReadAt, { at, fileBytes, kind }: Search): Buffer | null {
  const { headerBytes, sizeOf, padding, wanted } = chunks[kind];
  for (let start = at, count = 0; start + headerBytes <= fileBytes && count < mostChunks; count++) {
    const header = Buffer.from(readAt(start, headerBytes));
    if (header.length < headerBytes) return null;
    const bytes = sizeOf(header);
    if (bytes < 0) return null;
    if (header.toString('latin1', 0, 4) === wanted) return Buffer.from(readAt(start + headerBytes, Math.min(bytes, 64)));
    start += headerBytes + Math.ceil(bytes / padding) * padding;
  }
  return null;
}

/** `wFormatTag, nChannels, nSamplesPerSec, nAvgBytesPerSec, nBlockAlign, wBitsPerSample`, then `cbSize, wValidBitsPerSample, dwChannelMask, SubFormat`. */
function waveLayout(format: Buffer | null): PcmLayout | null {
  if (format === null || format.length < 16) return null;
  const isExtensible = format.readUInt16LE(0) === extensible && format.length >= 26;
  return { frameBytes: format.readUInt16LE(12), isWhole: isExtensible && format.readUInt16LE(24) === wavePcm, isMiscut: false };
}

/** `mSampleRate` (8 bytes), `mFormatID, mFormatFlags` (bit 0: floats)`, mBytesPerPacket, mFramesPerPacket, mChannelsPerFrame, mBitsPerChannel`. */
function cafLayout(description: Buffer | null): PcmLayout | null {
  if (description === null || description.length < 32 || description.toString('latin1', 8, 12) !== 'lpcm') return null;
  return { frameBytes: description.readUInt32BE(16), isWhole: (description.readUInt32BE(12) & 1) === 0, isMiscut: false };
}

/** `numChannels` (2 bytes), `numSampleFrames` (4), `sampleSize` (2), `sampleRate` (10), `compressionType`. */
function aiffLayout(common: Buffer | null): PcmLayout | null {
  if (common === null || common.length < 22 || common.toString('latin1', 18, 22) !== 'sowt') return null;
  return { frameBytes: common.readUInt16BE(0) * Math.ceil(common.readUInt16BE(6) / 8), isWhole: true, isMiscut: true };
}

const pcmName = /^pcm_([suf])(\d+)(le|be)?$/;
/** Bits of the floats that are kept in 32 whatever their name says. */
const oddFloats = /^pcm_f(16|24)le$/;

/**
 * Sets a stream's codec to what a layout means, where they differ.
 * @param hasFloats looks at the samples: true where they make sense as floats
 * @returns by how much what was counted by the former width is too long; 1 where nothing was set
 */
export function correctPcm(parameters: CodecParameters, layout: PcmLayout | null, hasFloats: () => boolean): number {
  const [name = '', kind = '', bits = '', endian = 'le'] = pcmName.exec(avGetCodecName(parameters.codecId) ?? '') ?? [];
  if (layout === null || kind === '') return 1;
  const width = (8 * layout.frameBytes) / parameters.channels;
  const isOdd = oddFloats.test(name);
  if (isOdd ? !layout.isWhole && hasFloats() : kind === 'f' || width <= Number(bits)) return 1;
  const codec = Codec.findDecoderByName(`pcm_s${width}${endian}` as FFDecoderCodec);
  if (codec === null) return 1;
  parameters.codecId = codec.id;
  parameters.bitsPerCodedSample = width;
  return width / Number(bits);
}

/** The largest amplitude that floats of 24 bits have, with room above full scale. */
const mostOfOddFloats = 2 ** 26;

/** True where 32-bit words make sense as floats of such files: whole numbers of audio have words that are no number, or far too large. */
export function looksLikeFloats(data: Uint8Array): boolean {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at + 4 <= data.length; at += 4) if (!(Math.abs(view.getFloat32(at, true)) <= mostOfOddFloats)) return false;
  return true;
}
