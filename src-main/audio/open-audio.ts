/**
 * @file Opens a file and finds its sound. What kind of file it is comes from its bytes alone; the name is not looked at, so a FLAC called
 * `.mp3` is a FLAC. Only formats on the list below are opened: FFmpeg also reads playlists and scripts that point at other files or hosts,
 * and a music folder must not be able to make it do so.
 */
import { Dictionary, FFmpegError, FormatContext, Log, Packet } from 'node-av/lib';
import type { CodecParameters, Stream } from 'node-av/lib';
import {
  AV_CODEC_ID_OPUS,
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AVDISCARD_ALL,
  AVERROR_EIO,
  AVMEDIA_TYPE_AUDIO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { AppError, toAppError } from '../base/index.ts';
import { kindOfFile } from './file-kind.ts';
import { FileSource } from './file-source.ts';
import { oggChain } from './ogg-links.ts';
import type { ByteSpan } from './ogg-links.ts';
import { correctPcm, looksLikeFloats, pcmLayoutOf } from './pcm-layout.ts';
import { protectionOf } from './protection.ts';
import { withoutUnpaddedChunks } from './unpadded-chunks.ts';

/** FFmpeg's names of the containers that are opened. */
export const openedFormats =
  'mp3,flac,ogg,mov,wav,w64,aiff,asf,aac,wv,ape,matroska,webm,caf,au,tta,tak,mpc,mpc8,ac3,eac3,dts,avi,mpegts,mpeg,flv,amr';

/** Packets of sound that tell what numbers a file holds. */
const soundPackets = 16;

/** An open file and its audio stream. */
export type OpenAudio = {
  source: FileSource;
  format: FormatContext;
  stream: Stream;
  parameters: CodecParameters;
  /** As people call it: `mp4`, `ogg`, `wav`. */
  container: string;
  /** The length that the file's header tells, milliseconds; null where it tells none. */
  declaredDurationMs: number | null;
  /** Bytes of a sample of all channels, where the demuxer counts others; else null. */
  frameBytes: number | null;
  close(): void;
};

/** Bytes behind the last page of an Ogg file that nobody needs to hear of: tags that other programs put there, or a page that is cut off. */
const mostBehind = 65_536;

/** What a file consists of: one link, null, or those of a chained Ogg file in order; and how many bytes behind them are no sound. */
export type AudioLinks = { links: readonly (ByteSpan | null)[]; bytesBehind: number };

/**
 * Finds the links of a file.
 * @throws AppError as {@link openAudio}
 */
export function linksOf(path: string): AudioLinks {
  const source = new FileSource(path);
  try {
    const chain = oggChain((position, length) => source.readAt(position, length), source.size);
    if (chain === null) return { links: [null], bytesBehind: 0 };
    const bytesBehind = source.size - chain.end;
    const isPlain = chain.links.length === 1 && bytesBehind <= mostBehind;
    const links = chain.links.map(({ start, end }) => ({ start, end: bytesBehind > mostBehind ? Math.min(end, chain.end) : end }));
    return { links: isPlain ? [null] : links, bytesBehind: bytesBehind > mostBehind ? bytesBehind : 0 };
  } finally {
    source.close();
  }
}

/**
 * Opens a file for demuxing.
 * @param path stored form (see `toStoredPath`)
 * @param link the part of a chained file; null for all of it
 * @throws AppError FILE_GONE, NOT_ALLOWED, FILE_UNREADABLE, FILE_EMPTY, BAD_INPUT, NOT_AUDIO, NO_AUDIO_STREAM, PROTECTED
 */
export function openAudio(path: string, link: ByteSpan | null = null): OpenAudio {
  Log.setLevel(AV_LOG_QUIET);
  const source = new FileSource(path);
  try {
    const protection = protectionOf((position, length) => source.readAt(position, length), source.size);
    if (protection !== null) throw protectedError(path, protection);
    return demux(source, link);
  } catch (error) {
    source.close();
    throw toAppError(error, `open ${path}`);
  }
}

/**
 * What the container and its first audio stream say in words, under FFmpeg's keys; nothing where FFmpeg cannot open the file.
 * @param path stored form (see `toStoredPath`)
 */
export function metadataOf(path: string): Record<string, string> {
  Log.setLevel(AV_LOG_QUIET);
  const source = new FileSource(path);
  const format = new FormatContext();
  try {
    openInput(format, source, null);
  } catch {
    source.close();
    return {};
  }
  try {
    const stream = format.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO);
    return { ...stream?.metadata?.getAll(), ...format.metadata?.getAll() };
  } finally {
    format.closeInputSync();
    source.close();
  }
}

function demux(source: FileSource, link: ByteSpan | null): OpenAudio {
  const format = new FormatContext();
  openInput(format, source, link);
  try {
    const close = (): void => {
      format.closeInputSync();
      source.close();
    };
    return { ...findStream(format, source), source, format, close };
  } catch (error) {
    format.closeInputSync();
    throw error;
  }
}

/** The demuxer frees itself when it cannot open. */
function openInput(format: FormatContext, source: FileSource, link: ByteSpan | null): void {
  const options = Dictionary.fromObject({ format_whitelist: openedFormats, protocol_whitelist: 'file,subfile,concat' });
  const opened = format.openInputSync(addressOf(source, link), null, options);
  options.free();
  if (opened < 0) throw notAudio(source, opened);
}

