/** @file The colours behind numbers: even, monotone in lightness, readable, and the same in code and style sheet. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, heatColour, heatLevel, heatLevels, heatStyleSheet, toSrgb } from '../../../src-renderer/lib/heat.ts';

const levels = Array.from({ length: heatLevels }, (_, index) => index + 1);
/** `--text` of `ui/tokens.css`. */
const words = { light: { lightness: 0.235, chroma: 0.006, hue: 85 }, dark: { lightness: 0.932, chroma: 0.004, hue: 85 } };

describe('heat', () => {
  it('gives nothing its own level and the largest value the last', () => {
    expect(heatLevel(0, 0, 3)).toBe(0);
    expect(heatLevel(0.0001, 0, 3)).toBe(1);
    expect(heatLevel(3, 0, 3)).toBe(heatLevels);
    expect(heatLevel(7, 0, 3)).toBe(heatLevels);
    expect(heatLevel(1.5, 0, 3)).toBe(heatLevels / 2);
    expect(heatLevel(1, 2, 2)).toBe(0);
    expect(heatLevel(Number.NaN, 0, 3)).toBe(0);
  });

  it.each(['light', 'dark'] as const)('keeps words readable (4.5 : 1) on every level in %s', (theme) => {
    for (const level of levels) expect(contrast(heatColour(level, theme), words[theme])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['light', 'dark'] as const)('changes lightness by the same step from level to level in %s', (theme) => {
    const steps = levels.slice(1).map((level) => heatColour(level, theme).lightness - heatColour(level - 1, theme).lightness);
    for (const step of steps) expect(step).toBeCloseTo(steps[0] ?? 0, 9);
    expect(Math.abs(steps[0] ?? 0)).toBeGreaterThan(0.005);
  });

  it('computes sRGB as the OKLCH specification does', () => {
    expect(toSrgb({ lightness: 1, chroma: 0, hue: 0 }).map((value) => value.toFixed(3))).toEqual(['1.000', '1.000', '1.000']);
    const red = toSrgb({ lightness: 0.62796, chroma: 0.25768, hue: 29.234 });
    expect(red[0]).toBeCloseTo(1, 2);
    expect(red[1]).toBeCloseTo(0, 1);
    expect(contrast({ lightness: 1, chroma: 0, hue: 0 }, { lightness: 0, chroma: 0, hue: 0 })).toBeCloseTo(21, 3);
  });

  it('is what the style sheet says', () => {
    const file = readFileSync(new URL('../../../src-renderer/ui/grid/heat.css', import.meta.url), 'utf8');
    expect(file).toBe(heatStyleSheet());
  });
});
