/** Values of PyTorch's schedulers (`make-values.py`): a linear warm-up, then a cosine. */
import { describe, expect, it } from 'vitest';
import { training } from '../../src-main/learn/index.ts';
import { expectNear, readValues } from './reference-values.ts';

type Settings = Omit<training.RateSettings, 'kind'>;
type Case = { settings: Settings; epochs: number; stepsPerEpoch: number; rates: number[] };

const cases = readValues<Case[]>('rates').map((own) => ({ ...own, name: Object.values(own.settings).join(' ') }));

describe('the learning rate', () => {
  it.each(cases)('rises and falls as PyTorch’s does: $name', ({ settings, epochs, stepsPerEpoch, rates }) => {
    const at = { epochs, warmupShare: settings.warmupEpochs / epochs };
    const ours = rates.map((_, step) => {
      const epoch = step / stepsPerEpoch;
      return training.rateAt({ ...settings, kind: 'cosine' }, { epoch, share: epoch / epochs, warmupShare: at.warmupShare });
    });
    expectNear('rates', { ours, reference: rates, tolerance: 1e-12 });
    expect(training.peakRate(settings)).toBeCloseTo(Math.max(...rates), 12);
  });

  it('stays at its peak where nothing follows the warm-up', () => {
    const settings = { learningRate: 0.1, rateRule: 'fixed', batch: 8, kind: 'constant', warmupEpochs: 2, finalShare: 0 } as const;
    const ours = [0, 1, 2, 9].map((epoch) => training.rateAt(settings, { epoch, share: epoch / 10, warmupShare: 0.2 }));
    expect(ours).toEqual([0, 0.05, 0.1, 0.1]);
  });
});
