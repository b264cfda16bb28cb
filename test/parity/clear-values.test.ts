/** How clear features are, beside NumPy's formulas (`make-clear-values.py`): tracks of one segment, of an even number, of uneven crowds. */
import { describe, expect, it } from 'vitest';
import { clearFeatures } from '../../src-main/service/listening/clear-features.ts';
import { readValues } from './reference-values.ts';

type Made = { starts: number[]; levels: number[]; values: number[]; clarities: number[]; centres: number[][] };

describe('how clear a feature is', () => {
  it('is what the other program says, and a track is its segments’ median', async () => {
    const { starts, levels, values, clarities, centres } = readValues<Made>('clear');
    const sample = {
      values: Float32Array.from(values),
      dimensions: clarities.length,
      starts: Int32Array.from(starts),
      levels: Float64Array.from(levels),
    };
    expect(clarities.length).toBeGreaterThan(4);
    for (const [feature, clarity] of clarities.entries()) {
      const [found] = await clearFeatures(sample, { count: 1, isWanted: (one) => one === feature, pause: async () => undefined });
      expect(found?.feature).toBe(feature);
      expect(found?.clarity).toBeCloseTo(clarity, 9);
      for (const [track, centre] of (centres[feature] ?? []).entries()) expect(found?.centres[track]).toBeCloseTo(centre, 9);
    }
  });
});
