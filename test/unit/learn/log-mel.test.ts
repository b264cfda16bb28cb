import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { pictures } from '../../../src-main/learn/index.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

const small = { sampleRate: 8000, window: 64, hop: 32, bands: 8, highestHz: 4000 };

describe('a spectrogram', () => {
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
