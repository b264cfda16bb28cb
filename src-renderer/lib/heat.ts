/**
 * @file The colours behind numbers: a sequential map in OKLCH, even in lightness (so it reads without colour vision and in print), from teal to
 * violet, never amber, which is kept for the current thing. It is cut off where words over it would fall below a contrast of 4.5 : 1.
 */

import { hardlyDiffers, leastSpread } from '../../src-main/contract/index.ts';

export { allHardlyDiffer, leastSpread } from '../../src-main/contract/index.ts';

/** Levels above "nothing". */
export const heatLevels = 32;

/** One colour as OKLCH: lightness 0..1, chroma, hue in degrees. */
export interface Oklch {
  readonly lightness: number;
  readonly chroma: number;
  readonly hue: number;
}

/** Where the map begins and ends in one theme. */
interface HeatRamp {
  readonly from: Oklch;
  readonly to: Oklch;
}

const ramps: Readonly<Record<'light' | 'dark', HeatRamp>> = {
  light: { from: { lightness: 0.975, chroma: 0.012, hue: 195 }, to: { lightness: 0.66, chroma: 0.14, hue: 285 } },
  dark: { from: { lightness: 0.24, chroma: 0.02, hue: 200 }, to: { lightness: 0.5, chroma: 0.17, hue: 290 } },
};

/** Level 0..{@link heatLevels} of a value between `least` and `most`; 0 shows no colour. Values that hardly differ do not fill the scale. */
export function heatLevel(value: number, least: number, most: number): number {
  if (!(most > least) || !(value > least)) return 0;
  if (hardlyDiffers(least, most)) return Math.round(((value - least) / leastSpread(least, most)) * heatLevels);
  return Math.max(1, Math.round(Math.min(1, (value - least) / (most - least)) * heatLevels));
}

/** The colour of a level from 1 on. */
export function heatColour(level: number, theme: 'light' | 'dark'): Oklch {
  const { from, to } = ramps[theme];
  const part = (Math.min(Math.max(level, 1), heatLevels) - 1) / (heatLevels - 1);
  const between = (a: number, b: number): number => a + (b - a) * part;
  return { lightness: between(from.lightness, to.lightness), chroma: between(from.chroma, to.chroma), hue: between(from.hue, to.hue) };
}

/** The same way from teal to violet for pictures, which carry no words: from the page's own lightness to its opposite. */
const pictureRamps: Readonly<Record<'light' | 'dark', HeatRamp>> = {
  light: { from: { lightness: 0.975, chroma: 0.012, hue: 195 }, to: { lightness: 0.3, chroma: 0.15, hue: 285 } },
  dark: { from: { lightness: 0.19, chroma: 0.02, hue: 285 }, to: { lightness: 0.93, chroma: 0.1, hue: 195 } },
};

/** The colours of a picture's 256 levels as red, green, blue, alpha, 0 to 255 each. */
export function picturePalette(theme: 'light' | 'dark'): Uint8ClampedArray {
  const { from, to } = pictureRamps[theme];
  const palette = new Uint8ClampedArray(256 * 4);
  for (let level = 0; level < 256; level++) {
    const between = (a: number, b: number): number => a + ((b - a) * level) / 255;
    const chroma = between(from.chroma, to.chroma) + 0.06 * Math.sin((Math.PI * level) / 255);
    const colour = toSrgb({ lightness: between(from.lightness, to.lightness), chroma, hue: between(from.hue, to.hue) });
    palette.set([...colour.map((part) => Math.round(part * 255)), 255], level * 4);
  }
  return palette;
}

/** A colour as CSS writes it. */
export function oklchText({ lightness, chroma, hue }: Oklch): string {
  return `oklch(${Number(lightness.toFixed(3))} ${Number(chroma.toFixed(3))} ${Number(hue.toFixed(1))})`;
}

/** The rules of `ui/grid/heat.css`: one class a level. */
export function heatStyleSheet(): string {
  const rules = Array.from({ length: heatLevels }, (_, index) => {
    const [light, dark] = (['light', 'dark'] as const).map((theme) => oklchText(heatColour(index + 1, theme)));
    return `.heat-${index + 1} {\n  background-color: light-dark(${light}, ${dark});\n}\n`;
  });
  return `/* Written by heatStyleSheet() of lib/heat.ts; a test compares the two. */\n${rules.join('')}`;
}

/** Red, green and blue 0..1 (gamma-encoded sRGB, clipped) of an OKLCH colour. Björn Ottosson, "A perceptual color space", 2020. */
export function toSrgb({ lightness, chroma, hue }: Oklch): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((value) => {
    const inside = Math.min(Math.max(value, 0), 1);
    return inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055;
  }) as [number, number, number];
}

/** Contrast of two colours by WCAG 2.2, 1 to 21. */
export function contrast(one: Oklch, other: Oklch): number {
  const luminance = (colour: Oklch): number => {
    const [r, g, b] = toSrgb(colour).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
  };
  const [low, high] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}
