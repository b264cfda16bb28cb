import { describe, expect, it } from 'vitest';
import { PeaksBuilder, peaksPerSecond } from '../../../src-main/audio/index.ts';

describe('the outline', () => {
  it('has the largest amplitude of every twentieth of a second', () => {
    expect(peaksPerSecond).toBe(20);
    const peaks = new PeaksBuilder(2000);
    const samples = new Float32Array(350);
    samples[0] = 0.5;
    samples[150] = -1;
    samples[299] = 0.2;
    samples[349] = 3;
    peaks.push(samples);
    expect([...peaks.finish()]).toEqual([128, 255, 51, 255]);
  });

  it('does not depend on how the samples come', () => {
    const samples = Float32Array.from({ length: 30_001 }, (_, i) => Math.sin(i / 7) * (i / 30_001));
    const whole = new PeaksBuilder(11_025);
    whole.push(samples);
    const parts = new PeaksBuilder(11_025);
    for (let at = 0, length = 1; at < samples.length; at += length, length = (length * 7) % 997)
      parts.push(samples.subarray(at, at + length));
    expect(parts.finish()).toEqual(whole.finish());
  });

  it('has twenty bins a second to the end, also at rates that are no multiple of twenty', () => {
    const peaks = new PeaksBuilder(22_050);
    for (let second = 0; second < 600; second++) peaks.push(new Float32Array(22_050).fill(0.1));
    const bins = peaks.finish();
    expect(bins.length).toBe(12_000);
    expect(bins.every((bin) => bin === 26)).toBe(true);
  });

  it('is empty without samples', () => {
    expect(new PeaksBuilder(22_050).finish().length).toBe(0);
  });
});
