/**
 * @file Stands in for the index process at its port: decodes and cuts tracks as that does, and takes embeddings of files from their names instead of
 * running an encoder. A test decides how many tracks it may end (see `pace.ts`).
 */
import { toAppError } from '../../../src-main/base/index.ts';
import { createEncoder, embeddingOutput, findOutput } from '../../../src-main/learn/index.ts';
import type { IndexReply, IndexRequest } from '../../../src-main/service/index.ts';
import { cropFeed, TrackList } from '../../../src-main/worker/crop-feed.ts';
import { DecodePool } from '../../../src-main/worker/decode-pool.ts';
import { activation, fileKey, seedDimensions } from '../seed/activations.ts';
import { paced } from '../seed/pace.ts';

type OpenRequest = Extract<IndexRequest, { type: 'open' }>;

const tracks = new TrackList();
const paths = new Map<number, string>();
let isPaused = false;
let wake = (): void => undefined;

function reply(message: IndexReply): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

async function passed(): Promise<void> {
  while (isPaused) await new Promise<void>((resolve) => (wake = resolve));
}

async function run(request: OpenRequest): Promise<void> {
  const encoder = createEncoder(request.encoder);
  const { cropSamples, sampleRate } = encoder;
  // Neurons of other outputs are those of other files.
  const columns = request.outputs.flatMap(({ output, pooling }) => {
    const isEmbedding = output === embeddingOutput;
    const of = isEmbedding ? 0 : fileKey(`${output}:${pooling}`);
    return Array.from({ length: isEmbedding ? seedDimensions : findOutput(encoder, output).dimensions }, (_, feature) => ({ of, feature }));
  });
  const opened = { cropSamples, dimensions: columns.length, batch: 1 };
  await reply({ type: 'opened', device: 'cpu', deviceReason: 'Chosen by auto.', ...opened });
  const pool = new DecodePool({ threads: request.decodeThreads });
  const feed = cropFeed(tracks, {
    decode: (track, signal) => {
      void reply({ type: 'decoding', trackId: track.trackId });
      return pool.decode(track.path, { sampleRate, signal });
    },
    ...{ cropSamples, hopSamples: request.hopSamples ?? cropSamples, ahead: request.decodeThreads, signal: new AbortController().signal },
  });
  const startedAt = performance.now();
  let [segment, segments, ended] = [0, 0, 0];
  for await (const event of feed) {
    await passed();
    const { trackId } = event;
    const key = fileKey(paths.get(trackId) ?? '');
    if (event.type === 'crop') {
      const rows = Float32Array.from(columns, ({ of, feature }) => activation(key + of, segment, feature));
      await reply({ type: 'rows', trackId, rows });
      segment++;
      continue;
    }
    await paced(
      (pace) => pace.tracks === null || ended < pace.tracks,
      () => false,
    );
    if (event.type === 'failed') await reply({ type: 'failed', trackId, error: event.error.toData() });
    else await reply({ type: 'finished', trackId, ...event.end, reason: event.end.reason ?? '' });
    segments += segment;
    [segment, ended] = [0, ended + 1];
  }
  await pool.close();
  const elapsedMs = performance.now() - startedAt;
  await reply({ type: 'ended', elapsedMs, busyMs: elapsedMs, segments });
  process.disconnect();
}

process.on('message', (request: IndexRequest) => {
  if (request.type === 'open')
    void run(request).catch((error: unknown) => reply({ type: 'openFailed', error: toAppError(error, 'open the encoder').toData() }));
  else if (request.type === 'tracks') {
    for (const { trackId, path } of request.tracks) paths.set(trackId, path);
    tracks.add(request.tracks);
  } else if (request.type === 'end') tracks.close();
  else isPaused = request.type === 'pause';
  wake();
});
process.on('disconnect', () => process.exit(0));
