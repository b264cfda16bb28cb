import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, readWeightsFile, writeSafetensorsFile } from '../../../src-main/compute/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earmark-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function bytesOf(header: unknown, data: Uint8Array, claimed?: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(claimed ?? json.length));
  return Buffer.concat([start, json, data]);
}

const entry = (dtype: string, shape: unknown, from: number, to: number): unknown => ({ dtype, shape, data_offsets: [from, to] });

describe('a safetensors file', () => {
  it('gives back what was written, and leaves nothing beside it', async () => {
    const path = join(folder, 'weights.safetensors');
    const tensors = new Map([
      ['b.weight', { shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 4) }],
      ['a', { shape: [], data: Float32Array.of(7) }],
      ['empty', { shape: [0, 3], data: new Float32Array() }],
    ]);
    await writeSafetensorsFile(path, tensors, { rate: '22050' });
    expect(await readSafetensors(path)).toEqual({ tensors, metadata: new Map([['rate', '22050']]) });
    expect(await readWeightsFile(path)).toEqual(tensors);
    expect((await readFile(path)).readUInt32LE(0) % 8).toBe(0);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('keeps the old file when the new one cannot be written', async () => {
    await expect(writeSafetensorsFile(join(folder, 'no', 'such', 'folder'), new Map())).rejects.toMatchObject({ code: 'FILE_GONE' });
  });

  it('converts every element type to float32', async () => {
    const data = Buffer.alloc(64);
    data.writeDoubleLE(1.5, 0);
    data.writeUInt16LE(0xc100, 8);
    data.writeUInt16LE(0x4049, 10);
    data.writeBigInt64LE(-3n, 12);
    data.writeInt32LE(-70000, 20);
    data.writeInt16LE(-5, 24);
    data.writeInt8(-6, 26);
    data.writeUInt8(200, 27);
    data.writeUInt8(1, 28);
    data.writeUInt16LE(0x0001, 29);
    const header = {
      f64: entry('F64', [1], 0, 8),
      f16: entry('F16', [1], 8, 10),
      bf16: entry('BF16', [1], 10, 12),
      i64: entry('I64', [1], 12, 20),
      i32: entry('I32', [1], 20, 24),
      i16: entry('I16', [1], 24, 26),
      i8: entry('I8', [1], 26, 27),
      u8: entry('U8', [1], 27, 28),
      bool: entry('BOOL', [1], 28, 29),
      smallest: entry('F16', [1], 29, 31),
    };
    const { tensors } = await readSafetensors(bytesOf(header, data));
    expect(Object.fromEntries([...tensors].map(([name, { data: values }]) => [name, values[0]]))).toEqual({
      f64: 1.5,
      f16: -2.5,
      bf16: 3.140625,
      i64: -3,
      i32: -70000,
      i16: -5,
      i8: -6,
      u8: 200,
      bool: 1,
      smallest: 2 ** -24,
    });
  });

  const data = new Uint8Array(8);
  const cases: [string, Uint8Array, RegExp][] = [
    ['is too short', new Uint8Array(5), /too short/],
    ['claims a huge header', bytesOf('{}', data, 2 ** 52), /more than a safetensors file may have/],
    ['ends within its header', bytesOf('{}', new Uint8Array(), 100), /ends within its header/],
    ['has a header that is no JSON', bytesOf('{"a":', data), /not JSON/],
    ['has a header that is a list', bytesOf('[]', data), /not a JSON object/],
    ['has a header that is not UTF-8', Buffer.concat([bytesOf('', data, 2).subarray(0, 8), Buffer.from([0xff, 0xfe])]), /not JSON/],
    ['has tensors that overlap', bytesOf({ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 2, 6) }, data), /overlap/],
    ['has a tensor outside the file', bytesOf({ a: entry('F32', [4], 0, 16) }, data), /outside the file/],
    ['has a tensor that ends before it begins', bytesOf({ a: entry('F32', [1], 4, 0) }, data), /outside the file/],
    ['has a negative offset', bytesOf({ a: entry('F32', [1], -4, 0) }, data), /not two offsets/],
    ['has a shape that does not fit its bytes', bytesOf({ a: entry('F32', [3], 0, 8) }, data), /needs 12/],
    ['has a shape that overflows', bytesOf({ a: entry('F32', [2 ** 40, 2 ** 40], 0, 8) }, data), /where its shape needs/],
    ['has a shape of texts', bytesOf({ a: entry('F32', ['2'], 0, 8) }, data), /not a list of sizes/],
    ['has an unknown element type', bytesOf({ a: entry('F4', [2], 0, 8) }, data), /element type "F4"/],
    ['has an inherited property as element type', bytesOf({ a: entry('toString', [2], 0, 8) }, data), /element type/],
    ['has an entry that is no object', bytesOf({ a: 3 }, data), /not an object/],
  ];
  it.each(cases)('that %s is refused, in words', async (_, bytes, says) => {
    await expect(readSafetensors(bytes)).rejects.toMatchObject({
      code: 'WEIGHTS_UNREADABLE',
      message: expect.stringMatching(says) as string,
    });
  });

  it('that is gone is reported as gone', async () => {
    await expect(readSafetensors(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'FILE_GONE' });
  });
});
