/** @file The colours of tags are seen on every surface that they stand on, in light and dark. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tagColors } from '../../../src-main/contract/index.ts';

const css = readFileSync(new URL('../../../src-renderer/ui/tokens.css', import.meta.url), 'utf8');

/** Custom properties of one theme that are plain OKLCH: `[lightness, chroma, hue in degrees]`. */
function coloursOf(selector: string): Record<string, number[]> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('\n}', start));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): oklch\(([\d. ]+)\);/g)].map(([, name = '', numbers = '']) => [name, numbers.split(' ').map(Number)]),
  );
}

/** Relative luminance of WCAG 2 from OKLCH, by Ottosson's matrices (2020). */
function luminance([lightness = 0, chroma = 0, hue = 0]: number[]): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s;
  const inGamut = [red, green, blue].map((channel) => Math.max(0, Math.min(1, channel)));
  return 0.2126 * (inGamut[0] ?? 0) + 0.7152 * (inGamut[1] ?? 0) + 0.0722 * (inGamut[2] ?? 0);
}

function contrast(one: number[], other: number[]): number {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const surfaces = ['surface', 'surface-raised', 'surface-sunken', 'surface-hover', 'surface-selected', 'surface-raised-selected'];

describe.each([':root', ":root[data-theme='dark']"])('colours of tags in %s', (selector) => {
  const colours = coloursOf(selector);

  it('are as many as the contract counts', () => {
    expect(Object.keys(colours).filter((name) => name.startsWith('tag-'))).toHaveLength(tagColors);
  });

  it('stand out from every surface by 3 to 1', () => {
    const least = Array.from({ length: tagColors }, (_, i) =>
      Math.min(...surfaces.map((surface) => contrast(colours[`tag-${i}`] ?? [], colours[surface] ?? []))),
    );
    expect(Math.min(...least)).toBeGreaterThanOrEqual(3);
  });
});