/** FFmpeg's address of what is read: the file, a link of it, or the parts that make it well formed. */
function addressOf(source: FileSource, link: ByteSpan | null): string {
  const address = ({ start, end }: ByteSpan): string => `subfile,,start,${start},end,${end},,:file:${source.openName}`;
  if (link !== null) return address(link);
  const parts = withoutUnpaddedChunks((position, length) => source.readAt(position, length), source.size);
  return parts === null ? `file:${source.openName}` : `concat:${parts.map(address).join('|')}`;
}

type Found = Pick<OpenAudio, 'stream' | 'parameters' | 'container' | 'declaredDurationMs' | 'frameBytes'>;

function findStream(format: FormatContext, source: FileSource): Found {
  const declared = new Map(format.streams.map((stream) => [stream.index, declaredMs(format, stream)]));
  const found = format.findStreamInfoSync(null);
  const index = format.findBestStream(AVMEDIA_TYPE_AUDIO);
  const stream = format.streams.find((candidate) => candidate.index === index);
  if (stream === undefined) throw noStream(format, source);
  const { codecpar: parameters } = stream;
  if (found < 0 || parameters.sampleRate <= 0 || parameters.channels <= 0) throw notAudio(source, found);
  for (const other of format.streams) if (other.index !== index) other.discard = AVDISCARD_ALL;
  const layout = pcmLayoutOf((position, length) => source.readAt(position, length), source.size);
  const ratio = correctPcm(parameters, layout, () => firstSoundIsFloats(format, stream));
  if (ratio !== 1 && layout?.isMiscut === true) throw miscut(source, parameters.bitsPerCodedSample);
  const length = declared.get(index) ?? null;
  return {
    ...{ stream, parameters, container: containerName(format) },
    declaredDurationMs: length === null ? null : length / ratio,
    frameBytes: ratio === 1 ? null : (layout?.frameBytes ?? null),
  };
}

/** Looks at the first packets that are not silent, and goes back to the beginning. */
function firstSoundIsFloats(format: FormatContext, stream: Stream): boolean {
  const packet = new Packet();
  packet.alloc();
  let areFloats = true;
  try {
    for (let heard = 0; areFloats && heard < soundPackets && format.readFrameSync(packet) >= 0; packet.unref()) {
      const data = packet.data ?? Buffer.alloc(0);
      if (data.some((byte) => byte !== 0)) heard++;
      areFloats = looksLikeFloats(data);
    }
  } finally {
    packet.free();
  }
  format.seekFrameSync(stream.index, 0n, AVSEEK_FLAG_BACKWARD);
  return areFloats;
}

/** Must be asked before FFmpeg fills the gaps with estimates from the bit rate. */
function declaredMs(format: FormatContext, stream: Stream): number | null {
  const { duration, startTime, timeBase, codecpar } = stream;
  if (duration !== AV_NOPTS_VALUE && duration > 0n) {
    const isOggOpus = codecpar.codecId === AV_CODEC_ID_OPUS && containerName(format) === 'ogg';
    // Ogg counts the samples that Opus wants skipped at the start (RFC 7845, section 4.2), and what lies before a stream that begins late.
    const skippedMs = isOggOpus ? codecpar.initialPadding / 48 : 0;
    const before = isOggOpus && startTime !== AV_NOPTS_VALUE && startTime > 0n ? startTime : 0n;
    return (Number(duration - before) * timeBase.num * 1000) / timeBase.den - skippedMs;
  }
  const whole = format.duration;
  return whole !== AV_NOPTS_VALUE && whole > 0n ? Number(whole) / 1000 : null;
}

function containerName(format: FormatContext): string {
  const name = format.iformat?.name ?? 'unknown';
  return name.startsWith('mov,') ? 'mp4' : (name.split(',')[0] ?? name);
}

function notAudio(source: FileSource, code: number): AppError {
  if (code === AVERROR_EIO) return unreadable(source.path);
  const head = source.readAt(0, 512);
  const kind = kindOfFile(head);
  const details = { path: source.path, decoder: code < 0 ? FFmpegError.strerror(code) : 'no stream' };
  if (kind !== null) return new AppError('NOT_AUDIO', `${source.path} is no audio: it looks like ${kind}.`, { details });
  const isMp4 = Buffer.from(head.subarray(4, 8)).toString('latin1') === 'ftyp';
  const says = isMp4
    ? 'is an MP4 file without its index, as an unfinished download or recording leaves it. Fetch it again.'
    : 'is not recognised as audio; it may be damaged or of a kind that Earmark does not read.';
  return new AppError('NOT_AUDIO', `${source.path} ${says}`, { details });
}

function miscut({ path }: FileSource, bits: number): AppError {
  const message = `${path} holds little-endian samples of ${bits} bits in AIFF-C, which Earmark’s decoder cannot read. Convert it to WAV or FLAC.`;
  return new AppError('DECODE_FAILED', message, { details: { path } });
}

/** What a drive that fails gives. */
export function unreadable(path: string): AppError {
  const message = `Could not read ${path}: the drive reported a read error. Check the drive, and copy the file from elsewhere if you can.`;
  return new AppError('FILE_UNREADABLE', message, { details: { path } });
}

function noStream(format: FormatContext, source: FileSource): AppError {
  const kind = kindOfFile(source.readAt(0, 512));
  if (kind !== null) return notAudio(source, 0);
  return new AppError('NO_AUDIO_STREAM', `${source.path} holds no sound (it is a ${containerName(format)} file without an audio stream).`, {
    details: { path: source.path },
  });
}

function protectedError(path: string, protection: string): AppError {
  const message = `${path} is copy-protected (${protection}), and only its seller’s player can open it. Use a copy without protection.`;
  return new AppError('PROTECTED', message, { details: { path, protection } });
}
