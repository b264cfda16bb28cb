/** @file Checkpoints that mean harm: none takes more than its own size allows, and none holds its reader up. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWeights, readPyTorch, writeSafetensorsFile } from '../../../src-main/compute/index.ts';
import { findEncoder } from '../../../src-main/learn/index.ts';
import { dictionary, get, global, integer, op, pickle, put, tensor, tupleOf, zip } from './pickle-bytes.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earmark-hostile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(bytes: Uint8Array, name = 'weights.pt'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const archive = (content: Buffer, storages: Record<string, Uint8Array> = {}): Buffer =>
  zip({ 'a/data.pkl': content, ...Object.fromEntries(Object.entries(storages).map(([key, data]) => [`a/data/${key}`, data])) });

/** An archive whose one storage is packed; 1 GB of zeros takes a megabyte. */
function packedArchive(content: Buffer, bytes: number): Buffer {
  const plain = archive(content, { 0: deflateRawSync(Buffer.alloc(bytes), { level: 9 }) });
  // The local and the central header of the last member: method and size are what is claimed.
  for (const [signature, methodAt, sizeAt] of [
    [0x04034b50, 8, 22],
    [0x02014b50, 10, 24],
  ] as const) {
    const header = plain.lastIndexOf(Buffer.of(signature & 255, (signature >> 8) & 255, (signature >> 16) & 255, signature >>> 24));
    plain.writeUInt16LE(8, header + methodAt);
    plain.writeUInt32LE(bytes, header + sizeAt);
  }
  return plain;
}

const one = { 0: new Uint8Array(4) };

describe('a checkpoint that claims more than it holds', () => {
  const views = (count: number, elements: number): Buffer =>
    archive(
      pickle(dictionary(Object.fromEntries(Array.from({ length: count }, (_, i) => [`w${i}`, tensor('0', 1, [elements], [0])])))),
      one,
    );
  const size = (items: number, times: number): Buffer =>
    pickle(
      tupleOf(...Array.from({ length: items }, () => integer(1))),
      put(1),
      op.pop,
      ...Array.from({ length: times }, () => Buffer.concat([global('torch', 'Size'), tupleOf(get(1)), op.reduce, op.pop])),
      dictionary({ w: tensor('0', 1, [1], [1]) }),
    );
  const cases: [string, () => Buffer, RegExp][] = [
    ['a view without strides', () => views(1, 2 ** 28), /reaches beyond its numbers/],
    ['many views without strides, each small enough', () => views(12, 2 ** 20), /reaches beyond its numbers/],
    ['views of two axes', () => archive(pickle(dictionary({ w: tensor('0', 1, [2 ** 14, 2 ** 14], [0, 0]) })), one), /reaches beyond/],
    ['a size that is copied again and again', () => archive(size(20_000, 20_000), one), /more values than any checkpoint/],
    [
      'a storage that unpacks to a gigabyte',
      () => packedArchive(pickle(dictionary({ w: tensor('0', 2 ** 28, [1], [1]) })), 2 ** 28),
      /would take 256 MB/,
    ],
    [
      'a million containers',
      () => archive(Buffer.concat([pickle().subarray(0, 2), Buffer.alloc(5_000_000, '}'), op.stop]), one),
      /more values/,
    ],
  ];
  it.each(cases)('%s is refused in words', async (_, bytes, says) => {
    const before = process.memoryUsage().rss;
    await expect(readPyTorch(await fileOf(bytes()))).rejects.toMatchObject({
      code: 'WEIGHTS_UNREADABLE',
      message: expect.stringMatching(says) as string,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(1.5e9);
  });
});

describe('what is no file of weights', () => {
  it.skipIf(process.platform === 'win32')('is not waited for: pipes, devices, folders', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero', '/dev/null', folder])
      await expect(loadWeights(path), path).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining('not a file') as string,
      });
  });
});

describe('the tensors that nobody wants', () => {
  it('are not read, however large they claim to be', async () => {
    const encoder = findEncoder('sample-cnn', 8000);
    const weights = encoder.initialise(1);
    const entries: Record<string, Buffer> = {};
    const storages: Record<string, Uint8Array> = {};
    let key = 0;
    for (const [name, { shape, data }] of weights) {
      const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
      entries[`model.encoder.${name}`] = tensor(String(key), data.length, [...shape], strides);
      storages[String(key++)] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    }
    // An optimiser's state, a projector: not of the encoder.
    for (let i = 0; i < 50; i++) entries[`other.${i}`] = tensor('0', 1, [2 ** 27], [0]);
    const path = await fileOf(archive(pickle(dictionary({ state_dict: dictionary(entries) })), storages), 'large.pt');
    const loaded = await loadWeights(path);
    expect(loaded.encoder.sampleRate).toBe(8000);
    for (const [name, { data }] of weights)
      expect(
        Buffer.compare(
          Buffer.from(loaded.weights.get(name)?.data.buffer ?? new ArrayBuffer(0)),
          Buffer.from(data.buffer, data.byteOffset, data.byteLength),
        ),
      ).toBe(0);
  });

  it('are not read from safetensors either', async () => {
    const weights = findEncoder('sample-cnn', 8000).initialise(2);
    const path = join(folder, 'encoder.safetensors');
    await writeSafetensorsFile(path, weights);
    expect((await loadWeights(path)).weights.size).toBe(weights.size);
  });
});
