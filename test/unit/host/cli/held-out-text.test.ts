/** @file What is told of held-out tracks at the end of a run and on an encoder's card. */
import { describe, expect, it } from 'vitest';
import type { pretraining } from '../../../../src-main/contract/index.ts';
import { heldOutLines } from '../../../../src-main/host/cli/verbs/held-out-text.ts';
import { heldOutSection } from '../../../../src-main/service/encoders/held-out-section.ts';

const scores = (value: number, isTold = true): pretraining.HeldOut['scores'] => ({
  rocAuc: { value, low: isTold ? value - 0.1 : null, high: isTold ? value + 0.1 : null },
  averagePrecision: { value: value - 0.05, low: null, high: null },
  accuracy: null,
});
const each = [{ name: 'calm', yes: 4, no: 8, rocAuc: 0.8, averagePrecision: null }];
const heldOut: pretraining.HeldOut = {
  ...{ step: 50, tracks: 12, isExclusive: false, loss: 0.5, scores: scores(0.7), since: 1, each },
  ...{ chance: { rocAuc: 0.5, averagePrecision: 0.33, accuracy: null }, began: { ...scores(0.6), labels: 1, isContinued: false } },
  mfcc: { ...scores(0.65), labels: 1 },
  best: { step: 25, score: 0.8, loss: 0.4, figures: { tracks: 12, scores: scores(0.8), each } },
};

describe('at the end of a run', () => {
  it('the figures are those of the best step, which the encoder comes from, beside what needs no learning', () => {
    const [own, began, mfcc, guess] = heldOutLines(heldOut, 25);
    expect(own).toBe(
      'Held-out tracks (12 tracks, step 25, the best, which the encoder comes from): loss 0.4000, ROC-AUC 0.800 (0.700 to 0.900), average precision 0.750 (too few artists to tell).',
    );
    expect(began).toContain('An untrained encoder with a linear head (1 label): ROC-AUC 0.600');
    expect(mfcc).toContain('cepstral coefficients (MFCC, mean and deviation) with a linear head (1 label): ROC-AUC 0.650 (0.550 to 0.750)');
    expect(guess).toBe('Guessing: ROC-AUC 0.500, average precision 0.330.');
  });

  it('a step that the encoder does not come from is named as what it is', () => {
    expect(heldOutLines(heldOut, null)[0]).toContain('step 50, measured last; best: step 25)');
    expect(heldOutLines(heldOut, 50)[0]).toContain('step 50, measured last; best: step 25, which the encoder comes from): loss 0.5000');
    const earlier = { ...heldOut, best: { step: 25, score: 0.8, loss: 0.4 } };
    expect(heldOutLines(earlier, 25)[0]).toContain('step 50, measured last; best: step 25; the encoder comes from step 25): loss 0.5000');
  });

  it('cepstral coefficients are not measured where a run was made before they were', () => {
    const { mfcc: _, ...earlier } = heldOut;
    expect(heldOutLines(earlier, 25)[2]).toMatch(/MFCC.*: not measured\.$/);
    expect(heldOutLines({ ...heldOut, mfcc: null }, 25)[2]).toContain('no label has examples enough');
  });
});

describe('a card', () => {
  it('has the figures of the encoder’s step with intervals, beside the untrained encoder, cepstral coefficients and guessing', () => {
    const text = heldOutSection({ ...heldOut, groupedBy: 'album' }, 25).join('\n');
    expect(text).toContain('12 tracks of albums that it did not learn from, at step 25;');
    expect(text).toContain('| this encoder and its head | 1 | 0.800 (0.700 to 0.900) | 0.750 (too few albums to tell) |');
    expect(text).toContain('| an untrained encoder, linear head | 1 | 0.600 (0.500 to 0.700) |');
    expect(text).toMatch(/\| 20 mel-frequency cepstral coefficients .* \| 1 \| 0\.650 \(0\.550 to 0\.750\) \|/);
    expect(text).toContain('| guessing |  | 0.500 | 0.330 |');
    const { mfcc: _, ...earlier } = heldOut;
    expect(heldOutSection(earlier, 50).join('\n')).toMatch(/cepstral coefficients .* \|  \| not measured \| not measured \|/);
  });
});
