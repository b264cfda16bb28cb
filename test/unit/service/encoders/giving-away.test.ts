/** @file An encoder that is given away and comes back in another library: weights, settings, notes, head and the names of its tags, and nothing else. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEncoderRunner,
  encodeSafetensors,
  encodeZip,
  encoderMetadata,
  exportOnnx,
  loadWeights,
  readWeightsFile,
} from '../../../../src-main/compute/index.ts';
import { MessageWriter } from '../../../../src-main/compute/onnx/protobuf.ts';
import { openModel } from '../../../../src-main/compute/session.ts';
import type { Encoder } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createEncoder, createSampleCnn, pictures } from '../../../../src-main/learn/index.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { linear, pytorchFile, together } from '../../../support/pytorch-file.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
const small = createSampleCnn({ sampleRate: 8000, strides: [3, 3], channels: [4, 4, 5, 10] });
const weights = small.initialise(1);
const head = together(linear('0', 6, 10), linear('2', 3, 6));
const tags = ['rainy', 'has “sax”', '明るい'];

let root: string;
let services: Services;
let other: Services;
let encoder: Encoder;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-giving-'));
  const open = (name: string): Services =>
    createServices({
      ...{ dataDirectory: join(root, name), host, entries: sourceEntries },
      report: (error) => {
        throw error;
      },
    });
  [services, other] = [open('mine'), open('theirs')];
  const folder = join(root, 'private', 'music');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'small.safetensors');
  writeFileSync(path, encodeSafetensors(weights, encoderMetadata(small.settings)));
  writeFileSync(join(root, 'head.pt'), pytorchFile(head));
  writeFileSync(join(root, 'tags.txt'), tags.join('\n'));
  encoder = await services.encoders.importWeights(path, {
    name: 'Small | one',
    headPath: join(root, 'head.pt'),
    tagsPath: join(root, 'tags.txt'),
  });
  services.store.notes.set(encoder.id, 3, 'a piano, alone');
  services.store.notes.set(encoder.id, 7, 'silence before the beat');
});
afterAll(async () => {
  await Promise.all([services.close(), other.close()]);
  rmSync(root, { recursive: true, force: true });
});

const place = (name: string): string => join(root, name);

describe('a bundle', () => {
  it('brings everything that belongs to the encoder into another library, and says so', async () => {
    await services.encoders.export({ encoderId: encoder.id, path: place('small.zip'), layout: 'bundle', withHead: true });
    const came = await other.encoders.importWeights(place('small.zip'));
    expect(came).toMatchObject({ name: 'Small | one', dimensions: 10, sampleRate: 8000, tagSet: { name: '3 tags', labels: tags } });
    expect(came.remarks).toEqual(['2 notes on what its neurons hear came along.']);
    expect(other.store.notes.list(came.id)).toEqual([
      { feature: 3, text: 'a piano, alone' },
      { feature: 7, text: 'silence before the beat' },
    ]);
    expect(await readWeightsFile(other.store.paths.weights(came.id))).toEqual(
      await readWeightsFile(services.store.paths.weights(encoder.id)),
    );
  });

  it('is taken when it is dropped on the window: brought piece by piece, and deleted afterwards', async () => {
    const quiet = new AbortController().signal;
    const bytes = readFileSync(place('small.zip'));
    const { similar, encoders } = other.handlers;
    const { fileId } = await similar.openFile({ name: 'small.zip', bytes: bytes.length }, quiet);
    await expect(encoders.importBrought({ fileId }, quiet)).rejects.toThrow(/is not there yet: 0 of/);
    await similar.sendPiece({ fileId, offset: 0, piece: bytes.toString('base64') }, quiet);
    const { id, name } = await encoders.importBrought({ fileId }, quiet);
    expect([id, name]).toEqual([other.encoders.list()[0]?.id, 'Small | one']);
    expect(readdirSync(other.store.paths.cached('query'))).toEqual([]);
    const broken = await similar.openFile({ name: 'broken.pt', bytes: 4 }, quiet);
    await similar.sendPiece({ ...broken, offset: 0, piece: Buffer.from('none').toString('base64') }, quiet);
    await expect(encoders.importBrought(broken, quiet)).rejects.toThrow(/broken\.pt/);
    expect(readdirSync(other.store.paths.cached('query'))).toEqual([]);
  });

  it('never writes over notes of the person who takes it in', async () => {
    const [mine] = other.encoders.list();
    other.store.notes.set(mine?.id as never, 3, 'strings, I think');
    await other.encoders.importWeights(place('small.zip'));
    expect(other.store.notes.list(mine?.id as never)[0]).toEqual({ feature: 3, text: 'strings, I think' });
  });

  it('brings notes on neurons of layers with the space that they belong to, and makes the space where there is none', async () => {
    const { store } = services;
    const noted = (output: string, pooling: 'mean' | 'max', texts: Readonly<Record<number, string>>): void => {
      const space = store.encoders.ensureSpace(store.encoders.get(encoder.id), {
        space: { output, pooling },
        title: output,
        dimensions: 5,
      });
      for (const [feature, text] of Object.entries(texts)) store.notes.set(space.id, Number(feature), text);
    };
    noted('block-2', 'max', { 0: 'kick', 4: 'applause' });
    noted('block-2', 'mean', { 1: 'hiss' });
    noted('block-1', 'mean', {});
    noted('first', 'mean', { 2: 'taken out' });
    store.encoders.remove(store.encoders.spacesOf(encoder.id).find(({ space }) => space?.output === 'first')?.id as never);
    await services.encoders.export({ encoderId: encoder.id, path: place('layers.zip'), layout: 'bundle', withHead: false });
    const third = createServices({ dataDirectory: place('third'), host, entries: sourceEntries, report: () => undefined });
    try {
      const came = await third.encoders.importWeights(place('layers.zip'));
      expect(came.remarks).toEqual(['5 notes on what its neurons hear came along.']);
      const spaces = third.store.encoders.spacesOf(came.id);
      expect(spaces.map(({ space, dimensions, id }) => [space, dimensions, third.store.notes.list(id).map(({ text }) => text)])).toEqual([
        [{ output: 'block-2', pooling: 'max' }, 5, ['kick', 'applause']],
        [{ output: 'block-2', pooling: 'mean' }, 5, ['hiss']],
      ]);
      expect(third.store.notes.list(came.id)).toHaveLength(2);
      third.store.notes.set(spaces[0]?.id as never, 0, 'a door');
      third.store.notes.set(spaces[0]?.id as never, 4, '');
      expect((await third.encoders.importWeights(place('layers.zip'))).remarks).toContain('1 note on what its neurons hear came along.');
      expect(third.store.notes.list(spaces[0]?.id as never).map(({ text }) => text)).toEqual(['a door', 'applause']);
    } finally {
      for (const { id } of store.encoders.spacesOf(encoder.id)) store.encoders.remove(id);
      await third.close();
    }
  });

  it('leaves out notes on outputs and neurons that the encoder does not have, and says so', async () => {
    const spaces = [
      { output: 'layer-9', pooling: 'mean', notes: [{ feature: 0, text: 'x' }] },
      { output: 'block-2', pooling: 'median', notes: [{ feature: 0, text: 'x' }] },
      { output: 'first', pooling: 'max', notes: [{ feature: 99, text: 'x' }] },
      null,
    ];
    const path = place('strange.zip');
    writeFileSync(
      path,
      encodeZip(
        new Map([
          ['model.safetensors', encodeSafetensors(small.initialise(9), encoderMetadata(small.settings))],
          ['earmark.json', Buffer.from(JSON.stringify({ format: 'earmark-encoder', name: 'Strange', notes: [], spaces }))],
        ]),
      ),
    );
    const came = await other.encoders.importWeights(path);
    expect(came.remarks).toEqual(['Left out: notes on outputs that it does not have (layer-9).']);
    expect(other.store.encoders.spacesOf(came.id)).toEqual([]);
    other.encoders.remove(came.id);
  });

  it('tells nothing of files and folders of the person who gave it', () => {
    const text = readFileSync(place('small.zip')).toString('latin1');
    expect(text).not.toContain('private');
    expect(text).not.toContain(root);
  });

  it('is the same bytes each time', async () => {
    await services.encoders.export({ encoderId: encoder.id, path: place('again.zip'), layout: 'bundle', withHead: true });
    expect(readFileSync(place('again.zip')).equals(readFileSync(place('small.zip')))).toBe(true);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['no JSON', '{', /is not JSON/],
    ['the description of something else', '{"format": "earmark-library"}', /is not a description of an encoder/],
  ])('whose description is %s is refused', async (_, description, says) => {
    const path = place('bad.zip');
    writeFileSync(
      path,
      encodeZip(
        new Map([
          ['model.safetensors', encodeSafetensors(weights, encoderMetadata(small.settings))],
          ['earmark.json', Buffer.from(description)],
        ]),
      ),
    );
    await expect(loadWeights(path)).rejects.toMatchObject({ code: 'WEIGHTS_UNREADABLE', message: expect.stringMatching(says) as string });
  });

  it('whose notes are none keeps those that are', async () => {
    const notes = [
      { feature: 1, text: 'ok' },
      { feature: -1, text: 'x' },
      { feature: 2 },
      null,
      { feature: 2.5, text: 'x' },
      { feature: 4, text: ' ' },
    ];
    const path = place('notes.zip');
    writeFileSync(
      path,
      encodeZip(
        new Map([
          ['model.safetensors', encodeSafetensors(weights, encoderMetadata(small.settings))],
          ['earmark.json', Buffer.from(JSON.stringify({ format: 'earmark-encoder', name: 7, head: { title: 'x', labels: [1] }, notes }))],
        ]),
      ),
    );
    expect((await loadWeights(path)).bundle).toEqual({ name: '', head: null, notes: [{ feature: 1, text: 'ok' }], spaces: [] });
  });
});

describe('a model’s folder', () => {
  it('has a card, the weights, the settings, and ONNX of the encoder and its head for any batch', async () => {
    const { files } = await services.encoders.export({ encoderId: encoder.id, path: place('folder'), layout: 'folder', withHead: true });
    expect(files.toSorted()).toEqual([
      'README.md',
      'config.json',
      'earmark.json',
      'head.safetensors',
      'model.safetensors',
      'onnx/model.onnx',
      'onnx/model_with_head.onnx',
      'preprocessor_config.json',
    ]);
    expect(JSON.parse(readFileSync(join(place('folder'), 'config.json'), 'utf8'))).toMatchObject({
      model_type: 'earmark',
      architecture: 'sample-cnn',
      sampleRate: 8000,
    });
    const card = readFileSync(join(place('folder'), 'README.md'), 'utf8');
    expect(card).toContain('# Small one');
    expect(card).toContain('3 tags');
    expect(card).toContain('2 neurons have notes');
    const [plain, headed] = await Promise.all(
      ['model.onnx', 'model_with_head.onnx'].map((name) =>
        openModel({ name, bytes: readFileSync(join(place('folder'), 'onnx', name)), device: 'cpu', threads: 1 }),
      ),
    );
    const feeds = { wave: { shape: [3, 27], data: Float32Array.from({ length: 81 }, (_, i) => Math.sin(i * i)) } };
    const [own, both] = [await plain?.run(feeds), await headed?.run(feeds)];
    expect(both?.['embedding']).toEqual(own?.['embedding']);
    expect(both?.['probabilities']?.shape).toEqual([3, 3]);
    expect([...(both?.['probabilities']?.data ?? [])].every((value) => value > 0 && value < 1)).toBe(true);
    await Promise.all([plain?.close(), headed?.close()]);
  });

  it('comes back as the same encoder, with its head', async () => {
    const { settings, head: read, bundle } = await loadWeights(place('folder'));
    expect([settings, read.get('fc.weight')?.data]).toEqual([small.settings, head.get('2.weight')?.data]);
    expect(bundle?.head?.labels).toEqual(tags);
  });

  it('without its head has neither the head nor the names of its tags', async () => {
    const { files } = await services.encoders.export({ encoderId: encoder.id, path: place('bare'), layout: 'folder', withHead: false });
    expect(files).not.toContain('head.safetensors');
    expect(readdirSync(join(place('bare'), 'onnx'))).toEqual(['model.onnx']);
    for (const name of ['earmark.json', 'README.md']) expect(readFileSync(join(place('bare'), name), 'utf8')).not.toContain('rainy');
  });

  it('is not written over anything, nor to half of a path', async () => {
    const wish = { encoderId: encoder.id, withHead: true } as const;
    await expect(services.encoders.export({ ...wish, path: place('folder'), layout: 'folder' })).rejects.toThrow(/is there already/);
    await expect(services.encoders.export({ ...wish, path: 'folder', layout: 'folder' })).rejects.toThrow(/not a whole path/);
    await expect(services.encoders.export({ ...wish, path: place('x.bin'), layout: 'bundle' })).rejects.toThrow(/must end with \.zip/);
    await expect(services.encoders.export({ ...wish, path: join(root, 'nowhere', 'x'), layout: 'folder' })).rejects.toMatchObject({
      code: 'FILE_GONE',
    });
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('a Vision Transformer', () => {
  const mel = { ...pictures.mynaMel, sampleRate: 8000, highestHz: 4000, window: 64, hop: 32, bands: 16 };
  const patches = [
    { bands: 4, frames: 4 },
    { bands: 16, frames: 2 },
  ];
  const vit = createEncoder({
    ...{ architecture: 'vit', sampleRate: 8000, cropSamples: 600, mel, frames: 16, patches },
    ...{ values: 8, layers: 2, heads: 2, headValues: 3, inner: 12 },
  });

  it('comes back from a bundle, a folder and one file, and its ONNX gives the same for any batch', async () => {
    const path = place('vit.safetensors');
    writeFileSync(path, encodeSafetensors(vit.initialise(4), encoderMetadata(vit.settings)));
    const { id } = await services.encoders.importWeights(path, { name: 'Myna, small' });
    const layouts = { folder: 'vit', bundle: 'vit.zip', onnx: 'vit.onnx', safetensors: 'vit-again.safetensors' } as const;
    for (const layout of ['folder', 'bundle', 'onnx', 'safetensors'] as const)
      await services.encoders.export({ encoderId: id, path: place(layouts[layout]), layout, withHead: false });
    for (const layout of ['folder', 'bundle', 'safetensors'] as const) {
      const { settings, weights: found } = await loadWeights(place(layouts[layout]));
      expect(settings).toEqual(vit.settings);
      expect(found).toEqual(vit.initialise(4));
    }
    expect(readFileSync(join(place('vit'), 'README.md'), 'utf8')).toContain('Vision Transformer');
    const wave = Float32Array.from({ length: 1800 }, (_, i) => Math.sin(i * i) / 2);
    const runner = await createEncoderRunner({ settings: vit.settings, weights: vit.initialise(4), device: 'cpu' });
    const model = await openModel({ name: 'vit.onnx', bytes: readFileSync(place('vit.onnx')), device: 'cpu', threads: 1 });
    for (const batch of [1, 3]) {
      const data = wave.subarray(0, 600 * batch);
      const found = (await model.run({ wave: { shape: [batch, 600], data } }))['embedding'];
      const expected = await runner.encode(data, batch);
      expect(found?.shape).toEqual([batch, 16]);
      expected.forEach((value, at) => expect(Number(found?.data[at])).toBeCloseTo(value, 5));
    }
    await Promise.all([model.close(), runner.close()]);
    expect((await loadWeights(place('vit.onnx'))).settings).toMatchObject({ architecture: 'onnx' });
  });
});

describe('an encoder that came as an ONNX file', () => {
  it('is given away too; one whose file needs code from elsewhere is refused within a bundle as well', async () => {
    const path = place('small.onnx');
    writeFileSync(path, exportOnnx(small, weights));
    const { id } = await services.encoders.importWeights(path);
    await services.encoders.export({ encoderId: id, path: place('foreign.zip'), layout: 'bundle', withHead: true });
    const { encoder: again } = await loadWeights(place('foreign.zip'));
    expect(again).toMatchObject({ architecture: 'onnx', dimensions: 10 });
    const node = new MessageWriter().string(1, 'embedding').string(2, 'q').string(4, 'Magic').string(7, 'com.example');
    const bytes = Buffer.concat([
      exportOnnx(small, weights),
      new MessageWriter().message(7, new MessageWriter().message(1, node)).finish(),
    ]);
    const words = new Float32Array(Math.ceil(bytes.length / 4));
    new Uint8Array(words.buffer).set(bytes);
    const bad = new Map([['onnx.model', { shape: [words.length], data: words }]]);
    writeFileSync(place('bad.safetensors'), encodeSafetensors(bad, encoderMetadata({ ...again.settings, bytes: bytes.length })));
    await expect(loadWeights(place('bad.safetensors'))).rejects.toMatchObject({ code: 'WEIGHTS_UNSAFE' });
  });
});
