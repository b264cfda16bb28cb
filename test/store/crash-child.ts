/**
 * @file The victim of the crash test: indexes whatever waits, as fast as it can, until it is killed, from outside or by itself in the
 * middle of a write. `node crash-child.ts DIRECTORY SEED LAST_CALL` */
import { fdatasyncSync, writeSync } from 'node:fs';
import { seededRandom } from '../../src-main/base/index.ts';
import type { WriteCalls } from '../../src-main/store/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import { crashDimensions, crashHop, crashValue, segmentsOf } from './crash-data.ts';

const [directory = '', seed = '1', lastCall = '0'] = process.argv.slice(2);
const random = seededRandom(Number(seed));
let calls = 0;

/** Ends the process as a power cut would, when its number of write calls is reached. */
function dieWhenDue(): void {
  if (++calls === Number(lastCall)) process.kill(process.pid, 'SIGKILL');
}

const writeCalls: WriteCalls = {
  write: (file, bytes, position) => {
    const half = Math.ceil(bytes.length / 2);
    const count = writeSync(file, bytes, 0, half, position);
    dieWhenDue();
    return count;
  },
  sync: (file) => {
    dieWhenDue();
    fdatasyncSync(file);
  },
};
const store = openStore(directory, { writeCalls });
const encoder = store.encoders.list()[0];
if (encoder === undefined) throw new Error('the parent adds an encoder');
const index = store.index.ensure(encoder.id, crashHop);
const writer = store.index.writer(index.id, { rows: 64, intervalMs: 20 });
process.stdout.write('ready\n');
for (const { trackId, audioHash } of store.index.waiting(index.id)) {
  if (random.uniform() < 0.05) {
    writer.fail(trackId, audioHash, 'DECODE_FAILED', 'made up');
    continue;
  }
  writer.begin(trackId, audioHash);
  for (let segment = 0; segment < segmentsOf(trackId);) {
    const count = Math.min(segmentsOf(trackId) - segment, 1 + random.below(40));
    const rows = new Float32Array(count * crashDimensions);
    for (let at = 0; at < rows.length; at++)
      rows[at] = crashValue(trackId, segment + Math.floor(at / crashDimensions), at % crashDimensions);
    writer.append(rows);
    segment += count;
    if (random.uniform() < 0.01) {
      writer.abort();
      writer.begin(trackId, audioHash);
      segment = 0;
    }
  }
  writer.finish();
}
writer.close();
store.close();
