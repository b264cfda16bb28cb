import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { readPyTorch, readSafetensors } from '../../../src-main/compute/index.ts';
import { dictionary, get, global, instance, integer, op, pickle, put, tensor, text, tupleOf, zip } from './pickle-bytes.ts';

let folder: string;
let victim: string;
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earmark-pytorch-'));
  victim = join(folder, 'executed');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(bytes: Uint8Array, name = 'weights.pt'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const numbers = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const archive = (content: Buffer, storages: Record<string, Uint8Array> = {}, options = {}): Buffer =>
  zip(
    { 'archive/data.pkl': content, ...Object.fromEntries(Object.entries(storages).map(([key, data]) => [`archive/data/${key}`, data])) },
    options,
  );

describe('a pickle with more than weights is refused and not run', () => {
  const command = (): Buffer => tupleOf(text(`touch ${victim}`));
  const call = (): Buffer => Buffer.concat([global('posix', 'system'), command(), op.reduce]);
  const cases: [string, () => Buffer, RegExp][] = [
    ['a call of os.system', () => pickle(global('os', 'system'), command(), op.reduce), /os\.system/],
    ['a call of builtins.eval', () => pickle(global('builtins', 'eval'), tupleOf(text('1')), op.reduce), /builtins\.eval/],
    ['a call within a dictionary', () => pickle(dictionary({ a: integer(1), state_dict: dictionary({ w: call() }) })), /posix\.system/],
    ['a call whose result is thrown away', () => pickle(call(), op.pop, dictionary({})), /posix\.system/],
    ['a name from the stack', () => pickle(text('subprocess'), text('Popen'), op.stackGlobal, command(), op.reduce), /subprocess\.Popen/],
    ['an INST instruction', () => pickle(op.mark, text(`touch ${victim}`), instance('os', 'system')), /os\.system/],
    ['an OBJ instruction', () => pickle(op.mark, global('os', 'system'), text('x'), op.object), /os\.system/],
    ['a class that is only named', () => pickle(global('argparse', 'Namespace')), /argparse\.Namespace/],
    ['a new object', () => pickle(global('torch', 'FloatStorage'), op.emptyTuple, op.newObject), /torch\.FloatStorage/],
    [
      'a new object with named arguments',
      () => pickle(global('collections', 'OrderedDict'), op.emptyTuple, op.emptyDict, op.newObjectEx),
      /NEWOBJ_EX/,
    ],
    ['a state for what is no dictionary', () => pickle(op.emptyList, text('state'), op.build), /state of an object/],
    ['a state that is no dictionary', () => pickle(op.emptyDict, text('state'), op.build), /state of an object/],
    ['a call of a text', () => pickle(text('os.system'), command(), op.reduce), /not a known class/],
    ['a call of a remembered text', () => pickle(text('os.system'), put(1), op.pop, get(1), command(), op.reduce), /not a known class/],
    [
      'a name put together in the memo',
      () => pickle(text('os'), put(1), op.pop, text('system'), put(2), op.pop, get(1), get(2), op.stackGlobal),
      /os\.system/,
    ],
    ['an extension', () => pickle(op.extension), /registered extension/],
    [
      'a loader within a known module',
      () => pickle(global('torch.storage', '_load_from_bytes'), tupleOf(text('x')), op.reduce),
      /_load_from_bytes/,
    ],
    ['a dotted name in a known module', () => pickle(text('torch'), text('Size.__class__'), op.stackGlobal), /torch\.Size\.__class__/],
    ['an inherited property as a name', () => pickle(global('torch', 'constructor')), /torch\.constructor/],
  ];
  it.each(cases)('%s', async (_, content, names) => {
    const path = await fileOf(archive(content()));
    const error: unknown = await readPyTorch(path).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'WEIGHTS_UNSAFE', message: expect.stringMatching(names) as string });
    expect(error).toMatchObject({ message: expect.stringMatching(/nothing in it was run/) as string });
    expect(existsSync(victim)).toBe(false);
  });

  it('also in a file from before PyTorch 1.6', async () => {
    const legacy = await readFile(fixture('tensors-legacy.pt'));
    const start = legacy.indexOf('ctorch._utils\n');
    const bytes = Buffer.concat([legacy.subarray(0, start), call(), legacy.subarray(start)]);
    await expect(readPyTorch(await fileOf(bytes))).rejects.toMatchObject({ code: 'WEIGHTS_UNSAFE' });
    expect(existsSync(victim)).toBe(false);
  });
});

