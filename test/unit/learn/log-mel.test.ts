import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { pictures } from '../../../src-main/learn/index.ts';
import { logMelInParts, melPower } from '../../../src-main/learn/inputs/log-mel.ts';
import { melBands } from '../../../src-main/learn/inputs/mel-bands.ts';
import type { MelSettings } from '../../../src-main/learn/inputs/settings.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

const small = { sampleRate: 8000, window: 64, hop: 32, bands: 8, highestHz: 4000 };

/** Powers by band, summed directly in double precision: frames about each hop of the mirrored wave, under Hann's periodic window. */
function directPower(settings: MelSettings, wave: Float32Array): number[][] {
  const { window, hop, bands } = settings;
  const half = window / 2;
  const weights = melBands(settings);
  const mirrored = (at: number): number => wave[at < 0 ? -at : at >= wave.length ? 2 * (wave.length - 1) - at : at] ?? NaN;
  return Array.from({ length: Math.floor(wave.length / hop) + 1 }, (_, frame) => {
    const samples = Array.from(
      { length: window },
      (_unused, at) => mirrored(frame * hop + at - half) * (0.5 - 0.5 * Math.cos((2 * Math.PI * at) / window)),
    );
    const told = Array<number>(bands).fill(0);
    for (let frequency = 0; frequency <= half; frequency++) {
      const sum = (of: (angle: number) => number): number =>
        samples.reduce((total, value, at) => total + value * of((2 * Math.PI * ((at * frequency) % window)) / window), 0);
      const power = sum(Math.cos) ** 2 + sum(Math.sin) ** 2;
      for (let band = 0; band < bands; band++) told[band] = (told[band] ?? 0) + power * (weights[frequency * bands + band] ?? NaN);
    }
    return told;
  });
}

describe('a spectrogram', () => {
  // Folded twice from blocks; of blocks of which an odd number makes a half; of one block; with hops of several blocks; short, with an even number or not.
  it.each([
    [1024, 256],
    [1200, 200],
    [1024, 512],
    [512, 512],
    [1024, 320],
    [64, 16],
    [60, 20],
    [66, 22],
  ])('has the powers of its frames: window %d, hop %d', (window, hop) => {
    const settings = { ...pictures.mynaMel, sampleRate: 8000, window, hop, bands: 6, highestHz: 4000 };
    const random = seededRandom(window + hop);
    const wave = Float32Array.from({ length: 3 * window + 7 }, () => random.normal());
    const expected = directPower(settings, wave);
    const most = Math.max(...expected.flat());
    tf.tidy(() => {
      const [ours] = melPower(settings, tf.tensor2d(wave, [1, wave.length])).arraySync();
      expect(ours).toHaveLength(expected.length);
      ours?.forEach((row, frame) =>
        row.forEach((value, band) => expect(Math.abs(value - (expected[frame]?.[band] ?? NaN)) / most).toBeLessThan(2e-6)),
      );
    });
  });

  it('is the same when it is made of some clips at a time', () => {
    const settings = { ...pictures.mynaMel, sampleRate: 16_000, highestHz: 8000, bands: 8 };
    const random = seededRandom(3);
    const clips = [1, 2, 3, 4, 5].map(() => Array.from({ length: 150_000 }, () => random.normal()));
    tf.tidy(() => {
      const waves = tf.tensor2d(clips);
      expect(logMelInParts(settings, waves).arraySync()).toEqual(pictures.logMel(settings, waves).arraySync());
    });
  });

  it.each([
    { ...pictures.vicmusMel, ...small },
    { ...pictures.mynaMel, ...small },
    { ...pictures.mynaMel, ...small, compression: 'decibel', normalisation: 'min-max' } as const,
  ])('is that of its own wave, whatever others of the batch are: $compression, $normalisation', (settings) => {
    const random = seededRandom(7);
    const waves = [0.01, 0.9].map((level) => Float32Array.from({ length: 320 }, () => level * random.normal()));
    tf.tidy(() => {
      const together = pictures
        .logMel(
          settings,
          tf.tensor2d(
            waves.flatMap((wave) => [...wave]),
            [2, 320],
          ),
        )
        .arraySync();
      for (const [at, wave] of waves.entries())
        expect(together[at]).toEqual(pictures.logMel(settings, tf.tensor2d(wave, [1, 320])).arraySync()[0]);
    });
  });
});
