/** @file Stands in for the index process at its port: reads two tracks at a time, encodes nothing, and is killed by any track whose path says so. */
import { createEncoder } from '../../../src-main/learn/index.ts';
import type { IndexReply, IndexRequest, IndexTrack } from '../../../src-main/service/index.ts';

let dimensions = 0;
const waiting: IndexTrack[] = [];

function reply(message: IndexReply): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

async function run(): Promise<void> {
  const reading: IndexTrack[] = [];
  for (;;) {
    while (reading.length < 2 && waiting.length > 0) {
      const track = waiting.shift() as IndexTrack;
      reading.push(track);
      await reply({ type: 'decoding', trackId: track.trackId });
    }
    const track = reading.shift();
    if (track === undefined) break;
    if (track.path.includes('killer')) process.kill(process.pid, 'SIGKILL');
    if (track.path.includes('lost device'))
      await reply({ type: 'deviceFailed', error: { code: 'DEVICE_FAILED', message: 'The device is gone.', details: {} } });
    await reply({ type: 'rows', trackId: track.trackId, rows: new Float32Array(2 * dimensions).fill(track.trackId) });
    await reply({ type: 'finished', trackId: track.trackId, durationMs: 1000, truncated: false, reason: '', peaks: new Uint8Array(20) });
  }
  await reply({ type: 'ended', elapsedMs: 1, busyMs: 1, segments: 0 });
  process.disconnect();
}

process.on('message', (request: IndexRequest) => {
  if (request.type === 'open') {
    ({ dimensions } = createEncoder(request.encoder));
    void reply({ type: 'opened', device: 'stand-in', deviceReason: '', cropSamples: 1, dimensions, batch: 1 });
  }
  if (request.type === 'tracks') waiting.push(...request.tracks);
  if (request.type === 'end') void run();
});
process.on('disconnect', () => process.exit(0));
