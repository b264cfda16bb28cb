/** @file How long a run is: minutes are a person's, decoding included. */
import { describe, expect, it } from 'vitest';
import { shortSettings } from '../../../support/pretraining.ts';
import { stepsWithin } from '../../../../src-main/worker/train/estimate.ts';
import { Plan } from '../../../../src-main/worker/train/plan.ts';

const minutes = (amount: number): Plan => new Plan(shortSettings({ length: { unit: 'minutes', amount } }), 10);

describe('a run of ten minutes', () => {
  it('is over when ten minutes have passed, however many steps that were', () => {
    expect(minutes(10).isOver({ stepsDone: 3, activeSeconds: 599 })).toBe(false);
    expect(minutes(10).isOver({ stepsDone: 3, activeSeconds: 600 })).toBe(true);
  });

  it('takes one step at least, also when decoding took all of its time', () => {
    expect(minutes(10).isOver({ stepsDone: 0, activeSeconds: 900 })).toBe(false);
    expect(minutes(10).isOver({ stepsDone: 1, activeSeconds: 900 })).toBe(true);
  });

  it('counts the steps that are left by the pace of late, not by the minutes that decoding took', () => {
    // Five minutes until the first step was done, then a second a step.
    expect(minutes(10).totalSteps({ stepsDone: 11, activeSeconds: 310, secondsPerStep: 1 })).toBe(11 + 290);
    expect(minutes(10).totalSteps({ stepsDone: 0, activeSeconds: 310 })).toBeNull();
  });

  it('is estimated with the decoding of its first epoch in it', () => {
    const pace = { stepSeconds: 1, decodeStepSeconds: 9, stepsPerEpoch: 20 };
    expect(stepsWithin(100, pace)).toBe(10);
    expect(stepsWithin(200 + 30, pace)).toBe(20 + 30);
    expect(stepsWithin(600, { ...pace, decodeStepSeconds: 0 })).toBe(600);
    expect(stepsWithin(1, pace)).toBe(1);
  });
});
