/** @file A long list's text is joined in parts, in little memory, while others have their turn. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

const entry = new URL('../../../../src-main/service/playlists/list-text.ts', import.meta.url);

/** Joins so many numbers of seven digits in a thread whose heap has `megabytes` for what lives long. */
async function joinedLength(count: number, megabytes: number): Promise<unknown> {
  const code = `
    const { parentPort } = require('node:worker_threads');
    const pieces = function* () { for (let i = 0; i < ${count}; i++) yield String(1e6 + i); };
    import(${JSON.stringify(entry.href)}).then(({ joinPieces }) => joinPieces(pieces())).then((text) => parentPort.postMessage(text.length));`;
  const worker = new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 4 } });
  const [length] = (await once(worker, 'message')) as [unknown];
  await worker.terminate();
  return length;
}

describe('the text of a long list', () => {
  it('takes the memory of the text, not of its pieces', async () => {
    expect(await joinedLength(2_000_000, 60)).toBe(14_000_000);
  });
});
