/** @file Files of figures: well-formed whatever music is called, with their settings; and their colours. */
import { describe, expect, it } from 'vitest';
import { csvFile, fileColour, heatOfFigures, linearTicks, svgFile } from '../../../src-main/contract/index.ts';
import type { Drawing } from '../../../src-main/contract/index.ts';
import { levelOf } from '../../../src-main/inspect/drawing/palette.ts';
import { lineThrough } from '../../../src-main/inspect/drawing/marks.ts';
import { picturePalette } from '../../../src-renderer/lib/heat.ts';

const drawing: Drawing = {
  ...{ width: 200, height: 100, columns: 2, rows: 1, plot: { left: 0, top: 0, right: 200, bottom: 100 } },
  marks: [
    { kind: 'area', path: 'M0 0h9v9z', colour: 'heat-16', opacity: 0.5 },
    { kind: 'line', path: 'M0 0L9 9', colour: 'first', width: 2, dash: '5 3' },
    { kind: 'words', x: 3, y: 4, text: 'a < b & "c"\u0000\uD800', anchor: 'end', colour: 'muted', turned: true },
  ],
};

describe('an SVG file', () => {
  const text = svgFile({ title: 'Neurons <1> & 2', settings: `${'how it was made, in many words '.repeat(6)}end` }, drawing);

  it('tells title and settings in sight and for readers, each word once', () => {
    expect(text).toContain('<title>Neurons &lt;1&gt; &amp; 2</title>');
    expect(text.match(/>Neurons &lt;1&gt; &amp; 2</g)).toHaveLength(2);
    const shown = [...text.matchAll(/font-size="11" fill="[^"]+">([^<]*)<\/text>/g)].map(([, line]) => line ?? '');
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.join(' ')).toBe(`${'how it was made, in many words '.repeat(6)}end`);
  });

  it('keeps what XML does not allow out of names, and the rest as it is', () => {
    expect(text).toContain('>a &lt; b &amp; &quot;c&quot;</text>');
    expect(text).toContain('rotate(-90 3 4)');
    expect(text).toContain(`fill="${heatOfFigures.light[15]}" fill-opacity="0.5"`);
    expect(text).toContain('stroke-dasharray="5 3"');
    expect(text.isWellFormed()).toBe(true);
  });
});

describe('a CSV file', () => {
  it('begins with title and settings, quotes what has commas, and holds no formulas', () => {
    const text = csvFile({ title: 'Tags', settings: 'two\nlines' }, [
      ['name', 'count'],
      ['=1+1', 3],
      ['drum, bass', 0.5],
      ['say "yes"', -2],
    ]);
    expect(text).toBe('# Tags\r\n# two lines\r\nname,count\r\n\'=1+1,3\r\n"drum, bass",0.5\r\n"say ""yes""",-2\r\n');
  });
});

describe('colours of figures', () => {
  it.each(['light', 'dark'] as const)('go the way of all pictures in %s', (theme) => {
    const palette = picturePalette(theme);
    const levels = heatOfFigures[theme];
    const wanted = levels.map((_, at) => {
      const level = Math.round(((at + 1) * 255) / levels.length) * 4;
      return `#${[...palette.subarray(level, level + 3)].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    });
    expect(levels).toEqual(wanted);
  });

  it('begin where there is something, and end where it is whole', () => {
    expect([-1, 0, 0.001, 0.5, 1, 2].map(levelOf)).toEqual([0, 0, 1, 8, 16, 16]);
    expect(fileColour('text')).not.toBe(fileColour('muted'));
  });
});

describe('lines and axes', () => {
  it('are interrupted where there is no number', () => {
    expect(
      lineThrough([
        [0, 1],
        [1, 2.345],
        [2, NaN],
        [3, 4],
      ]),
    ).toBe('M0 1L1 2.35M3 4');
    expect(linearTicks(0, 1, 4)).toEqual([0, 0.5, 1]);
  });
});
