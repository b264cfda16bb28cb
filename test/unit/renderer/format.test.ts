/** @file Numbers, times and paths as people read them. */
import { describe, expect, it } from 'vitest';
import {
  countOf,
  decimalsFor,
  fileName,
  folderOf,
  formatCount,
  formatDate,
  formatDuration,
  formatLength,
  formatRate,
  formatSampleRate,
  pathTrail,
  shownName,
} from '../../../src-renderer/lib/format.ts';

describe('numbers', () => {
  it('are grouped by thousands with a narrow space', () => {
    expect(formatCount(999)).toBe('999');
    expect(formatCount(1234567)).toBe('1\u202f234\u202f567');
  });

  it('carry their noun in the right number', () => {
    expect(countOf(1, 'track')).toBe('1 track');
    expect(countOf(0, 'track')).toBe('0 tracks');
    expect(countOf(2, 'entry', 'entries')).toBe('2 entries');
  });

  it('of a feature have as many digits as its range needs, 2 to 7', () => {
    expect(decimalsFor(0, 3.2)).toBe(2);
    expect(decimalsFor(0, 1)).toBe(2);
    expect(decimalsFor(-0.3, 0.2)).toBe(3);
    expect(decimalsFor(0.607085, 0.607105)).toBe(7);
    expect(decimalsFor(0.6, 0.61)).toBe(4);
    expect(decimalsFor(0, 1e-30)).toBe(7);
    expect(decimalsFor(0, 5000)).toBe(2);
    expect(decimalsFor(0.6, 0.6)).toBe(2);
    expect(decimalsFor(Number.NaN, 1)).toBe(2);
    for (const span of [0.9, 0.09, 0.009, 0.0009, 0.00009]) {
      expect(span * 10 ** decimalsFor(0, span)).toBeGreaterThanOrEqual(100);
      expect(span * 10 ** decimalsFor(0, span)).toBeLessThan(1000);
    }
  });

  it('carry their unit', () => {
    expect(formatRate(24.4, 'files')).toBe('24 files/s');
    expect(formatRate(3.25, 'tracks')).toBe('3.3 tracks/s');
    expect(formatRate(0.5, 'tracks')).toBe('30 tracks/min');
    expect(formatSampleRate(44100)).toBe('44.1 kHz');
    expect(formatSampleRate(22050)).toBe('22.05 kHz');
  });
});

describe('times', () => {
  it('show minutes and seconds, and hours only where there are any', () => {
    expect(formatDuration(0)).toBe('0:00');
    expect(formatDuration(65_400)).toBe('1:05');
    expect(formatDuration(59_600)).toBe('1:00');
    expect(formatDuration(3_723_000)).toBe('1:02:03');
  });

  it('are said in words with at most two units', () => {
    expect(formatLength(42)).toBe('42 s');
    expect(formatLength(3599)).toBe('1 h');
    expect(formatLength(7500)).toBe('2 h 5 min');
    expect(formatLength(7200)).toBe('2 h');
    expect(formatLength(3600 * 1234)).toBe('1\u202f234 h');
  });

  it('are dates with the month in letters', () => {
    expect(formatDate(new Date(2025, 9, 4).getTime())).toBe('4 Oct 2025');
  });
});

describe('paths', () => {
  it('show bytes that are no text as the replacement character, and everything else as it is', () => {
    expect(shownName('/music/caf\u{10FFE9}/\u{10FF80}\u{10FFFF}.mp3')).toBe('/music/caf\uFFFD/\uFFFD\uFFFD.mp3');
    expect(shownName('Café 🎧 \u{10FEFF} ñ')).toBe('Café 🎧 \u{10FEFF} ñ');
  });

  it('come apart at the last separator of either kind', () => {
    expect(fileName('/music/a b.mp3')).toBe('a b.mp3');
    expect(fileName('C:\\Music\\a.mp3')).toBe('a.mp3');
    expect(folderOf('/music/a.mp3')).toBe('/music');
  });

  it('are a trail from the root', () => {
    expect(pathTrail('/home/ida')).toEqual([
      { name: '/', path: '/' },
      { name: 'home', path: '/home' },
      { name: 'ida', path: '/home/ida' },
    ]);
    expect(pathTrail('C:\\Music\\Jazz').map(({ path }) => path)).toEqual(['C:\\', 'C:\\Music', 'C:\\Music\\Jazz']);
  });
});
