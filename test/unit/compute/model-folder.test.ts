/** @file Models' folders in Hugging Face's layout: one that its own library wrote is imported; broken ones are refused with a sentence. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encoderMetadata, encodeSafetensors, loadWeights, modelConfig } from '../../../src-main/compute/index.ts';
import { createEncoder } from '../../../src-main/learn/index.ts';

const model = fileURLToPath(new URL('../../parity/reference/data2vec-tiny/', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'earmark-model-')), 'model');
  cpSync(model, folder, { recursive: true });
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

/** Changes the folder's description. */
function configure(changes: Record<string, unknown>): void {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...changes }));
}

describe('a model’s folder', () => {
  it('is imported with the rate, the heads and the layers that it describes, for crops of five seconds', async () => {
    const { encoder, weights, head } = await loadWeights(folder);
    expect(encoder).toMatchObject({ architecture: 'data2vec', title: 'data2vec', sampleRate: 16_000, cropSamples: 80_000, dimensions: 48 });
    expect(encoder.settings).toMatchObject({ layers: 4, heads: 4, inner: 96, positionGroups: 16, isNormalised: true });
    expect(weights.get('encoder.layers.3.final_layer_norm.bias')?.shape).toEqual([48]);
    expect(head.size).toBe(0);
  });

  it('is described again as its own library described it', async () => {
    const { settings } = await loadWeights(folder);
    const described = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
    const { config, preprocessor } = modelConfig(settings);
    const { architectures: _, model_type: kind, ...sizes } = config;
    expect(kind).toBe('data2vec-audio');
    for (const [name, value] of Object.entries(sizes)) expect([name, value]).toEqual([name, described[name] ?? value]);
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify(preprocessor));
    expect((await loadWeights(folder)).settings).toEqual(settings);
  });

  it('comes back from its weights and settings alone', async () => {
    const { encoder, weights } = await loadWeights(folder);
    const path = join(folder, '..', 'kept.safetensors');
    writeFileSync(path, encodeSafetensors(weights, encoderMetadata(encoder.settings)));
    const again = await loadWeights(path);
    expect(again.settings).toEqual(encoder.settings);
    expect(createEncoder(again.settings).parameters()).toEqual(encoder.parameters());
  });

  it.each<[string, () => void, RegExp]>([
    ['of another kind of model', () => configure({ model_type: 'wav2vec2' }), /of the kind wav2vec2/],
    ['whose heads do not divide its values', () => configure({ num_attention_heads: 5 }), /not the settings of a data2vec encoder/],
    ['whose weights have another shape', () => configure({ hidden_size: 96 }), /is \[.*\] instead of \[/],
    ['with more layers than weights', () => configure({ num_hidden_layers: 5 }), /encoder\.layers\.4\..* is missing/],
    ['without weights', () => rmSync(join(folder, 'model.safetensors')), /holds none of model\.safetensors, pytorch_model\.bin/],
    ['whose description is no JSON', () => writeFileSync(join(folder, 'config.json'), '{'), /is not a description of a model/],
    ['whose description is a list', () => writeFileSync(join(folder, 'config.json'), 'null'), /is not a description of a model/],
    ['without a description', () => rmSync(join(folder, 'config.json')), /is a folder, not a file, and holds no config\.json/],
    [
      'whose weights are cut',
      () => writeFileSync(join(folder, 'model.safetensors'), readFileSync(join(model, 'model.safetensors')).subarray(0, 5000)),
      /model\.safetensors/,
    ],
  ])('is refused: one %s', async (_, breakIt, says) => {
    breakIt();
    await expect(loadWeights(folder)).rejects.toThrow(says);
  });

  it('is refused where its files are folders', async () => {
    rmSync(join(folder, 'config.json'));
    mkdirSync(join(folder, 'config.json'));
    await expect(loadWeights(folder)).rejects.toThrow();
  });
});
