/** @file Entry of the index process: decodes tracks on threads, encodes their segments on a device, hands embeddings to the core. */
import './end-with-reason.ts';
import { setPriority } from 'node:os';
import { AppError, contained, defined, toAppError } from '../base/index.ts';
import { readEncoderWeights, resolveDevice, runEncoder } from '../compute/index.ts';
import type { EncoderRunner } from '../compute/index.ts';
import { createEncoder } from '../learn/index.ts';
import type { IndexReply, IndexRequest } from '../service/index.ts';
import { cropFeed, TrackList } from './crop-feed.ts';
import type { DecodeTrack } from './crop-feed.ts';
import { DecodePool } from './decode-pool.ts';
import { knownFeed } from './known-feed.ts';
import { encodeLoop } from './encode-loop.ts';
import { repliesTo } from './replies.ts';

type OpenRequest = Extract<IndexRequest, { type: 'open' }>;

/**
 * By so much a process is nicer than others that goes on beside a scan: it gets half of what they get. Any nicer, and on a busy machine it would get
 * nothing at all.
 */
const yieldingNice = 3;

const tracks = new TrackList();
let pausing: { resumed: Promise<void>; resume: () => void } | undefined;

const { reply, finish } = repliesTo<IndexReply>();

/** A row costs a few million operations, so that many at a time keep the cost of a call small. */
const fedBatch = 256;

async function open(request: OpenRequest): Promise<EncoderRunner> {
  const device = await resolveDevice(request.device);
  const weights = await readEncoderWeights(request.encoder, { path: request.weightsPath, sha256: request.weightsSha256 });
  const whole = createEncoder(request.encoder);
  const runner = await runEncoder({
    encoder: request.isFed ? defined(whole.upon, 'what stands upon another encoder') : whole,
    weights,
    device: device.id,
    outputs: request.outputs,
  });
  const { cropSamples, dimensions, bestBatch: batch } = runner;
  reply({ type: 'opened', device: device.id, deviceReason: device.reason, cropSamples, dimensions, batch });
  return runner;
}

async function run(request: OpenRequest, encoder: EncoderRunner): Promise<void> {
  const pool = new DecodePool({ threads: request.decodeThreads });
  const began = (trackId: number): void => reply({ type: 'decoding', trackId });
  const decode: DecodeTrack = (track, signal) => {
    began(track.trackId);
    return pool.decode(track.path, { sampleRate: encoder.sampleRate, signal, ...track.cut });
  };
  const feed = request.isFed
    ? knownFeed(tracks, encoder.cropSamples, began)
    : cropFeed(tracks, {
        decode,
        cropSamples: encoder.cropSamples,
        hopSamples: request.hopSamples ?? encoder.cropSamples,
        ahead: request.decodeThreads,
        signal: new AbortController().signal,
      });
  const startedAt = performance.now();
  const deliver = {
    rows: (trackId: number, rows: Float32Array) => reply({ type: 'rows', trackId, rows }),
    finished: (trackId: number, end: { durationMs: number; truncated: boolean; reason?: string; peaks: Uint8Array }) =>
      reply({ type: 'finished', trackId, ...end, reason: end.reason ?? '' }),
    failed: (trackId: number, error: AppError) => reply({ type: 'failed', trackId, error: error.toData() }),
  };
  const { cropSamples, dimensions } = encoder;
  const bestBatch = Math.min(request.isFed ? fedBatch : encoder.bestBatch, request.mostBatch ?? Infinity);
  const batched = { cropSamples, dimensions, bestBatch, encode: (waves: Float32Array, batch: number) => encoder.encode(waves, batch) };
  const summary = await encodeLoop(feed, { encoder: batched, deliver, passed: async () => pausing?.resumed });
  const elapsedMs = performance.now() - startedAt;
  await pool.close();
  await encoder.close();
  reply({ type: 'ended', elapsedMs, ...summary });
  finish();
}

async function start(request: OpenRequest): Promise<void> {
  // Before the first thread of decoders and devices is made: each begins with the priority of the one that made it.
  if (request.isYielding === true)
    contained(
      () => setPriority(yieldingNice),
      () => undefined,
    )();
  let runner: EncoderRunner;
  try {
    runner = await open(request);
  } catch (error) {
    return reply({ type: 'openFailed', error: toAppError(error, 'open the encoder').toData() });
  }
  try {
    await run(request, runner);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const failed = new AppError(
      'DEVICE_FAILED',
      `The device stopped encoding: ${message}. Choose another device, or start again to go on.`,
    );
    reply({ type: 'deviceFailed', error: failed.toData() });
  }
}

process.on('message', (request: IndexRequest) => {
  switch (request.type) {
    case 'open':
      void start(request);
      break;
    case 'tracks':
      tracks.add(request.tracks);
      break;
    case 'end':
      tracks.close();
      break;
    case 'pause': {
      const { promise, resolve } = Promise.withResolvers<void>();
      pausing ??= { resumed: promise, resume: resolve };
      break;
    }
    case 'resume':
      pausing?.resume();
      pausing = undefined;
      break;
  }
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the core decides what becomes of the work.
process.on('SIGINT', () => undefined);
