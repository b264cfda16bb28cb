import { describe, expect, it } from 'vitest';
import { ProgressMeter } from '../../../src-main/service/jobs/progress-meter.ts';

function meterAt(): { meter: ProgressMeter; pass: (ms: number) => void } {
  let now = 1000;
  return { meter: new ProgressMeter(() => now), pass: (ms) => void (now += ms) };
}

const report = (done: number, total: number | null = 100) => ({ done, total, unit: 'files', audioSeconds: 0, detail: '', failed: 0 });

describe('ProgressMeter', () => {
  it('names the rate and the time left from what was done so far', () => {
    const { meter, pass } = meterAt();
    meter.start();
    meter.measure(report(0));
    pass(10_000);
    const { rate, secondsLeft } = meter.measure(report(20));
    expect(rate).toBeCloseTo(2);
    expect(secondsLeft).toBeCloseTo(40);
  });

  it('leaves a pause out of the time', () => {
    const { meter, pass } = meterAt();
    meter.start();
    meter.measure(report(0));
    pass(5_000);
    meter.stop();
    pass(3_600_000);
    meter.start();
    pass(5_000);
    expect(meter.measure(report(20)).secondsLeft).toBeCloseTo(40);
  });

  it('names no time left before it has seen some work, nor without a total', () => {
    const { meter, pass } = meterAt();
    meter.start();
    expect(meter.measure(report(0)).secondsLeft).toBeNull();
    pass(500);
    expect(meter.measure(report(1)).secondsLeft).toBeNull();
    pass(10_000);
    expect(meter.measure(report(50, null)).secondsLeft).toBeNull();
  });

  it('goes by the share where units differ in size', () => {
    const { meter, pass } = meterAt();
    meter.start();
    meter.measure({ ...report(0), share: 0 });
    pass(10_000);
    expect(meter.measure({ ...report(1), share: 0.5 }).secondsLeft).toBeCloseTo(10);
  });

  it('forgets how fast it was long ago', () => {
    const { meter, pass } = meterAt();
    meter.start();
    meter.measure(report(0));
    for (let second = 1; second <= 10; second++) {
      pass(1000);
      meter.measure(report(second * 10, 1000));
    }
    for (let second = 1; second <= 40; second++) {
      pass(1000);
      meter.measure(report(100 + second, 1000));
    }
    expect(meter.measure(report(140, 1000)).rate).toBeCloseTo(1, 1);
  });
});
