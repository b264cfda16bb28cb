/** @file Importing weights with a head and the names of its tags: what fits is kept, what does not is told in one sentence, and nothing of it is stored. */
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encoderMetadata, encodeSafetensors } from '../../../../src-main/compute/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createSampleCnn } from '../../../../src-main/learn/index.ts';
import type { WeightArrays } from '../../../../src-main/learn/index.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { readTagNames } from '../../../../src-main/service/encoders/tag-names.ts';
import { linear, pytorchFile, together } from '../../../support/pytorch-file.ts';
import { dictionary, global, op, pickle, tupleOf, text, zip } from '../../compute/pickle-bytes.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
const small = createSampleCnn({ sampleRate: 8000, strides: [3, 3], channels: [4, 4, 5, 10] });
const weights = small.initialise(1);
const metadata = encoderMetadata(small.settings);

let root: string;
let services: Services;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'earmark-importing-'));
  const report = (error: unknown): never => {
    throw error;
  };
  services = createServices({ dataDirectory: join(root, 'data'), host, entries: sourceEntries, report });
});
afterAll(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

function fileOf(name: string, bytes: string | Uint8Array): string {
  const path = join(root, name);
  writeFileSync(path, bytes);
  return path;
}

const safetensors = (arrays: WeightArrays, about = metadata): Uint8Array => encodeSafetensors(arrays, about);

/** A file that says of itself that it holds these tensors, and is as long as that; nothing of it lies on the disk. */
function sparse(name: string, tensors: Record<string, number[]>, about = metadata): string {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: about };
  for (const [tensor, shape] of Object.entries(tensors)) {
    const bytes = 4 * shape.reduce((product, size) => product * size, 1);
    header[tensor] = { dtype: 'F32', shape, data_offsets: [offset, (offset += bytes)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const path = fileOf(name, Buffer.concat([length, json]));
  truncateSync(path, 8 + json.length + offset);
  return path;
}

const shapes = Object.fromEntries([...weights].map(([name, { shape }]) => [name, [...shape]]));

describe('what cannot be imported', () => {
  const twentyGigabytes = 20 * 2 ** 30;
  const changed = (name: string, value: number): WeightArrays =>
    new Map([
      ...weights,
      [name, { shape: weights.get(name)?.shape ?? [], data: new Float32Array(weights.get(name)?.data.length ?? 0).fill(value) }],
    ]);
  const cases: [string, () => string | [file: string, head: string], RegExp][] = [
    [
      'a checkpoint of another architecture',
      () => fileOf('other.pt', pytorchFile(linear('classifier.6', 3, 4))),
      /are not those of a SampleCNN/,
    ],
    [
      'one that lacks layers, has others, and has some of another shape',
      () => {
        const rest = [...weights].filter(([name]) => !name.startsWith('sequential.1.0'));
        const wrong = together(
          new Map(rest),
          linear('sequential.9.0', 2, 2),
          new Map([['sequential.0.0.bias', { shape: [3], data: new Float32Array(3) }]]),
        );
        return fileOf('layers.safetensors', safetensors(wrong));
      },
      /2 missing \(sequential\.1\.0\.weight, sequential\.1\.0\.bias\); 2 unexpected \(sequential\.9\.0\.weight, sequential\.9\.0\.bias\); 1 of another shape \(sequential\.0\.0\.bias \[3\] instead of \[4\]\)/,
    ],
    [
      'a pickle with code',
      () =>
        fileOf(
          'code.pt',
          zip({ 'a/data.pkl': pickle(dictionary({ w: Buffer.concat([global('os', 'system'), tupleOf(text('true')), op.reduce]) })) }),
        ),
      /asks to build or run os\.system.*nothing in it was run/,
    ],
    [
      'a head for another encoder',
      () => [fileOf('e.safetensors', safetensors(weights)), fileOf('h.pt', pytorchFile(linear('0', 3, 512)))],
      /takes embeddings of 512 numbers, and this encoder gives 10/,
    ],
    [
      'weights with NaN',
      () => fileOf('nan.safetensors', safetensors(changed('sequential.1.0.weight', NaN))),
      /are no finite numbers\. The training that wrote them diverged/,
    ],
    ['variances below zero', () => fileOf('variance.safetensors', safetensors(changed('sequential.1.1.running_var', -1))), /are absurd/],
    [
      '20 GB of nothing',
      () => {
        const path = fileOf('zeros.ckpt', '');
        truncateSync(path, twentyGigabytes);
        return path;
      },
      /neither a safetensors file nor one of PyTorch/,
    ],
    [
      '20 GB of a pickle',
      () => {
        const path = fileOf('legacy.pt', pickle(op.emptyDict));
        truncateSync(path, twentyGigabytes);
        return path;
      },
      /larger than 1 GB/,
    ],
    [
      'a weight of 20 GB',
      () => sparse('weight.safetensors', { ...shapes, 'sequential.1.0.weight': [10_000_000, 512] }),
      /\[10000000, 512\] instead of/,
    ],
    [
      'settings that name two sample rates',
      () => fileOf('rates.safetensors', safetensors(weights, { ...metadata, sampleRate: '22050' })),
      /several sample rates: 8000 and 22050 Hz/,
    ],
    [
      'a weight of 51 GB, as its settings want it',
      () => {
        const wide = createSampleCnn({ sampleRate: 8000, strides: [3, 3], channels: [65_536, 65_536, 65_536, 10] });
        const wanted = Object.fromEntries(wide.parameters().map(({ name, shape }) => [name, [...shape]]));
        return sparse('wide.safetensors', wanted, encoderMetadata(wide.settings));
      },
      /one part of it has 51\.5 GB, more than any tensor of an encoder/,
    ],
    ['an empty file', () => fileOf('empty.pt', ''), /it is empty/],
  ];
  it.each(cases)('%s: one sentence, and nothing is stored', async (_, make, says) => {
    const made = make();
    const [path, headPath] = typeof made === 'string' ? [made] : made;
    const error = await services.encoders.importWeights(path, { headPath }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ message: expect.stringMatching(says) as string, code: expect.stringMatching(/^WEIGHTS_/) as string });
    expect(services.encoders.list()).toEqual([]);
    expect(services.store.encoders.list({ includeRemoved: true })).toEqual([]);
    expect(readdirSync(join(root, 'data', 'encoders'))).toEqual([]);
  });

  it('as a file of its head, or the names of its tags, is refused before anything is stored', async () => {
    const path = fileOf('encoder.safetensors', safetensors(weights));
    const headPath = fileOf('head.pt', pytorchFile(linear('0', 3, 10)));
    const tagsPath = fileOf('two.txt', 'one\ntwo\n');
    await expect(services.encoders.importWeights(path, { headPath, tagsPath })).rejects.toThrow(/gives 3 numbers, and 2 names were given/);
    await expect(services.encoders.importWeights(path, { headPath: root })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(services.encoders.importWeights(path, { tagsPath })).rejects.toThrow(/holds no head/);
    expect(services.encoders.list()).toEqual([]);
  });
});

describe('a head of 20 GB beside an encoder', () => {
  it('is left out, and the encoder is imported', async () => {
    const path = sparse('large-head.safetensors', { ...shapes, 'fc.weight': [500_000_000, 10], 'fc.bias': [500_000_000] });
    const { id, remarks } = await services.encoders.importWeights(path);
    expect(remarks).toEqual(['Left out: 2 tensors that the encoder does not use (fc.weight, fc.bias).']);
    services.encoders.remove(id);
  });
});

describe('an encoder with the file of its head', () => {
  it('has its tags as columns, by the names in the file; another head or other names are refused', async () => {
    const path = fileOf('tagger.safetensors', safetensors(small.initialise(2)));
    const headPath = fileOf('head.pt', pytorchFile(together(linear('0', 6, 10), linear('2', 3, 6))));
    const tagsPath = fileOf('tags.json', JSON.stringify(['rainy', 'has “sax”', '明るい']));
    const { id, tagSet, remarks } = await services.encoders.importWeights(path, { headPath, tagsPath });
    expect([tagSet?.labels, remarks]).toEqual([['rainy', 'has “sax”', '明るい'], []]);
    expect(await services.encoders.importWeights(path, { headPath, tagsPath })).toMatchObject({ id });
    const other = fileOf('other-head.pt', pytorchFile(linear('0', 3, 10)));
    await expect(services.encoders.importWeights(path, { headPath: other, tagsPath })).rejects.toThrow(
      /has a head already \(3 tags, 3 tags\)/,
    );
    const renamed = fileOf('renamed.txt', 'a\nb\nc');
    await expect(services.encoders.importWeights(path, { headPath, tagsPath: renamed })).rejects.toThrow(/has a head already/);
    expect(services.encoders.list().map((one) => [one.id, one.tagSet?.labels[0]])).toEqual([[id, 'rainy']]);
  });

  it('without names is imported, and the head is left out with a remark', async () => {
    const path = fileOf('unnamed.safetensors', safetensors(together(small.initialise(3), linear('fc', 7, 10))));
    const { tagSet, remarks } = await services.encoders.importWeights(path);
    expect([tagSet, remarks]).toEqual([null, [expect.stringContaining('its head of 7 outputs, whose names are not known')]]);
  });
});

describe('names of tags', () => {
  it.each<[string, string]>([
    ['one a line', ' a \r\nb\n\n'],
    ['a JSON list', '["a", "b"]'],
    ['a list under a name', '{"version": 2, "tags": ["a", "b"]}'],
    ['a name for each number', '{"1": "b", "0": "a"}'],
    ['a model’s id2label', '{"id2label": {"0": "a", "1": "b"}}'],
  ])('are read from %s', async (_, content) => {
    expect(await readTagNames(fileOf('names', content))).toEqual(['a', 'b']);
  });

  it.each<[string, string]>([
    ['nothing', '\n \n'],
    ['JSON that is cut', '["a", '],
    ['a list with a number', '["a", 2]'],
    ['numbers that leave one out', '{"0": "a", "2": "c"}'],
    ['an empty name', '["a", " "]'],
    ['a name of a page', `a\n${'b'.repeat(201)}`],
    ['more names than a head has outputs', 'a\n'.repeat(4097)],
    ['an empty line between', 'a\n\nb\n'],
    ['a name that cannot be seen', 'a\nb\u001b[31m\n'],
  ])('are refused: %s', async (_, content) => {
    await expect(readTagNames(fileOf('names', content))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('no list of tags') as string,
    });
  });

  it('are refused where two are alike', async () => {
    await expect(readTagNames(fileOf('names', 'Rock\nfolk\nrock\n'))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('names “rock” twice') as string,
    });
  });
});

describe('weights that are here already', () => {
  it('are said to be, under the name that they have', async () => {
    const path = fileOf('twice.safetensors', safetensors(weights));
    const first = await services.encoders.importWeights(path, { name: 'Ears' });
    const again = await services.encoders.importWeights(path, { name: 'Other ears' });
    expect([again.id, again.name]).toEqual([first.id, 'Ears']);
    expect([first.remarks, again.remarks]).toEqual([[], ['These weights were here already, as “Ears”.']]);
  });
});
