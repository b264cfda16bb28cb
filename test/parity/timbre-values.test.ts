/** Timbre statistics beside NumPy's, SciPy's and librosa's formulas in 64 bits (`make-timbre-values.py`). */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { runEncoder } from '../../src-main/compute/index.ts';
import { createEncoder, equalise, isSilent } from '../../src-main/learn/index.ts';
import { readValues } from './reference-values.ts';

/** Seed, brightness, fading, samples between beats, level, twice the cosine of a tone's angle, its level. */
type Sound = readonly [number, number, number, number, number, number, number];
type Made = { name: string; sound: Sound; statistics: number[]; equalised: number[] };

const encoder = createEncoder({ architecture: 'timbre-statistics', sampleRate: 16_000 });
const { equaliser, made } = readValues<{ equaliser: number[]; made: Made[] }>('timbre');

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

/** Products and sums alone, so that it has the bits that the script had. */
function waveOf([seed, brightness, fading, between, level, turn, tone]: Sound): Float32Array {
  let [state, noise, envelope, before, last] = [seed, 0, 1, 0, 1];
  return Float32Array.from({ length: encoder.cropSamples }, (_, at) => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    noise += brightness * (state / 2 ** 32 - 0.5 - noise);
    envelope = at % between === 0 ? 1 : envelope * fading;
    [before, last] = [last, turn * last - before];
    return envelope * (level * noise + tone * last);
  });
}

describe('timbre statistics', () => {
  it('are those of the other programs, of beats and of silence, on a device', async () => {
    const waves = Float32Array.from(made.flatMap(({ sound }) => [...waveOf(sound)]));
    const runner = await runEncoder({ encoder, weights: new Map(), device: 'cpu', threads: 1 });
    const ours = await runner.encode(waves, made.length);
    await runner.close();
    expect(ours).toHaveLength(made.length * 316);
    for (const [row, { name, statistics }] of made.entries())
      for (const [feature, value] of statistics.entries()) {
        const difference = Math.abs((ours[row * 316 + feature] ?? NaN) - value);
        expect(difference, `${name}, feature ${feature}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      }
  });

  it('are moved by an equaliser as those of the equalised spectrogram are', () => {
    for (const { name, statistics, equalised } of made) {
      const row = Float32Array.from(statistics);
      equalise(row, equaliser);
      for (const [feature, value] of equalised.entries()) {
        const difference = Math.abs((row[feature] ?? NaN) - value);
        expect(difference, `${name}, feature ${feature}`).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
      }
    }
  });

  it('tell silence from what is quiet', () => {
    expect(made.filter(({ statistics }) => isSilent(Float32Array.from(statistics))).map(({ name }) => name)).toEqual(['silence']);
  });
});