describe('a PyTorch file', () => {
  it.each(['tensors.pt', 'tensors-legacy.pt'])('%s, written by torch.save, is read with its element types and strides', async (name) => {
    const tensors = await readPyTorch(fixture(name));
    expect(Object.fromEntries([...tensors].map(([key, { shape, data }]) => [key, [shape, [...data]]]))).toEqual({
      half: [[2], [1.5, -2]],
      transposed: [
        [3, 2],
        [0, 3, 1, 4, 2, 5],
      ],
      bfloat: [[1], [3]],
      parameter: [[1, 1], [0.25]],
    });
  });

  it('holds the same state dictionary as the safetensors file of that model', async () => {
    const [plain, safe] = [await readPyTorch(fixture('state-dict.pt')), await readSafetensors(fixture('samplecnn-tiny.safetensors'))];
    for (const [name, { shape, data }] of plain) {
      if (name.endsWith('num_batches_tracked')) continue;
      expect(safe.tensors.get(name)).toEqual({ shape, data });
    }
    expect(plain.get('sequential.1.0.weight')?.shape).toEqual([4, 4, 3]);
  });

  it('is read from an archive with 64-bit sizes', async () => {
    const content = pickle(dictionary({ w: tensor('0', 3, [3], [1]) }));
    const path = await fileOf(archive(content, { 0: numbers(1, 2, 3) }, { zip64: true }));
    expect((await readPyTorch(path)).get('w')).toEqual({ shape: [3], data: Float32Array.of(1, 2, 3) });
  });

  it('gives the tensors of a Lightning checkpoint and leaves the rest of it', async () => {
    const state = dictionary({ 'model.w': tensor('0', 2, [2], [1]) });
    const content = pickle(dictionary({ epoch: integer(3), hyper_parameters: dictionary({ rate: text('x') }), state_dict: state }));
    const tensors = await readPyTorch(await fileOf(archive(content, { 0: numbers(4, 5) })));
    expect([...tensors.keys()]).toEqual(['model.w']);
  });

  const damaged: [string, () => Buffer, RegExp][] = [
    [
      'two files of one name',
      () =>
        Buffer.from(
          archive(Buffer.alloc(0), { 0: numbers(1), 1: numbers(2) })
            .toString('latin1')
            .replaceAll('archive/data/1', 'archive/data/0'),
          'latin1',
        ),
      /two files called archive\/data\/0/,
    ],
    ['an empty pickle', () => archive(Buffer.alloc(0)), /ends too early/],
    [
      'a tensor beyond its storage',
      () => archive(pickle(dictionary({ w: tensor('0', 3, [4], [1]) })), { 0: numbers(1, 2, 3) }),
      /reaches beyond/,
    ],
    [
      'a tensor that begins beyond its storage',
      () => archive(pickle(dictionary({ w: tensor('0', 3, [1], [1], 3) })), { 0: numbers(1, 2, 3) }),
      /reaches beyond/,
    ],
    ['a storage cut short', () => archive(pickle(dictionary({ w: tensor('0', 3, [2], [1]) })), { 0: numbers(1, 2) }), /cut short/],
    ['a storage that is missing', () => archive(pickle(dictionary({ w: tensor('7', 3, [2], [1]) }))), /has no archive\/data\/7/],
    [
      'an impossibly large view',
      () => archive(pickle(dictionary({ w: tensor('0', 1, [2 ** 30, 4], [0, 0]) })), { 0: numbers(1) }),
      /reaches beyond/,
    ],
    ['no tensors', () => archive(pickle(dictionary({ epoch: integer(3) }))), /holds no tensors/],
    ['a value that is no dictionary', () => archive(pickle(integer(3))), /no dictionary of tensors/],
    ['an unknown instruction', () => archive(pickle(Buffer.from([0xfe]))), /unknown instruction 0xfe/],
    ['a value from an empty stack', () => archive(pickle(op.append)), /where there is none/],
    ['an endless memo', () => archive(pickle(get(9))), /refers to a value/],
    ['an archive of something else', () => zip({ 'word/document.xml': Buffer.from('<x/>') }), /not one of PyTorch/],
    ['a pickle of something else', () => pickle(integer(1)), /not one of PyTorch/],
  ];
  it.each(damaged)('with %s is unreadable, in words', async (_, bytes, says) => {
    await expect(readPyTorch(await fileOf(bytes()))).rejects.toMatchObject({
      code: 'WEIGHTS_UNREADABLE',
      message: expect.stringMatching(says) as string,
    });
  });

  it.each(['state-dict.pt', 'tensors-legacy.pt'])(
    '%s, cut or altered at any place, is read or refused with a code, and never crashes',
    async (name) => {
      const whole = await readFile(fixture(name));
      const random = seededRandom(3);
      for (let trial = 0; trial < 150; trial++) {
        const bytes = trial % 2 === 0 ? whole.subarray(0, random.below(whole.length)) : Buffer.from(whole);
        if (trial % 2 === 1)
          for (let change = 0; change < 3; change++) bytes[random.below(Math.min(bytes.length, 6000))] = random.below(256);
        const result: unknown = await readPyTorch(await fileOf(bytes, 'mutated.pt')).catch((error: unknown) => error);
        if (!(result instanceof Map))
          expect(result).toMatchObject({ code: expect.stringMatching(/^WEIGHTS_UN(SAFE|READABLE)$/) as string });
      }
    },
  );

  it('that is gone is reported as gone', async () => {
    await expect(readPyTorch(join(folder, 'nowhere.pt'))).rejects.toMatchObject({ code: 'FILE_GONE' });
  });
});
