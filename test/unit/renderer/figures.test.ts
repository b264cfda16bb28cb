/** @file Figures, axes, settings by their place and WAV files of the Pretrain view. */
import { describe, expect, it } from 'vitest';
import { countTicks, extent, linearTicks, logTicks, nearestIndex } from '../../../src-renderer/lib/axis.ts';
import { formatBytes, formatExact, formatFigure, formatMegabytes, formatTick } from '../../../src-renderer/lib/figures.ts';
import { picturePalette } from '../../../src-renderer/lib/heat.ts';
import { isSame, valueAt, withValue } from '../../../src-renderer/lib/setting-paths.ts';
import { wavFile } from '../../../src-renderer/lib/wav.ts';

describe('a figure', () => {
  it.each([
    [2.3149, '2.31'],
    [0.04213, '0.0421'],
    [39.61, '39.6'],
    [12_345, '12\u202f345'],
    [0.0003, '3 × 10⁻⁴'],
    [0.000123456, '1.23 × 10⁻⁴'],
    [-0.5, '−0.500'],
    [2.5e7, '2.5 × 10⁷'],
    [0, '0'],
    [Number.NaN, '–'],
    [null, '–'],
  ])('%s is written %s', (value, text) => expect(formatFigure(value)).toBe(text));

  it.each([
    [0.0003, '0.0003'],
    [1e-6, '10⁻⁶'],
    [22_050, '22\u202f050'],
    [0.999, '0.999'],
    [-20, '−20'],
    [4_294_967_295, '4\u202f294\u202f967\u202f295'],
  ])('as a setting, %s is written in full: %s', (value, text) => expect(formatExact(value)).toBe(text));

  it.each([
    [0.0002, '2·10⁻⁴'],
    [0.05, '0.05'],
    [2000, '2\u202f000'],
    [0, '0'],
  ])('as a mark of an axis, %s is short: %s', (value, text) => expect(formatTick(value)).toBe(text));

  it('has a unit when it is a size', () => {
    expect(formatMegabytes(640.4)).toBe('640 MB');
    expect(formatMegabytes(2704)).toBe('2.7 GB');
    expect(formatBytes(412_300)).toBe('412 kB');
    expect(formatBytes(38_200_000)).toBe('38.2 MB');
    expect(formatBytes(1_250_000_000)).toBe('1.25 GB');
  });
});

describe('an axis', () => {
  it('is marked at round numbers within its range', () => {
    expect(linearTicks(0, 1, 4)).toEqual([0, 0.5, 1]);
    expect(linearTicks(0.93, 4.4, 4)).toEqual([1, 2, 3, 4]);
    expect(linearTicks(0, 418, 4)).toEqual([0, 200, 400]);
    expect(linearTicks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(linearTicks(5, 5, 4)).toEqual([5]);
  });

  it('is marked at whole numbers, each once, when it counts', () => {
    expect(countTicks(1, 4, 7)).toEqual([1, 2, 3, 4]);
    expect(countTicks(2, 3, 7)).toEqual([2, 3]);
    expect(countTicks(0, 418, 4)).toEqual([0, 200, 400]);
    expect(countTicks(7, 7, 4)).toEqual([7]);
  });

  it('is marked at powers of ten when it is logarithmic, and finer when there are fewer than two', () => {
    expect(logTicks(0.02, 300)).toEqual([0.1, 1, 10, 100]);
    expect(logTicks(0.9, 6)).toEqual([1, 2, 5]);
    expect(logTicks(2.1, 4.4)).toEqual([3, 4]);
    expect(logTicks(-1, 4)).toEqual([]);
  });

  it('reaches over the finite numbers alone', () => {
    expect(
      extent([
        [3, Number.NaN, 1],
        [Infinity, 7],
      ]),
    ).toEqual({ least: 1, most: 7 });
    expect(extent([[-3, 0, 2]], true)).toEqual({ least: 2, most: 2 });
    expect(extent([[]])).toBeNull();
  });

  it('finds the nearest of rising numbers as a search through all of them does', () => {
    const rising = [1, 4, 9, 16, 25, 25.5];
    for (let wanted = -2; wanted < 30; wanted += 0.37) {
      const distances = rising.map((value) => Math.abs(value - wanted));
      expect(nearestIndex(rising, wanted)).toBe(distances.indexOf(Math.min(...distances)));
    }
    expect(nearestIndex([], 1)).toBe(-1);
  });
});

describe('a setting by its place', () => {
  const settings = { batch: 48, optimizer: { kind: 'adam', beta1: 0.9 }, hidden: [512] };

  it('is read and replaced, and what was there stays as it was', () => {
    const changed = withValue(settings, 'optimizer.beta1', 0.8);
    expect(valueAt(changed, 'optimizer.beta1')).toBe(0.8);
    expect(settings.optimizer.beta1).toBe(0.9);
    expect(changed.hidden).toBe(settings.hidden);
    expect(valueAt(settings, 'optimizer.trust')).toBeUndefined();
    expect(valueAt(settings, 'batch.of.nothing')).toBeUndefined();
  });

  it('is the same when it holds the same', () => {
    expect(isSame(settings, structuredClone(settings))).toBe(true);
    expect(isSame({ ...settings, hidden: [512, 512] }, settings)).toBe(false);
    expect(isSame({ least: 1 }, { least: 1, most: 2 })).toBe(false);
    expect(isSame(Number.NaN, Number.NaN)).toBe(true);
    expect(isSame([1], { 0: 1 })).toBe(false);
  });
});

describe('a WAV file', () => {
  it('says what its samples are, and holds them unchanged', () => {
    const samples = new Uint8Array(Int16Array.of(0, 1000, -1000, 32_767, -32_768).buffer);
    const file = Buffer.from(wavFile(samples, 22_050));
    expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16) + file.toString('latin1', 36, 40)).toBe('RIFFWAVEfmt data');
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect([file.readUInt16LE(20), file.readUInt16LE(22), file.readUInt32LE(24)]).toEqual([1, 1, 22_050]);
    expect([file.readUInt32LE(28), file.readUInt16LE(32), file.readUInt16LE(34), file.readUInt32LE(40)]).toEqual([44_100, 2, 16, 10]);
    expect([file.readInt16LE(46), file.readInt16LE(50), file.readInt16LE(52)]).toEqual([1000, 32_767, -32_768]);
  });
});

describe('the colours of a picture', () => {
  it.each(['light', 'dark'] as const)('go one way in lightness in the %s theme, so that they read without colour vision', (theme) => {
    const palette = picturePalette(theme);
    const luminance = Array.from({ length: 256 }, (_, i) => {
      const [r, g, b] = [...palette.subarray(i * 4, i * 4 + 3)].map((part) => (part / 255) ** 2.2);
      return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
    });
    const rises = luminance.slice(1).map((value, i) => value - (luminance[i] ?? 0));
    const isOneWay = theme === 'light' ? rises.every((rise) => rise <= 0.004) : rises.every((rise) => rise >= -0.004);
    expect(isOneWay).toBe(true);
    expect(Math.abs((luminance[255] ?? 0) - (luminance[0] ?? 0))).toBeGreaterThan(0.6);
    expect(palette.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });
});
