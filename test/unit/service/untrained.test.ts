import { expect, it } from 'vitest';
import { encoderSampleRates, pretraining } from '../../../src-main/contract/index.ts';
import type { Architecture } from '../../../src-main/contract/index.ts';
import { chosenEncoder } from '../../../src-main/learn/index.ts';
import { standInCore } from '../../support/pretraining.ts';

it('an untrained encoder is made of every family at every rate that may be asked for', async () => {
  const { services } = standInCore();
  for (const architecture of Object.keys(pretraining.encoderDefaults) as Architecture[])
    for (const sampleRate of encoderSampleRates) {
      const encoder = chosenEncoder(pretraining.withRate(pretraining.encoderDefaults[architecture], sampleRate));
      const made = await services.encoders.createUntrained({ architecture, sampleRate, seed: 1, name: undefined });
      expect(made).toMatchObject({ architecture, sampleRate: encoder.sampleRate, source: 'untrained' });
      expect(services.encoders.list().filter(({ id }) => id === made.id)).toMatchObject([{ sampleRate: encoder.sampleRate }]);
      expect(made.dimensions).toBe(encoder.dimensions);
    }
});
