/** @file Factors beside scikit-learn's rotation and numpy's eigenvectors. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawFactors, factorsTable, factorsWords } from '../../../src-main/contract/index.ts';
import { factorsOf, principalComponents, standardiseTogether, strongestFeatures, varimax } from '../../../src-main/inspect/index.ts';
import { drawn } from '../../support/drawn.ts';

type Values = {
  rotations: { features: number; components: number; given: number[]; rotated: number[] }[];
  components: { segments: number; dimensions: number; count: number; variances: number[]; loadings: number[][] };
  scored: { count: number; scores: number[][] };
};
const values = JSON.parse(readFileSync(new URL('../../parity/values/factors.json', import.meta.url), 'utf8')) as Values;

describe('varimax', () => {
  it.each(values.rotations)('turns $features × $components loadings as scikit-learn does, to 1e-6', ({ components, given, rotated }) => {
    const { loadings, rotation } = varimax(Float64Array.from(given), components);
    for (const [at, value] of rotated.entries()) expect(Math.abs((loadings[at] as number) - value)).toBeLessThan(1e-6);
    for (let a = 0; a < components; a++)
      for (let b = 0; b < components; b++) {
        let dot = 0;
        for (let row = 0; row < components; row++)
          dot += (rotation[row * components + a] as number) * (rotation[row * components + b] as number);
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 12);
      }
  });

  it('turns by a rotation also where components are nothing, or all alike', () => {
    const flat = Float64Array.from([1, 1, 0, 2, 2, 0, -1, -1, 0, 3, 3, 0]);
    const { rotation, loadings } = varimax(flat, 3);
    for (const row of [0, 1, 2, 3]) {
      const length = (list: Float64Array): number => Math.hypot(...list.subarray(row * 3, row * 3 + 3));
      expect(length(loadings)).toBeCloseTo(length(flat), 12);
    }
    expect(Math.hypot(...rotation)).toBeCloseTo(Math.sqrt(3), 12);
    expect([...varimax(new Float64Array(6), 2).rotation].map(Math.abs)).toEqual([1, 0, 0, 1]);
  });

  it('names the strongest by size, the lower number first where they are equal', () => {
    expect(strongestFeatures(Float64Array.from([1, 0, -3, 0, 2, 5, 2, 0]), 2, 0, 3)).toEqual([1, 2, 3]);
  });
});

/** Rows in which a third of the neurons follows each of two hidden ones, and one does not differ: the formula of `test/parity/make-factor-values.py`. */
function rowsOf({ segments, dimensions }: { segments: number; dimensions: number }): Float32Array {
  const [one, two] = [drawn(41, segments), drawn(42, segments)];
  const noise = drawn(43, segments * dimensions);
  return noise.map((value, at) => {
    const [segment, neuron] = [Math.floor(at / dimensions), at % dimensions];
    if (neuron === dimensions - 1) return 0.5;
    const hidden = [one, two][neuron % 3]?.[segment] ?? 0;
    return Math.fround(Math.fround(value * Math.fround(0.4)) + hidden);
  });
}

describe('principal components', () => {
  const { segments, dimensions, count, variances, loadings } = values.components;
  const rows = rowsOf({ segments, dimensions });
  standardiseTogether([rows], dimensions);
  const found = principalComponents(rows, dimensions, count);

  it('have numpy’s eigenvalues and loadings, to 1e-6', () => {
    for (const [at, variance] of variances.entries()) expect(Math.abs((found.variances[at] as number) - variance)).toBeLessThan(1e-6);
    for (let component = 0; component < count; component++) {
      const own = loadings.map((row) => row[component] as number);
      const sign = Math.sign((found.loadings[component] as number) * (own[0] as number));
      for (const [neuron, value] of own.entries())
        expect(Math.abs((found.loadings[neuron * count + component] as number) * sign - value)).toBeLessThan(1e-6);
    }
    expect(found.alive).toBe(dimensions - 1);
  });

  it('are nothing where no neuron differs, or more are asked for than there are', () => {
    expect(principalComponents(new Float32Array(8), 4, 2)).toMatchObject({ variances: [0, 0], alive: 0 });
    const two = Float32Array.from([1, -1, -1, 1]);
    const { variances: few } = principalComponents(two, 2, 2);
    expect(few[0]).toBeCloseTo(2, 12);
    expect(few[1]).toBeCloseTo(0, 12);
  });
});

describe('factors', () => {
  const { segments, dimensions } = values.components;
  const { factors, alive } = factorsOf(rowsOf({ segments, dimensions }), dimensions, 2);
  const shown = { segments: 1000, taken: segments, alive, labels: Array.from({ length: dimensions }, () => ''), factors };

  it('gather the neurons that follow one and the same thing', () => {
    const groups = factors.map(({ strongest }) => new Set(strongest.slice(0, 3).map((neuron) => neuron % 3)));
    expect(groups.map((group) => group.size)).toEqual([1, 1]);
    expect(new Set(groups.flatMap((group) => [...group]))).toEqual(new Set([0, 1]));
    for (const { loadings, strongest } of factors) expect(loadings[strongest[0] as number]).toBeGreaterThan(0.8);
    expect(factors[0]?.explained).toBeGreaterThanOrEqual(factors[1]?.explained ?? 1);
  });

  it('score segments as least squares of the standardised rows on the loadings do, to 1e-4: mean 0, deviation 1', () => {
    const raw = rowsOf({ segments, dimensions });
    for (const [at, { weights, offset }] of factors.entries()) {
      const scores = Array.from({ length: segments }, (_, segment) =>
        weights.reduce((sum, weight, neuron) => sum + weight * (raw[segment * dimensions + neuron] as number), offset),
      );
      for (const [segment, score] of scores.entries())
        expect(Math.abs(score - (values.scored.scores[at]?.[segment] ?? NaN))).toBeLessThan(1e-4);
      expect(Math.abs(scores.reduce((sum, score) => sum + score, 0) / segments)).toBeLessThan(1e-6);
      expect(scores.reduce((sum, score) => sum + score * score, 0) / segments).toBeCloseTo(1, 6);
      expect(weights.at(-1)).toBe(0);
    }
  });

  it('that are more than there are have no score', () => {
    const two = Float32Array.from([1, -1, -1, 1, 1, -1]);
    const { factors: few } = factorsOf(two, 2, 2);
    expect(few.every(({ weights, offset }) => [...weights, offset].every(Number.isFinite))).toBe(true);
    expect(Math.max(...(few[1]?.weights ?? []).map(Math.abs))).toBeLessThan(10);
  });

  it('are drawn a row each, told in words and written as a table', () => {
    const { rows, columns, marks } = drawFactors(shown, { width: 900, height: 200 });
    expect([rows, columns]).toEqual([2, dimensions]);
    expect(marks.filter(({ kind }) => kind === 'area')).toHaveLength(2 * dimensions);
    expect(factorsTable(shown)).toHaveLength(1 + 2 * dimensions);
    const { settings } = factorsWords(shown, 'CLMR');
    expect(settings).toContain(`${segments} of 1\u202f000 segments, spread evenly`);
    expect(settings).toContain(`${alive} neurons that differ (of ${dimensions})`);
  });
});
