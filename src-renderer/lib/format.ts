/** @file Numbers, times and sizes as people read them. Pure; `locale` is for tests. */

import { formatCount } from '../../src-main/contract/index.ts';

export { countOf, formatCount, singularOf, withUnit } from '../../src-main/contract/index.ts';

/** Fewest and most digits behind the point that an activation is written with; single precision has no more. */
const fewestDecimals = 2;
const mostDecimals = 7;

/**
 * Digits behind the point with which the values of a feature are written: as many as make at least 100 steps from its least value to its largest,
 * 2 to 7. A feature that is 0.60709 everywhere but for the last digit shows that digit.
 */
export function decimalsFor(least: number, most: number): number {
  const span = most - least;
  if (!(span > 0)) return fewestDecimals;
  let decimals = fewestDecimals;
  while (decimals < mostDecimals && span * 10 ** decimals < 100) decimals++;
  return decimals;
}

/** A length of music: `3:05`, `1:02:03`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** A long length in words: `8 h 5 min`, `12 min`, `40 s`. */
export function formatLength(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 100) return `${formatCount(hours)} h`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A rate with its unit: `24 files/s`; below one a second, a minute's worth: `40 files/min`. */
export function formatRate(perSecond: number, unit: string): string {
  if (perSecond >= 10) return `${formatCount(perSecond)} ${unit}/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)} ${unit}/s`;
  return `${formatCount(perSecond * 60)} ${unit}/min`;
}

/** A day: `4 Oct 2025`. */
export function formatDate(time: number, locale = 'en-GB'): string {
  return new Date(time).toLocaleDateString(locale, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** A day and a time: `4 Oct 2025, 09:30`. */
export function formatTime(time: number, locale = 'en-GB'): string {
  return `${formatDate(time, locale)}, ${new Date(time).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })}`;
}

/** A sample rate: `44.1 kHz`. */
export function formatSampleRate(hertz: number): string {
  return `${Number((hertz / 1000).toFixed(3))} kHz`;
}

/** A bit rate: `320 kbit/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  return `${formatCount(bitsPerSecond / 1000)} kbit/s`;
}

/** Bytes of file names that are not UTF-8, as the library stores them: one character of a private range each. */
const escapedBytes = /[\u{10FF00}-\u{10FFFF}]/gu;

/** A path or a title as it is shown: a byte that is no text stands as the replacement character. What is sent to the core stays as it is stored. */
export function shownName(stored: string): string {
  return stored.replace(escapedBytes, '\uFFFD');
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** All but the last part of a path. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0));
}

/** The folders that lead to a path, outermost first, for a trail of links. */
export function pathTrail(path: string): { name: string; path: string }[] {
  const separator = path.includes('\\') ? '\\' : '/';
  const names = path.split(separator).filter((name) => name !== '');
  const root = path.startsWith('/') ? [{ name: '/', path: '/' }] : [];
  const trail = names.map((name, i) => {
    const joined = names.slice(0, i + 1).join(separator);
    return { name, path: path.startsWith('/') ? `/${joined}` : i === 0 ? `${joined}${separator}` : joined };
  });
  return [...root, ...trail];
}
