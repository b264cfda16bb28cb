/** @file What a browser's own player can open, and the media type to serve it with. */
import type { AudioProbe } from './probe.ts';

/** The part of a probe that matters here. */
export type CodecAndContainer = Pick<AudioProbe, 'container' | 'codec'>;

/** Containers that Chromium opens, the codecs that it decodes inside them, and their media types. */
const playable: Record<string, { codecs: RegExp; mimeType: string }> = {
  mp3: { codecs: /^mp3$/, mimeType: 'audio/mpeg' },
  flac: { codecs: /^flac$/, mimeType: 'audio/flac' },
  ogg: { codecs: /^(vorbis|opus|flac)$/, mimeType: 'audio/ogg' },
  mp4: { codecs: /^(aac|mp3|opus|flac)$/, mimeType: 'audio/mp4' },
  aac: { codecs: /^aac$/, mimeType: 'audio/aac' },
  wav: { codecs: /^pcm_(u8|s16le|s24le|s32le|f32le|alaw|mulaw)$/, mimeType: 'audio/wav' },
  matroska: { codecs: /^(vorbis|opus)$/, mimeType: 'audio/webm' },
};

/** Types of what must be transcoded first; told to programs that ask. */
const others: Record<string, string> = {
  aiff: 'audio/aiff',
  asf: 'audio/x-ms-wma',
  wv: 'audio/x-wavpack',
  ape: 'audio/x-ape',
  caf: 'audio/x-caf',
};

/** True when Chromium plays the file as it is; others need {@link transcodeToFlac} first. */
export function isPlayableInBrowser({ container, codec }: CodecAndContainer): boolean {
  return playable[container]?.codecs.test(codec) ?? false;
}

/** The media type of a file, by what is in it. */
export function mimeTypeOf({ container }: CodecAndContainer): string {
  return playable[container]?.mimeType ?? others[container] ?? 'application/octet-stream';
}
