/** @file The victim of the crash test: indexes whatever waits, as fast as it can, until it is killed. `node crash-child.ts DIRECTORY SEED` */
import { seededRandom } from '../../src-main/base/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import { crashDimensions, crashHop, crashValue, segmentsOf } from './crash-data.ts';

const [directory = '', seed = '1'] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const store = openStore(directory);
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
