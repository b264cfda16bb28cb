import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSafetensorsFile } from '../../../../src-main/compute/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { findEncoder } from '../../../../src-main/learn/index.ts';
import { WeightsReader } from '../../../../src-main/service/processes/weights-reader.ts';

let folder: string;
const entry = (name: string): URL => new URL(`./entries/${name}.ts`, import.meta.url);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earmark-reader-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the reader of weights', () => {
  it('brings an encoder’s weights out of another process, bit for bit', async () => {
    const path = join(folder, 'encoder.safetensors');
    const weights = findEncoder('sample-cnn', 8000).initialise(3);
    await writeSafetensorsFile(path, weights);
    const read = await new WeightsReader(sourceEntries.weightsProcess).read(path);
    expect(read).toMatchObject({ settings: { architecture: 'sample-cnn', sampleRate: 8000 }, kind: 'safetensors' });
    for (const [name, { data, shape }] of weights) expect(read.weights.get(name)).toEqual({ shape: [...shape], data });
  });

  it('brings the error of a file that is none', async () => {
    const path = join(folder, 'other.pt');
    writeFileSync(path, 'not weights at all');
    await expect(new WeightsReader(sourceEntries.weightsProcess).read(path)).rejects.toMatchObject({ code: 'WEIGHTS_UNREADABLE' });
  });

  it('leaves this process free while a file holds it for ever, and ends it when it is cancelled', async () => {
    const path = join(folder, 'stuck.pt');
    writeFileSync(path, 'x');
    const reader = new WeightsReader(entry('stuck-unheard'));
    const cancel = new AbortController();
    const reading = reader.read(path, { signal: cancel.signal });
    const waiting = reader.read(path, { signal: cancel.signal });
    const both = Promise.allSettled([reading, waiting]);
    // Answered while the process computes: each turn of the loop is one.
    for (let ping = 0; ping < 50; ping++) await new Promise((resolve) => setImmediate(resolve));
    cancel.abort();
    // Both are listened to from the beginning: which of them ends first is not said.
    const cancelled = expect.objectContaining({ code: 'CANCELLED' }) as unknown;
    expect(await both).toEqual([
      { status: 'rejected', reason: cancelled },
      { status: 'rejected', reason: cancelled },
    ]);
  });

  it('lets no file of Earmark’s own wait behind one of others', async () => {
    const path = join(folder, 'mine.pt');
    writeFileSync(path, 'x');
    const reader = new WeightsReader(entry('dies-or-hangs'));
    const cancel = new AbortController();
    const others = expect(reader.read(path, { signal: cancel.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(reader.read(path, { wantsProjector: true, isOwn: true })).rejects.toMatchObject({ code: 'WEIGHTS_UNREADABLE' });
    cancel.abort();
    await others;
  });

  it('says of a file that ends its reader that it cannot be read', async () => {
    const path = join(folder, 'a.pt');
    writeFileSync(path, 'x');
    await expect(new WeightsReader(entry('dies')).read(path)).rejects.toMatchObject({
      code: 'WEIGHTS_UNREADABLE',
      message: expect.stringMatching(/\/a\.pt: the process that read them/) as string,
    });
  });

  it('is the only way from the core to a foreign file of weights', () => {
    const services = fileURLToPath(new URL('../../../../src-main/service', import.meta.url));
    const files = readdirSync(services, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const parsing = files.filter((name) =>
      /\b(loadWeights|readPyTorch)\b/.test(readFileSync(join(services, name), 'utf8').replace(/^ *(\/\*\*| \*|\/\/).*$/gm, '')),
    );
    expect(parsing).toEqual([]);
  });
});
