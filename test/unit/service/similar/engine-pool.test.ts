/** @file The threads that search among vectors. */
import { describe, expect, it } from 'vitest';
import { ScanPool } from '../../../../src-main/service/similar/engine-pool.ts';

/** A thread that answers every order with the limits of its heap. */
const tellsLimits = `import { parentPort, resourceLimits } from 'node:worker_threads';
  parentPort.on('message', (order) => order === 'close' ? parentPort.close() : parentPort.postMessage({ id: order.id, output: resourceLimits }));`;

describe('a thread that searches', () => {
  it('has a small heap of its own, since what it computes lies in shared memory', async () => {
    const pool = new ScanPool(new URL(`data:text/javascript,${encodeURIComponent(tellsLimits)}`), () => undefined);
    const limits = await pool.run(0, 'closeFiles', null);
    expect(limits).toMatchObject({ maxYoungGenerationSizeMb: 8 });
    await pool.close();
  });
});
