/** Reference values: scikit-learn 1.9.1, `sklearn.calibration._sigmoid_calibration`, whose signs are the other way round. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { heads } from '../../../../src-main/learn/index.ts';

const rows = Array.from({ length: 30 }, (_, row) => row);
const answers = rows.map((row) => (Math.sin(1.9 * row) > 0.4 ? 1 : 0));
const logits = rows.map((row) => Math.sin(3.1 * row) * 2 + (answers[row] ?? 0));
const ones = rows.map(() => 1);

describe('calibration', () => {
  it('is scikit-learn’s, with and without weights', () => {
    const plain = heads.fitCalibration(logits, answers, ones);
    expect(plain.scale).toBeCloseTo(0.7192572226522861, 4);
    expect(plain.shift).toBeCloseTo(-1.091930218194753, 4);
    const weights = rows.map((row) => (row % 4 === 0 && answers[row] === 0 ? 0.5 : 1));
    const weighted = heads.fitCalibration(logits, answers, weights);
    expect(weighted.scale).toBeCloseTo(0.6591018642592344, 4);
    expect(weighted.shift).toBeCloseTo(-0.979618715470784, 4);
  });

  it('claims no certainty for examples that are told apart without a fault', () => {
    const calibration = heads.fitCalibration([-9, -8, -7, 7, 8, 9], [0, 0, 0, 1, 1, 1], [1, 1, 1, 1, 1, 1]);
    expect(heads.calibrated(9, calibration)).toBeLessThan(0.95);
    expect(heads.calibrated(-9, calibration)).toBeGreaterThan(0.05);
  });

  it('keeps the order, and says little more than the share, where numbers order worse than chance', () => {
    const calibration = heads.fitCalibration([3, 2, 1, 0, -1, -2, -3, -4], [0, 0, 0, 0, 0, 0, 1, 1], new Array<number>(8).fill(1));
    expect(calibration.scale).toBeGreaterThan(0);
    expect(heads.calibrated(3, calibration)).toBeCloseTo(0.3, 2);
  });

  it('stays finite for equal and for huge numbers', () => {
    for (const own of [
      [1, 1, 1, 1],
      [1e6, -1e6, 1e6, -1e6],
      [0, 0, 0, 0],
    ]) {
      const { scale, shift } = heads.fitCalibration(own, [1, 0, 1, 0], [1, 1, 1, 1]);
      expect([Number.isFinite(scale), Number.isFinite(shift)]).toEqual([true, true]);
    }
  });
});

describe('standardising', () => {
  it('brings rows to mean 0 and deviation 1, and is undone by folding it into a layer', () => {
    const random = seededRandom(1);
    const embeddings = Float32Array.from({ length: 50 * 3 }, (_, place) =>
      place % 3 === 2 ? 7 : random.normal() * (place % 3 === 0 ? 5 : 0.1) + 4,
    );
    const standard = heads.standardOf(embeddings, 3);
    expect(standard.deviation[2]).toBe(1);
    const rows = heads.standardised(embeddings, standard, 4);
    const column = (at: number): number[] => Array.from(rows).filter((_, place) => place % 4 === at);
    const mean = (own: readonly number[]): number => own.reduce((sum, value) => sum + value, 0) / own.length;
    expect(mean(column(0))).toBeCloseTo(0, 5);
    expect(mean(column(1).map((value) => value * value))).toBeCloseTo(1, 4);
    expect(new Set(column(2))).toEqual(new Set([0]));
    expect(new Set(column(3))).toEqual(new Set([1]));
    const layer = { weight: Float32Array.from([0.3, -2, 5]), bias: Float32Array.of(0.25) };
    const folded = heads.foldStandard(layer, standard);
    for (let row = 0; row < 50; row++) {
      const dot = (weight: Float32Array, from: Float32Array, at: number): number =>
        weight.reduce((sum, own, i) => sum + own * (from[at + i] ?? 0), 0);
      expect(dot(folded.weight.data, embeddings, row * 3) + (folded.bias.data[0] ?? 0)).toBeCloseTo(
        dot(layer.weight, rows, row * 4) + 0.25,
        3,
      );
    }
  });
});
