/** @file The chart of lines: where values lie, what the pointer reads, how lines are smoothed; and histograms. */
import { describe, expect, it } from 'vitest';
import { chartScale, placeBeside, pointsAt, shares, smoothed, valueAtX, xOf, yOf } from '../../../src-renderer/plot/index.ts';
import type { ChartLine, ChartScale, LineChart } from '../../../src-renderer/plot/index.ts';

function line(x: number[], y: number[]): ChartLine {
  return { x, y, colour: 'black', isDashed: false, isSmoothed: false };
}

function chart(lines: ChartLine[], change: Partial<LineChart> = {}): LineChart {
  return { lines, isLogarithmic: false, isCountX: true, include: [], formatX: String, formatTick: String, ...change };
}

describe('the scale of a chart', () => {
  it('puts the least and the most inside the plot, and larger values higher', () => {
    const scale = chartScale(chart([line([0, 10], [2, 5])]), 400, 200);
    if (scale === null) throw new Error('There is no scale.');
    expect(xOf(scale, 0)).toBe(scale.left);
    expect(xOf(scale, 10)).toBe(scale.right);
    expect(yOf(scale, 5)).toBeGreaterThan(scale.top);
    expect(yOf(scale, 2)).toBeLessThan(scale.bottom);
    expect(yOf(scale, 5)).toBeLessThan(yOf(scale, 2));
    expect(valueAtX(scale, xOf(scale, 7.3))).toBeCloseTo(7.3, 10);
    expect(valueAtX(scale, -50)).toBe(0);
  });

  it('gives equal ratios equal distances when it is logarithmic, and shows nothing at or below zero', () => {
    const scale = chartScale(chart([line([0, 1, 2], [0.01, 0, 100])], { isLogarithmic: true }), 400, 200);
    if (scale === null) throw new Error('There is no scale.');
    expect(yOf(scale, 0.1) - yOf(scale, 1)).toBeCloseTo(yOf(scale, 1) - yOf(scale, 10), 9);
    expect(yOf(scale, 0)).toBeNaN();
    expect(yOf(scale, -1)).toBeNaN();
  });

  it('reaches to the values that are to be shown at least, never below a zero that nothing is below', () => {
    const scale = chartScale(chart([line([0, 1], [3, 4])], { include: [0] }), 400, 200);
    expect(scale?.y.least).toBe(0);
    expect(chartScale(chart([line([0, 1], [0.001, 4])]), 400, 200)?.y.least).toBe(0);
  });

  it('is there for a single point and for a flat line, and not for nothing', () => {
    for (const lines of [[line([5], [1])], [line([0, 1], [0, 0])]]) {
      const scale = chartScale(chart(lines), 400, 200);
      if (scale === null) throw new Error('There is no scale.');
      expect(Number.isFinite(xOf(scale, 5)) && Number.isFinite(yOf(scale, 1))).toBe(true);
    }
    expect(chartScale(chart([line([], [])]), 400, 200)).toBeNull();
    expect(chartScale(chart([line([1], [Number.NaN])]), 400, 200)).toBeNull();
  });
});

describe('the pointer', () => {
  it('reads the nearest point of every line, and nothing where a line has ended', () => {
    const lines = [line([0, 10, 20, 30], [1, 2, 3, 4]), line([0, 10], [5, 6])];
    expect(pointsAt(lines, 11)).toEqual([1, 1]);
    expect(pointsAt(lines, 29)).toEqual([3, -1]);
    expect(pointsAt([line([], [])], 3)).toEqual([-1]);
  });
});

describe('the arrow keys', () => {
  const scale = { x: { least: 0, most: 100 } } as ChartScale;

  it('move by a fiftieth of the axis where points are close, and to the next point where they are far', () => {
    const [close, far] = [line([0, 0.5, 1, 1.5, 2, 2.5, 50, 100], [1, 1, 1, 1, 1, 1, 1, 1]), line([0, 60, 100], [1, 1, 1])];
    expect(placeBeside([close], scale, 0, 1)).toBe(2);
    expect(placeBeside([close], scale, 2.5, -1)).toBe(0.5);
    expect(placeBeside([far], scale, 0, 1)).toBe(60);
    expect(placeBeside([far], scale, 100, -1)).toBe(60);
    expect(placeBeside([far, close], scale, 50, 1)).toBe(100);
    expect(placeBeside([far, close], scale, 0, 1)).toBe(2);
  });

  it('end at the ends of the axis, and move where there is no line', () => {
    expect(placeBeside([line([0, 100], [1, 1])], scale, 100, 1)).toBe(100);
    expect(placeBeside([line([0, 100], [1, 1])], scale, 0, -1)).toBe(0);
    expect(placeBeside([line([], [])], scale, 50, -1)).toBe(48);
  });
});

describe('smoothing', () => {
  it('leaves a flat line flat and keeps the mean and the order of a rising one', () => {
    expect(smoothed(new Array<number>(200).fill(3))).toEqual(new Array<number>(200).fill(3));
    const rising = Array.from({ length: 1000 }, (_, i) => i);
    const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
    const result = smoothed(rising);
    expect(mean(result.slice(200, 800))).toBeCloseTo(mean(rising.slice(200, 800)), 0);
    expect(result.every((value, i) => i === 0 || value >= (result[i - 1] ?? 0))).toBe(true);
  });

  it('takes most of the noise away and steps over what is no number', () => {
    const noisy = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(Math.max(...smoothed(noisy).slice(100, 900).map(Math.abs))).toBeLessThan(0.1);
    expect(smoothed([1, Number.NaN, 1])).toEqual([1, 1, 1]);
  });
});

describe('histograms', () => {
  it('are compared as shares of their own counts', () => {
    expect(shares([1, 3])).toEqual([0.25, 0.75]);
    expect(shares([0, 0])).toEqual([0, 0]);
  });
});
