/** @file A generated WAV and a generated cover for every synthetic track, with byte ranges as a media element asks for them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Track } from '../../src-main/contract/index.ts';

const sampleRate = 8000;

/** A quiet tone per track that breathes, as 16-bit mono WAV. */
export function fakeWav(track: Track): Buffer {
  const count = Math.floor((track.durationMs / 1000) * sampleRate);
  const wav = Buffer.alloc(44 + count * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + count * 2, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(sampleRate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(count * 2, 40);
  const frequencyHz = 110 * 2 ** ((track.id % 24) / 12);
  for (let i = 0; i < count; i++) {
    const seconds = i / sampleRate;
    wav.writeInt16LE(Math.round(6000 * Math.sin(2 * Math.PI * frequencyHz * seconds) * (0.6 + 0.4 * Math.sin(seconds))), 44 + i * 2);
  }
  return wav;
}

/** Every third track has no cover. */
export function hasFakeCover(track: Track): boolean {
  return track.id % 3 !== 0;
}

/** A cover: two colours and a circle. */
export function fakeCover(track: Track): string {
  const hue = (track.id * 47) % 360;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="hsl(${hue} 30% 35%)"/><circle cx="${30 + (track.id % 40)}" cy="52" r="28" fill="hsl(${hue + 40} 45% 62%)"/></svg>`;
}

/** Answers with the whole of `body` or the range that was asked for. */
export function sendRange(request: IncomingMessage, response: ServerResponse, type: string, body: Buffer): void {
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (match === null) {
    response.writeHead(200, { 'content-type': type, 'content-length': body.length, 'accept-ranges': 'bytes' }).end(body);
    return;
  }
  const first = Number(match[1]);
  const last = match[2] === '' ? body.length - 1 : Math.min(Number(match[2]), body.length - 1);
  if (first > last) {
    response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    return;
  }
  const headers = {
    'content-type': type,
    'content-length': last - first + 1,
    'content-range': `bytes ${first}-${last}/${body.length}`,
    'accept-ranges': 'bytes',
  };
  response.writeHead(206, headers).end(body.subarray(first, last + 1));
}
