/**
 * @file A second decoder: the `ffmpeg` program that a person has installed. It is for systems on which the built-in decoder cannot be used,
 * and a second opinion on it. It resamples with the same settings, so that embeddings come out the same.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { AppError, toAppError, toSystemPath } from '../base/index.ts';
import { BlockCutter } from './block-cutter.ts';
import { defaultBlockSamples, roundingMs } from './decode.ts';
import type { DecodeOptions, DecodeSummary } from './decode.ts';
import { resamplerSettings } from './mono-resampler.ts';
import { openedFormats } from './open-audio.ts';

/** Anything that turns files into mono samples. */
export type Decoder = {
  /** What a person reads in a list of decoders. */
  name: string;
  decode(path: string, options: DecodeOptions & { signal?: AbortSignal }): AsyncGenerator<Float32Array, DecodeSummary>;
};

/**
 * Looks for the program.
 * @param program a name on the PATH or a path; `ffprobe` is looked for beside it
 * @returns null when it is not installed
 */
export async function systemFfmpegDecoder(program = 'ffmpeg'): Promise<Decoder | null> {
  const version = await firstLine(program, ['-version']);
  const prober = program.replace(/ffmpeg(?=(\.exe)?$)/i, 'ffprobe');
  if (version === null || (await firstLine(prober, ['-version'])) === null) return null;
  return { name: version.replace(/ Copyright.*/, ''), decode: (path, options) => decode({ program, prober, path }, options) };
}

type Where = { program: string; prober: string; path: string };
type Child = ChildProcessByStdio<null, Readable, Readable>;

async function* decode(where: Where, options: DecodeOptions & { signal?: AbortSignal }): AsyncGenerator<Float32Array, DecodeSummary> {
  const { path } = where;
  const { channels, declaredMs } = await probe(where);
  const blocks = new BlockCutter(options.blockSamples ?? defaultBlockSamples);
  const child = open(where.program, path, (name) => decodeArguments(name, channels, options));
  const ending = endOf(child);
  const kill = (): void => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', kill, { once: true });
  let samples = 0;
  let rest = Buffer.alloc(0);
  try {
    for await (const data of child.stdout as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([rest, data]);
      const whole = bytes.length - (bytes.length % 4);
      rest = bytes.subarray(whole);
      samples += whole / 4;
      yield* blocks.push(new Float32Array(Uint8Array.from(bytes.subarray(0, whole)).buffer));
    }
    const { errors } = await ending;
    if (options.signal?.aborted === true) throw new AppError('CANCELLED', 'The work was cancelled.');
    yield* blocks.finish();
    return summarise({ path, declaredMs, samples, errors }, options);
  } finally {
    options.signal?.removeEventListener('abort', kill);
    kill();
  }
}

function decodeArguments(name: string, channels: number, { sampleRate, startMs = 0, endMs = Infinity }: DecodeOptions): string[] {
  const gains = Array.from({ length: channels }, (_, channel) => `${1 / channels}*c${channel}`);
  const resampler = Object.entries(resamplerSettings).map(([key, value]) => `${key}=${value}`);
  const start = Math.round((startMs * sampleRate) / 1000);
  const end = Math.round((endMs * sampleRate) / 1000);
  // Cut after decoding: exact in every format.
  const cut = `atrim=start_sample=${start}${Number.isFinite(end) ? `:end_sample=${end}` : ''}`;
  const chain = ['aformat=sample_fmts=fltp', `pan=mono|c0=${gains.join('+')}`, `aresample=${sampleRate}:${resampler.join(':')}`, cut];
  const input = ['-nostdin', '-v', 'error', '-format_whitelist', openedFormats, '-threads', '1', '-i', name];
  return [...input, '-map', '0:a:0', '-af', chain.join(','), '-threads', '1', '-f', 'f32le', 'pipe:1'];
}

type Ended = { path: string; declaredMs: number | null; samples: number; errors: string[] };

function summarise({ path, declaredMs, samples, errors }: Ended, options: DecodeOptions): DecodeSummary {
  const isPart = (options.startMs ?? 0) > 0 || (options.endMs ?? Infinity) < Infinity;
  if (samples === 0 && !isPart)
    throw new AppError('DECODE_FAILED', `${path} could not be decoded: ${errors[0] ?? 'it holds no sound'}.`, { details: { path } });
  const durationMs = (samples * 1000) / options.sampleRate;
  const summary = { samples, durationMs, damagedFrames: errors.length };
  if (isPart || declaredMs === null || declaredMs - durationMs <= roundingMs) return { ...summary, truncated: false };
  return { ...summary, truncated: true, reason: 'The file ends before the length that it declares.' };
}

async function probe({ prober, path }: Where): Promise<{ channels: number; declaredMs: number | null }> {
  const asked = 'stream=channels,duration';
  const child = open(prober, path, (name) => [
    '-v',
    'error',
    '-format_whitelist',
    openedFormats,
    '-select_streams',
    'a:0',
    '-show_entries',
    asked,
    '-of',
    'json',
    name,
  ]);
  const parts: Buffer[] = [];
  const ending = endOf(child);
  for await (const data of child.stdout as AsyncIterable<Buffer>) parts.push(data);
  const { errors } = await ending;
  const found = JSON.parse(Buffer.concat(parts).toString() || '{}') as { streams?: { channels?: number; duration?: string }[] };
  const stream = found.streams?.[0];
  if (stream?.channels === undefined) {
    const code = found.streams === undefined ? 'NOT_AUDIO' : 'NO_AUDIO_STREAM';
    throw new AppError(code, `${path} holds no sound that ffmpeg knows (${errors[0] ?? 'no audio stream'}).`, { details: { path } });
  }
  const seconds = Number(stream.duration);
  return { channels: stream.channels, declaredMs: Number.isFinite(seconds) ? seconds * 1000 : null };
}

/** Starts a program on a file that it gets as an open descriptor: arguments cannot hold names that are not UTF-8. */
function open(program: string, path: string, argumentsFor: (name: string) => string[]): Child {
  const systemPath = toSystemPath(path);
  if (process.platform === 'win32')
    return spawn(program, argumentsFor(`file:${path}`), { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  let descriptor: number;
  try {
    descriptor = openSync(systemPath, 'r');
  } catch (error) {
    throw toAppError(error, `open ${path}`);
  }
  try {
    return spawn(program, argumentsFor('file:/dev/fd/3'), { stdio: ['ignore', 'pipe', 'pipe', descriptor] }) as unknown as Child;
  } finally {
    closeSync(descriptor);
  }
}

async function endOf(child: Child): Promise<{ errors: string[] }> {
  let complaints = '';
  child.stderr.on('data', (data: Buffer) => (complaints = (complaints + data.toString()).slice(-100_000)));
  const failure = await new Promise<Error | null>((resolve) => {
    child.on('error', resolve);
    child.on('close', () => resolve(null));
  });
  if (failure !== null) throw toAppError(failure, 'start ffmpeg');
  return { errors: complaints.split('\n').filter((line) => line.trim() !== '') };
}

async function firstLine(program: string, args: string[]): Promise<string | null> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  return new Promise((resolve) => {
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code === 0 ? (output.split('\n')[0] ?? '') : null));
  });
}
