/** @file Weights in the layouts in which others publish them: CLMR's zips and heads, VICMus's and torchvision's ResNets. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encoderMetadata, encodeSafetensors, loadWeights } from '../../../src-main/compute/index.ts';
import { chosenEncoder, createEncoder, createResnet, createSampleCnn, findEncoder } from '../../../src-main/learn/index.ts';
import type { ResnetSettings, WeightArray, WeightArrays } from '../../../src-main/learn/index.ts';
import { linear, pytorchFile, together, under } from '../../support/pytorch-file.ts';
import { zip } from './pickle-bytes.ts';

let folder: string;
const clmr = findEncoder('sample-cnn', 8000);
const weights = clmr.initialise(5);
const small = createSampleCnn({ sampleRate: 8000, strides: [3, 3], channels: [4, 4, 5, 10] });
const smallFile = encodeSafetensors(small.initialise(1), encoderMetadata(small.settings));
const projector: WeightArrays = new Map([
  ['0.weight', { shape: [2, 512], data: new Float32Array(1024) }],
  ['2.weight', { shape: [2, 2], data: new Float32Array(4) }],
]);
const perceptron = together(linear('model.0', 6, 512), linear('model.2', 3, 6));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earmark-published-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(bytes: Uint8Array, name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const shapesOf = (arrays: WeightArrays): Record<string, readonly number[]> =>
  Object.fromEntries([...arrays].map(([name, { shape }]) => [name, shape]));
const encoderFile = (): Buffer =>
  pytorchFile(together(under('model.encoder.', weights), under('model.projector.', projector)), { lightning: true });

describe('CLMR’s zip', () => {
  it('gives the encoder and the head that was trained on it, which holds the encoder too', async () => {
    const head = pytorchFile(together(under('encoder.', weights), perceptron), { lightning: true });
    const path = await fileOf(
      zip({
        'clmr_magnatagatune_mlp/': new Uint8Array(0),
        'clmr_magnatagatune_mlp/clmr_epoch=10000.ckpt': encoderFile(),
        'clmr_magnatagatune_mlp/mlp_epoch=34-step=2589.ckpt': head,
        '__MACOSX/clmr_magnatagatune_mlp/._clmr_epoch=10000.ckpt': Buffer.from('no weights'),
      }),
      'clmr_magnatagatune_mlp.zip',
    );
    const loaded = await loadWeights(path, { wantsProjector: false });
    expect(loaded.encoder.sampleRate).toBe(8000);
    expect(loaded.weights.get('sequential.0.0.weight')?.data).toEqual(weights.get('sequential.0.0.weight')?.data);
    expect(shapesOf(loaded.head)).toEqual({ 'hidden.weight': [6, 512], 'hidden.bias': [6], 'fc.weight': [3, 6], 'fc.bias': [3] });
    expect(loaded.remarks).toEqual([]);
  });

  it('gives the head of a file of its own, and says that the projector is left out', async () => {
    const members = { 'clmr_checkpoint_10000.pt': encoderFile(), 'finetuner_checkpoint_200.pt': pytorchFile(linear('0', 50, 512)) };
    const loaded = await loadWeights(await fileOf(zip(members), 'clmr.zip'));
    expect(shapesOf(loaded.head)).toEqual({ 'fc.weight': [50, 512], 'fc.bias': [50] });
    expect(loaded.remarks).toEqual(['Left out: the projector of the training (2 tensors).']);
  });

  it('says which heads it has when there are several, and takes none', async () => {
    const members = { 'a.safetensors': smallFile, 'l.pt': pytorchFile(linear('', 3, 10)), 'm.pt': pytorchFile(linear('', 4, 10)) };
    const { head, remarks } = await loadWeights(await fileOf(zip(members), 'several.zip'));
    expect([head.size, remarks]).toEqual([0, [expect.stringContaining('several (l.pt, m.pt)')]]);
  });

  it.each<[string, () => Record<string, Uint8Array>, RegExp]>([
    ['no weights', () => ({ 'readme.txt': Buffer.from('x') }), /holds no files of weights/],
    ['an archive of archives', () => ({ 'inner.pt': zip({ 'a.safetensors': smallFile }) }), /inner\.pt|not one of PyTorch/],
    [
      'two encoders',
      () => ({ 'a.safetensors': smallFile, 'b.safetensors': encodeSafetensors(small.initialise(2), encoderMetadata(small.settings)) }),
      /several encoders \(a\.safetensors, b\.safetensors\)\. Unpack it/,
    ],
    ['no encoder', () => ({ 'a.pt': pytorchFile(linear('0', 3, 10)) }), /holds? no encoder|are not those of a SampleCNN/],
    [
      'a head for another encoder',
      () => ({ 'a.safetensors': smallFile, 'h.pt': pytorchFile(linear('0', 3, 512)) }),
      /takes embeddings of 512 numbers, and this encoder gives 10/,
    ],
    [
      'more files of weights than anybody publishes',
      () => Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.pt`, new Uint8Array(1)])),
      /holds 40 files of weights/,
    ],
    [
      'more members than anybody publishes',
      () => Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [String(i), new Uint8Array(0)])),
      /holds 10001 files/,
    ],
  ])('with %s is refused in one sentence', async (_, members, says) => {
    await expect(loadWeights(await fileOf(zip(members()), 'bad.zip'))).rejects.toMatchObject({
      code: expect.stringMatching(/^WEIGHTS_(UNREADABLE|MISMATCH)$/) as string,
      message: expect.stringMatching(says) as string,
    });
  });

  it('is refused before it unpacks to more than its size allows, whatever it says of its members', async () => {
    const bytes = 2 ** 28;
    const plain = zip({ 'bomb.safetensors': deflateRawSync(Buffer.alloc(bytes), { level: 9 }) });
    const directory = plain.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    plain.writeUInt16LE(8, directory + 10);
    for (const [says, why] of [
      [bytes, /would take 256 MB/],
      [1000, /is damaged/],
    ] as const) {
      plain.writeUInt32LE(says, directory + 24);
      await expect(loadWeights(await fileOf(plain, 'bomb.zip'))).rejects.toThrow(why);
    }
  });
});

describe('a head in a file of its own', () => {
  it.each<[string, WeightArrays, string[]]>([
    ['one layer without a name', linear('', 3, 10), ['fc.weight', 'fc.bias']],
    ['a sequence', linear('0', 3, 10), ['fc.weight', 'fc.bias']],
    [
      'CLMR’s evaluation with its encoder',
      together(under('encoder.', small.initialise(1)), linear('model.0', 3, 10)),
      ['fc.weight', 'fc.bias'],
    ],
    [
      'two layers, the last one first',
      together(linear('b', 3, 6), linear('a', 6, 10)),
      ['hidden.weight', 'hidden.bias', 'fc.weight', 'fc.bias'],
    ],
    [
      'VICMus’s classifier',
      together(under('backbone.', small.initialise(1)), linear('mlp.0', 6, 10), linear('mlp.2', 3, 6)),
      ['hidden.weight', 'hidden.bias', 'fc.weight', 'fc.bias'],
    ],
  ])('%s is put beside its encoder', async (_, tensors, names) => {
    const path = await fileOf(smallFile, 'small.safetensors');
    const { head } = await loadWeights(path, { headPath: await fileOf(pytorchFile(tensors, { lightning: true }), 'head.pt') });
    expect([...head.keys()]).toEqual(names);
    const own = [...tensors].find(([, { shape }]) => shape.join() === '3,10' || shape.join() === '3,6');
    expect(head.get('fc.weight')?.data).toEqual(own?.[1].data);
  });

  it('in a zip of its own is found there', async () => {
    const headPath = await fileOf(zip({ 'finetuner_checkpoint_200.pt': pytorchFile(linear('0', 3, 10)) }), 'finetuner_checkpoint_200.zip');
    expect((await loadWeights(await fileOf(smallFile, 'small.safetensors'), { headPath })).head.size).toBe(2);
  });

  const norm: WeightArrays = new Map([['1.running_mean', { shape: [6], data: new Float32Array(6) }]]);
  it.each<[string, WeightArrays, RegExp]>([
    [
      'for another encoder',
      linear('0', 3, 512),
      /takes embeddings of 512 numbers, and this encoder gives 10: it was trained on another encoder/,
    ],
    ['with a batch norm', together(linear('0', 6, 10), norm, linear('2', 3, 6)), /more than linear layers \(1\.running_mean\)/],
    ['of three layers', together(linear('0', 6, 10), linear('2', 6, 6), linear('4', 3, 6)), /holds 3 linear layers/],
    ['of layers that do not follow each other', together(linear('0', 7, 10), linear('2', 3, 6)), /do not follow each other/],
    ['without layers', new Map([['a', { shape: [2], data: new Float32Array(2) }]]), /holds no head/],
    ['with more outputs than can be named', linear('0', 5000, 10), /more than the 4096/],
    [
      'with numbers that are none',
      new Map([...linear('0', 3, 10), ['0.bias', { shape: [3], data: Float32Array.of(0, NaN, 0) }]]),
      /are no finite numbers/,
    ],
  ])('%s is refused in one sentence', async (_, tensors, says) => {
    const headPath = await fileOf(pytorchFile(tensors), 'head.pt');
    await expect(loadWeights(await fileOf(smallFile, 'small.safetensors'), { headPath })).rejects.toThrow(says);
  });
});

describe('a ResNet', () => {
  const settings = findEncoder('resnet', 22050).settings as unknown as { mel: ResnetSettings['mel']; cropSamples: number };
  const narrow = createResnet({ depth: 50, width: 4, cropSamples: settings.cropSamples, mel: settings.mel });
  const tensors = narrow.initialise(1);
  const counters: WeightArrays = new Map([['bn1.num_batches_tracked', { shape: [], data: Float32Array.of(7) }]]);
  const expander = together(
    linear('projector.0', 4, 2048),
    new Map([
      ['projector.1.running_var', { shape: [4], data: new Float32Array(4) }],
      ['projector.3.weight', { shape: [4, 4], data: new Float32Array(16) }],
    ]),
  );

  it('of torchvision is found at its width; its classifier comes along as a head', async () => {
    const path = await fileOf(pytorchFile(together(tensors, counters, linear('fc', 1000, 2048))), 'resnet50.pth');
    const { encoder, head, remarks } = await loadWeights(path);
    expect(encoder.settings).toMatchObject({ architecture: 'resnet', depth: 50, width: 4, mel: { bands: 128 } });
    expect([shapesOf(head), remarks]).toEqual([{ 'fc.weight': [1000, 2048], 'fc.bias': [1000] }, []]);
  });

  it.each<[string, boolean]>([
    ['a Lightning checkpoint', true],
    ['a plain state dictionary', false],
  ])('of VICMus is found in %s, without its projector and with a remark', async (_, lightning) => {
    const path = await fileOf(
      pytorchFile(together(under('backbone.', together(tensors, counters)), expander), { lightning }),
      'vicmus.ckpt',
    );
    const { encoder, weights: read, projector: own, remarks } = await loadWeights(path);
    expect(encoder.title).toBe('ResNet-50');
    expect(read.get('layer4.2.conv3.weight')?.data).toEqual(tensors.get('layer4.2.conv3.weight')?.data);
    expect([...own.keys()]).toEqual(['0.weight', '0.bias', '1.running_var', '3.weight']);
    expect(remarks).toEqual(['Left out: the projector of the training (4 tensors).']);
  });

  it('with a classifier for images alone, as torchvision’s features are saved, is refused by what is missing', async () => {
    const cut = new Map([...tensors].filter(([name]) => !name.startsWith('layer4.2')));
    await expect(loadWeights(await fileOf(pytorchFile(cut), 'cut.pth'))).rejects.toThrow(
      /against ResNet-50 at 22050 Hz: 15 missing \(layer4\.2/,
    );
  });
});

describe('Myna’s checkpoints', () => {
  const choice = { architecture: 'vit', sampleRate: 16000, transformer: 'small', keptShare: 0.1, loudness: 'power' } as const;
  const hybrid = chosenEncoder({ ...choice, patches: 'both' });
  /** All zeros: it is names and shapes that tell. */
  const zeros = ({ parameters }: typeof hybrid): WeightArrays =>
    new Map(parameters().map(({ name, shape }) => [name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }]));

  it('of both kinds of patches are known by their names, beside the head of the training', async () => {
    const file = pytorchFile(together(zeros(hybrid), linear('linear_head', 50, 384)));
    const loaded = await loadWeights(await fileOf(file, 'myna-hybrid.pth'), { wantsProjector: false });
    expect(loaded.settings).toEqual(hybrid.settings);
    expect([loaded.encoder.title, loaded.encoder.dimensions, loaded.weights.size]).toEqual([
      'Vision Transformer',
      768,
      hybrid.parameters().length,
    ]);
  });

  it.each(['square', 'tall'] as const)(
    'of %s patches alone are taken as what they are said to be, since both have as many numbers',
    async (patches) => {
      const own = chosenEncoder({ ...choice, patches });
      const path = await fileOf(pytorchFile(together(zeros(own), linear('linear_head', 50, 384))), `myna-${patches}.pth`);
      await expect(loadWeights(path)).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching(
          /fit a Vision Transformer with square patches \(16 × 16\) and one with tall patches \(128 × 2\) alike.*--patches square or --patches tall/,
        ) as string,
        details: { patches: ['square', 'tall'] },
      });
      const loaded = await loadWeights(path, { patches, wantsProjector: false });
      // 98 frames are whole patches of two frames, and 96 of sixteen (released code, `get_n_frames`).
      expect(loaded.settings).toEqual({ ...own.settings, frames: patches === 'tall' ? 98 : 96 });
      expect(loaded.remarks).toEqual(['Left out: 2 tensors that the encoder does not use (linear_head.weight, linear_head.bias).']);
    },
  );

  it.each([
    ['the numbers of a patch', { patches: [{ bands: 8, frames: 8 }] }, 'square', {}],
    ['the numbers of a patch', { patches: [{ bands: 128, frames: 4 }] }, 'tall', {}],
    ['its positions', { patches: [{ bands: 16, frames: 16 }] }, 'square', { pos_embedding: [48, 384] }],
    ['its positions', { patches: [{ bands: 128, frames: 2 }] }, 'tall', { pos_embedding: [1, 49, 384] }],
  ] as const)('are told by %s where these tell', async (_, cut, kind, more) => {
    const { settings } = chosenEncoder({ ...choice, patches: 'square' });
    const own = createEncoder({ ...settings, ...cut, layers: 2, heads: 3, inner: 96 });
    const beside = Object.entries<readonly number[]>(more).map(([name, shape]): [string, WeightArray] => [
      `model.${name}`,
      { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) },
    ]);
    const tensors = new Map([...[...zeros(own)].map(([name, array]): [string, WeightArray] => [`model.${name}`, array]), ...beside]);
    const path = await fileOf(pytorchFile(tensors), 'other.pth');
    const { encoder } = await loadWeights(path, { wantsProjector: false });
    expect(encoder.settings).toMatchObject({ ...cut, layers: 2, heads: 3, inner: 96 });
    await expect(loadWeights(path, { patches: kind === 'tall' ? 'square' : 'tall' })).rejects.toThrow(
      `has ${kind} patches, and ${kind === 'tall' ? 'square' : 'tall'} ones were asked for. Leave that out.`,
    );
  });

  it('with settings beside them are what these say', async () => {
    const square = chosenEncoder({ ...choice, patches: 'square' });
    const own = createEncoder({ ...square.settings, values: 8, layers: 1, heads: 1, headValues: 4, inner: 8 });
    const loaded = await loadWeights(await fileOf(encodeSafetensors(own.initialise(1), encoderMetadata(own.settings)), 'own.safetensors'));
    expect(loaded.settings).toEqual(own.settings);
  });
});
