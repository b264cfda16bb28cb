/** @file An encoder is made from the settings that are stored with it: of any shape, in a real library, with the real process that indexes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { encoderMetadata, exportOnnx, hashWeights, loadWeights, writeSafetensorsFile } from '../../../../src-main/compute/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createSampleCnn, findEncoder } from '../../../../src-main/learn/index.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { IndexResult, Services } from '../../../../src-main/service/index.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';
import { writeWav } from '../../../support/wav.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
const small = createSampleCnn({ sampleRate: 8000, strides: [3, 3, 3, 3, 3, 2, 2], channels: [4, 4, 5, 5, 6, 7, 8, 9, 10] });
const seconds = 3;

async function library(): Promise<{ services: Services; root: string }> {
  const root = temporaryDirectory();
  mkdirSync(join(root, 'music'));
  writeWav(join(root, 'music', 'a.wav'), { seconds, seed: 1, sampleRate: 8000 });
  const report = (error: unknown): never => {
    throw error;
  };
  const services = createServices({ dataDirectory: join(root, 'data'), host, entries: sourceEntries, report });
  onTestFinished(() => services.close());
  await (
    await services.library.addFolder(join(root, 'music'))
  ).settled;
  return { services, root };
}

it('is imported with its settings, indexes with them, and has them beside its weights', async () => {
  const { services, root } = await library();
  const path = join(root, 'small.safetensors');
  await writeSafetensorsFile(path, small.initialise(1), encoderMetadata(small.settings));
  const { id, cropSamples, dimensions } = await services.encoders.importWeights(path);
  expect([cropSamples, dimensions]).toEqual([small.cropSamples, 10]);
  expect(services.store.encoders.get(id).settings).toEqual(small.settings);
  const { result } = await services.encoders.index({ encoderId: id, device: 'cpu' }).settled;
  expect(result).toMatchObject({ tracks: 1, segments: Math.floor((seconds * 8000) / small.cropSamples) } satisfies Partial<IndexResult>);
  expect((await loadWeights(services.store.paths.weights(id))).settings).toEqual(small.settings);
});

it('that came as an ONNX file indexes in the same way, and gives what the encoder gives that it was made of', async () => {
  const { services, root } = await library();
  const weights = small.initialise(1);
  const [own, foreign] = [join(root, 'small.safetensors'), join(root, 'small.onnx')];
  await writeSafetensorsFile(own, weights, encoderMetadata(small.settings));
  writeFileSync(foreign, exportOnnx(small, weights));
  const rows: Float32Array[] = [];
  for (const path of [own, foreign]) {
    const { id } = await services.encoders.importWeights(path);
    await services.encoders.index({ encoderId: id, device: 'cpu' }).settled;
    const [track] = services.store.index.waiting(services.store.index.current(id)?.id as never);
    expect(track).toBeUndefined();
    rows.push(services.store.index.embeddings(id, 1 as never));
  }
  expect(rows[1]?.length).toBeGreaterThan(0);
  expect(rows[1]).toEqual(rows[0]);
  await expect(services.encoders.importWeights(foreign, { onnx: { sampleRate: 16_000 } })).rejects.toMatchObject({
    code: 'WEIGHTS_MISMATCH',
  });
  expect(services.encoders.list()).toHaveLength(2);
});

it('that came as an ONNX file is indexed by a value inside it, also where an earlier version brought it without any', async () => {
  const { services, root } = await library();
  const foreign = join(root, 'small.onnx');
  const weights = small.initialise(1);
  writeFileSync(foreign, exportOnnx(small, weights));
  const { id } = await services.encoders.importWeights(foreign);
  const offered = services.encoders.outputs(id);
  const [chosen] = offered;
  expect(offered.length).toBeGreaterThan(5);
  const { inner, ...older } = services.store.encoders.get(id).settings as Record<string, unknown>;
  expect(inner).toHaveLength(offered.length - 1);
  services.store.encoders.setSettings(id, older);
  expect(services.encoders.outputs(id)).toMatchObject([{ name: 'embedding' }]);
  expect(await services.encoders.importWeights(foreign)).toMatchObject({ id });
  expect(services.encoders.outputs(id)).toEqual(offered);
  const outputs = [{ output: chosen?.name ?? '', pooling: 'max' as const }];
  const { result } = await services.encoders.index({ encoderId: id, device: 'cpu', outputs }).settled;
  expect(result).toMatchObject({ tracks: 1, features: chosen?.dimensions, spaces: [{ output: chosen?.name, pooling: 'max' }] });
  const space = services.encoders.resolve(id, outputs[0]);
  expect(services.store.index.embeddings(space.id, 1 as never).some((value) => value !== 0)).toBe(true);
});

it('of a library from before settings were stored is the published one of its rate', async () => {
  const { services } = await library();
  const published = findEncoder('sample-cnn', 8000);
  const { store } = services;
  const { cropSamples, dimensions } = published;
  const weights = published.initialise(2);
  const { id } = store.encoders.add({
    ...{ name: 'Old', architecture: 'sample-cnn', settings: {}, sampleRate: 8000, cropSamples, dimensions },
    ...{ source: 'untrained', origin: 'seed 2', weightsSha256: hashWeights(weights) },
  });
  await writeSafetensorsFile(store.paths.weights(id), weights, { architecture: 'sample-cnn', sampleRate: '8000' });
  const { result } = await services.encoders.index({ encoderId: id, device: 'cpu' }).settled;
  expect(result).toMatchObject({ failed: [] });
  expect((await loadWeights(store.paths.weights(id))).settings).toEqual(published.settings);
});
