/** Chroma beside librosa's in 64 bits (`make-chroma-values.py`): filters, and means and deviations over time. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { runEncoder } from '../../src-main/compute/index.ts';
import { chromaBank } from '../../src-main/learn/encoders/chroma/chroma-bank.ts';
import { createEncoder } from '../../src-main/learn/index.ts';
import { readValues } from './reference-values.ts';

type Made = { name: string; tones: [level: number, turn: number][]; mean: number[]; deviation: number[] };

const encoder = createEncoder({ architecture: 'chroma', sampleRate: 22_050 });
const { made, filters } = readValues<{ made: Made[]; filters: { bin: number; weights: number[] }[] }>('chroma');

/** Products and sums alone, so that it has the bits that the script had. */
function waveOf(tones: Made['tones']): Float32Array {
  const wave = new Float64Array(encoder.cropSamples);
  for (const [level, turn] of tones) {
    let [before, last] = [0, 1];
    for (let at = 0; at < wave.length; at++) {
      [before, last] = [last, turn * last - before];
      wave[at] = (wave[at] ?? 0) + level * before * (Math.floor(at / 5512) % 2 === 0 ? 1 : 0.25);
    }
  }
  return Float32Array.from(wave);
}

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

it('filters are librosa’s', () => {
  const bank = chromaBank({ sampleRate: 22_050, window: 4096 });
  for (const { bin, weights } of filters)
    for (const [at, weight] of weights.entries())
      expect(Math.abs((bank[bin * 12 + at] ?? NaN) - weight), `bin ${bin}, class ${at}`).toBeLessThan(1e-6);
});

it('means and deviations over time are librosa’s, on a device', async () => {
  const runner = await runEncoder({ encoder, weights: new Map(), device: 'cpu', threads: 1 });
  const ours = await runner.encode(Float32Array.from(made.flatMap(({ tones }) => [...waveOf(tones)])), made.length);
  await runner.close();
  expect(ours).toHaveLength(made.length * 24);
  for (const [row, { name, mean, deviation }] of made.entries())
    for (const [at, value] of [...mean, ...deviation].entries())
      expect(Math.abs((ours[row * 24 + at] ?? NaN) - value), `${name}, number ${at}`).toBeLessThan(2e-5);
});
