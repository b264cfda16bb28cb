/** @file Waves that excite filters beside PyTorch's gradient ascent, and their spectra beside numpy's. */
import { describe, expect, it } from 'vitest';
import { filterWaves, spectrumSamples } from '../../src-main/compute/index.ts';
import { filterSpectra } from '../../src-main/inspect/index.ts';
import { createSampleCnn, reachedLayers } from '../../src-main/learn/index.ts';
import type { WeightArray } from '../../src-main/learn/index.ts';
import { drawn } from '../support/drawn.ts';
import { readValues } from './reference-values.ts';

type Values = {
  strides: number[];
  channels: number[];
  samples: number;
  shown: number[];
  layers: { layer: number; waves: number[][] }[];
  spectra: { peak: number; magnitudes: number[] }[];
};
const { strides, channels, samples, shown, layers, spectra } = readValues<Values>('spectra');
const encoder = createSampleCnn({ sampleRate: 16_000, strides, channels });

/** By what each kind of weight is moved from between 0 and 1. */
const moved: Record<string, [seed: number, by: number]> = {
  '0.weight': [100, -0.5],
  '0.bias': [200, -0.5],
  '1.weight': [300, 0.5],
  '1.bias': [400, -0.5],
  '1.running_mean': [500, -0.5],
  '1.running_var': [600, 0.5],
};

const weights = new Map(
  encoder.parameters().map(({ name, shape }): [string, WeightArray] => {
    const [, layer = '', part = ''] = /^sequential\.(\d+)\.(.+)$/.exec(name) ?? [];
    const [seed, by] = moved[part] ?? [0, 0];
    const size = shape.reduce((product, one) => product * one, 1);
    return [name, { shape, data: drawn(seed + Number(layer), size).map((value) => value + by) }];
  }),
);

describe('waves that excite filters', () => {
  it.each(layers)('of layer $layer are PyTorch’s after all steps', async ({ layer, waves }) => {
    const filters = channels[layer - 1] as number;
    const start = drawn(700, filters * samples).map((value) => value - 0.5);
    const seen: number[] = [];
    const found = await filterWaves({ settings: encoder.settings, weights, layer, seed: 1, start }, (done) => seen.push(done));
    expect([spectrumSamples, found.length, seen]).toEqual([samples, filters * samples, [filters]]);
    for (const [at, filter] of shown.entries())
      for (const [sample, value] of (waves[at] as number[]).entries())
        expect(Math.abs((found[filter * samples + sample] as number) - value), `filter ${filter}, sample ${sample}`).toBeLessThan(1e-3);
  });

  it('begin with noise that follows from the seed', async () => {
    const wish = { settings: encoder.settings, weights, layer: 1 };
    const one = await filterWaves({ ...wish, seed: 1 }, () => undefined);
    expect(await filterWaves({ ...wish, seed: 1 }, () => undefined)).toEqual(one);
    expect(await filterWaves({ ...wish, seed: 2 }, () => undefined)).not.toEqual(one);
  });

  it('are made of layers that so short a wave reaches', async () => {
    expect(
      reachedLayers(
        { sampleRate: 22_050, strides: Array.from({ length: 9 }, () => 3), channels: Array.from({ length: 11 }, () => 4) },
        729,
      ),
    ).toBe(7);
    const wish = { settings: encoder.settings, weights, seed: 1 };
    await expect(filterWaves({ ...wish, layer: 6 }, () => undefined)).rejects.toThrow('Spectra are made of layers 1 to 5');
  });
});

describe('spectra of waves', () => {
  it('are numpy’s, each as high as 1, sorted by their peaks', () => {
    const waves = Float32Array.from(
      { length: 3 * samples },
      (_, at) => Math.sin((drawn(800 + Math.floor(at / samples), 1)[0] as number) * 3 * (at % samples)) + 0.3,
    );
    const found = filterSpectra(waves, samples, samples);
    expect(found.map(({ peakHz }) => peakHz)).toEqual(spectra.map(({ peak }) => peak).toSorted((a, b) => a - b));
    for (const { filter, magnitudes, peakHz } of found) {
      const wanted = spectra[filter] as Values['spectra'][number];
      expect([peakHz, magnitudes.length, Math.max(...magnitudes)]).toEqual([wanted.peak, 365, 1]);
      for (const [at, value] of wanted.magnitudes.entries()) expect(magnitudes[at * 13]).toBeCloseTo(value, 5);
    }
    expect(filterSpectra(new Float32Array(9).fill(2), 9, 9)[0]?.magnitudes).toEqual([0, 0, 0, 0, 0]);
  });
});
