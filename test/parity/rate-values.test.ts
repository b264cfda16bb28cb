/** Values of PyTorch's schedulers (`make-values.py`): a linear warm-up, then a cosine. */
import { describe, expect, it } from 'vitest';
import { training } from '../../src-main/learn/index.ts';
import { expectNear, readValues } from './reference-values.ts';

type Settings = Omit<training.RateSettings, 'kind' | 'riseShare' | 'fallShare'>;
type Case = { settings: Settings; epochs: number; stepsPerEpoch: number; rates: number[] };

const cases = readValues<Case[]>('rates').map((own) => ({ ...own, name: Object.values(own.settings).join(' ') }));

/** Of no account beside other kinds. */
const stages = { riseShare: 0.3, fallShare: 0.2 };

describe('the learning rate', () => {
  it.each(cases)('rises and falls as PyTorch’s does: $name', ({ settings, epochs, stepsPerEpoch, rates }) => {
    const at = { epochs, warmupShare: settings.warmupEpochs / epochs };
    const ours = rates.map((_, step) => {
      const epoch = step / stepsPerEpoch;
      return training.rateAt({ ...settings, ...stages, kind: 'cosine' }, { epoch, share: epoch / epochs, warmupShare: at.warmupShare });
    });
    expectNear('rates', { ours, reference: rates, tolerance: 1e-12 });
    expect(training.peakRate(settings)).toBeCloseTo(Math.max(...rates), 12);
  });

  it.each(cases)('does so too where the rise is a share of the run: $name', ({ settings, epochs, stepsPerEpoch, rates }) => {
    const shares = { riseShare: settings.warmupEpochs / epochs, fallShare: stages.fallShare };
    const ours = rates.map((_, step) => {
      const share = step / stepsPerEpoch / epochs;
      // Nothing but the share counts.
      return training.rateAt({ ...settings, ...shares, warmupEpochs: 7, kind: 'rise-cosine' }, { epoch: 0, share, warmupShare: 0.9 });
    });
    expectNear('rates', { ours, reference: rates, tolerance: 1e-12 });
  });

  it('stays at its peak where nothing follows the warm-up', () => {
    const settings = {
      learningRate: 0.1,
      rateRule: 'fixed',
      batch: 8,
      kind: 'constant',
      warmupEpochs: 2,
      finalShare: 0,
      ...stages,
    } as const;
    const ours = [0, 1, 2, 9].map((epoch) => training.rateAt(settings, { epoch, share: epoch / 10, warmupShare: 0.2 }));
    expect(ours).toEqual([0, 0.05, 0.1, 0.1]);
  });

  it('rises, stays and falls exponentially in three stages, whatever the epochs of warm-up (fairseq’s tri-stage, 300 steps of 1 000 up, 200 down)', () => {
    const settings = {
      learningRate: 0.5,
      rateRule: 'fixed',
      batch: 8,
      kind: 'tri-stage',
      warmupEpochs: 9,
      finalShare: 0.01,
      ...stages,
    } as const;
    const at = (step: number): number => training.rateAt(settings, { epoch: 0, share: step / 1000, warmupShare: 0.9 });
    const [rises, falls] = [(0.5 - 0.005) / 300, -Math.log(0.01) / 200];
    for (const step of [0, 1, 150, 299]) expect(at(step)).toBeCloseTo(0.005 + rises * step, 12);
    for (const step of [300, 500, 800]) expect(at(step)).toBeCloseTo(0.5, 12);
    for (const step of [801, 900, 1000]) expect(at(step)).toBeCloseTo(0.5 * Math.exp(-falls * (step - 800)), 12);
    expect(training.rateAt({ ...settings, riseShare: 0, fallShare: 0 }, { epoch: 0, share: 0, warmupShare: 0 })).toBe(0.5);
    expect(training.rateAt({ ...settings, finalShare: 0 }, { epoch: 0, share: 0.8, warmupShare: 0 })).toBe(0.5);
  });
});
