/** @file Files of figures: well-formed whatever music is called, with their settings; and their colours. */
import { describe, expect, it } from 'vitest';
import {
  besideSpectraTable,
  besideSpectraWords,
  csvFile,
  drawBesideSpectra,
  drawDrift,
  drawSound,
  drawSpectra,
  drawTaggram,
  driftTable,
  driftWords,
  fileColour,
  heatOfFigures,
  linearTicks,
  soundTable,
  soundWords,
  spectraAt,
  strongestTags,
  svgFile,
  taggramHeight,
  taggramTable,
  taggramWords,
} from '../../../src-main/contract/index.ts';
import type { Drawing } from '../../../src-main/contract/index.ts';
import { drawPoints } from '../../../src-main/inspect/drawing/index.ts';
import { levelOf } from '../../../src-main/inspect/drawing/palette.ts';
import type { NamedSpectra } from '../../../src-main/inspect/drawing/spectra.ts';
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

describe('named points', () => {
  const points = Array.from({ length: 12 }, (_, i) => ({
    name: `One of twelve, ${i}`,
    at: i === 0 ? 1e9 : 1e6 + i,
    value: i === 0 ? 90 : 30 + i / 10,
    low: null,
    high: null,
  }));
  const { marks, plot } = drawPoints({ points, x: 'weights', y: '%', none: 'none' }, { width: 900, height: 400 });
  const names = marks.flatMap((mark) => (mark.kind === 'words' && mark.text.startsWith('One of') ? [mark] : []));

  it('have each their name within the plot, none on another', () => {
    expect(names.map(({ text }) => text).toSorted()).toEqual(points.map(({ name }) => name).toSorted());
    const heights = names.map(({ y }) => y).toSorted((a, b) => a - b);
    expect(heights[0]).toBeGreaterThanOrEqual(plot.top);
    expect(heights.at(-1)).toBeLessThanOrEqual(plot.bottom);
    for (const [i, y] of heights.entries()) expect(y - (heights[i - 1] ?? -100), `name ${i}`).toBeGreaterThanOrEqual(13);
  });

  it('are led to by a line where a name had to go further than to the next', () => {
    const led = marks.filter((mark) => mark.kind === 'line' && mark.colour === 'muted' && mark.width === 0.5);
    expect(led.length).toBeGreaterThan(5);
    expect(led.length).toBeLessThan(12);
  });
});

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

describe('filter spectra side by side', () => {
  const line = (filter: number): { filter: number; peakHz: number; magnitudes: number[] } => ({
    ...{ filter, peakHz: filter * 100 },
    magnitudes: [0.2, 1, 0],
  });
  const spectra = (name: string, sampleRate: number, filters: number): NamedSpectra => ({
    ...{ name, layer: 2, sampleRate, samples: 4 },
    lines: Array.from({ length: filters }, (_, filter) => line(filter)),
  });
  const all = [spectra('Trained', 22_050, 30), spectra('Untrained', 8000, 20)];

  it('have a column for each filter, and empty ones between encoders', () => {
    const { columns, marks, plot } = drawBesideSpectra(all, { width: 600, height: 300 });
    // 30 and 20 filters, and a gap of a twenty-fourth of the wider one.
    expect(columns).toBe(52);
    expect(spectraAt(all, 29)).toEqual({ encoder: 0, line: 29 });
    expect([30, 31].map((column) => spectraAt(all, column))).toEqual([null, null]);
    expect(spectraAt(all, 32)).toEqual({ encoder: 1, line: 0 });
    expect(spectraAt(all, 51)).toEqual({ encoder: 1, line: 19 });
    expect(spectraAt(all, 52)).toBeNull();
    expect(marks.flatMap((mark) => (mark.kind === 'words' ? [mark.text] : []))).toEqual(expect.arrayContaining(['Trained', 'Untrained']));
    // Both have the same frequencies at the same height: the slower one ends at its own half.
    const edges = marks.flatMap((mark) => (mark.kind === 'line' ? [mark.path] : []));
    const tops = edges.map((path) => Number(/^M[\d.]+ ([\d.]+)H/.exec(path)?.[1]));
    expect(tops[0]).toBeCloseTo(plot.top, 2);
    expect((plot.bottom - (tops[1] ?? 0)) / (plot.bottom - plot.top)).toBeCloseTo(8000 / 22_050, 3);
  });

  it('name encoders, and one row for each magnitude', () => {
    expect(besideSpectraWords(all).title).toBe('Filter spectra of layer 2 of Trained and Untrained');
    expect(besideSpectraWords(all).settings).toContain('of 4 samples at 22050 and 8000 Hz');
    const table = besideSpectraTable(all);
    expect(table).toHaveLength(1 + 50 * 3);
    expect(table.at(-2)).toEqual(['Untrained', 19, 1900, 2000, 1]);
  });

  it('of one encoder are the figure that it has alone', () => {
    const [first] = all as [NamedSpectra];
    expect(drawBesideSpectra([first], { width: 600, height: 300 })).toEqual(drawSpectra(first, { width: 600, height: 300 }));
  });
});

describe('a taggram', () => {
  const shown = {
    ...{ title: 'Knolls', artist: 'Someone', head: 'Your tags', labels: ['dark', 'bright', 'slow'], hopMs: 2000, segmentMs: 4000 },
    values: Float32Array.of(0.1, 0.9, 0, 0.2, 0.3, 0, 0.15, 0.8, 0.5),
  };

  it('shows the tags that are strongest somewhere, and times below', () => {
    expect(strongestTags(shown, 2)).toEqual([1, 2]);
    const drawing = drawTaggram(shown, { tags: [1, 2], width: 500, height: taggramHeight(2) });
    expect([drawing.columns, drawing.rows]).toEqual([3, 2]);
    const words = drawing.marks.flatMap((mark) => (mark.kind === 'words' ? [mark.text] : []));
    expect(words).toEqual(expect.arrayContaining(['bright', 'slow', '0:00', '0:06', 'Time in the track']));
    expect(words).not.toContain('dark');
    // A share of 0.9 is the fifteenth of sixteen levels, 0.5 the eighth.
    const heat = drawing.marks.flatMap((mark) => (mark.kind === 'area' ? [mark.colour] : []));
    expect(heat).toEqual(['heat-5', 'heat-8', 'heat-13', 'heat-15']);
  });

  it('is a table of segments, with its settings in words', () => {
    expect(taggramTable(shown)[2]?.slice(0, 2)).toEqual([1, 2]);
    expect(taggramTable(shown)[0]).toEqual(['segment', 'start_s', 'dark', 'bright', 'slow']);
    expect(taggramWords(shown, 'CLMR')).toEqual({
      title: 'Tags over “Knolls” by Someone',
      settings: expect.stringContaining('“Your tags” (3 tags, on CLMR) says of each segment of 4.00 s, one every 2.00 s') as string,
    });
  });
});

describe('a neuron’s figures', () => {
  const at = (mean: number): { mean: number; low: number | null; high: number | null } => ({ mean, low: mean - 1, high: mean + 1 });
  const compared = { top: at(-10), rest: at(-20), difference: at(10) };
  const sound = {
    ...{ number: 7, sampleRate: 22_050, top: { segments: 24, tracks: 9 }, rest: { segments: 60, tracks: 50 }, left: 2 },
    ...{ level: compared, attack: compared, decay: compared },
    bands: [
      { hertz: 49.6, top: at(-30), rest: at(-20) },
      { hertz: 8000, top: at(-5), rest: { mean: -9, low: null, high: null } },
    ],
  };

  it('tell sound in bands and tables, with what was left out', () => {
    const { marks, columns } = drawSound(sound, { width: 400, height: 200 });
    expect(columns).toBe(2);
    expect(marks.flatMap((mark) => (mark.kind === 'words' ? [mark.text] : []))).toEqual(
      expect.arrayContaining(['50', '8k', 'top segments', 'others']),
    );
    expect(soundTable(sound)[1]).toEqual(['level_db', -10, -11, -9, -20, -21, -19, 10, 9, 11]);
    expect(soundTable(sound).at(-1)).toEqual(['share_db_at_8000_hz', -5, -6, -4, -9, '', '', '', '', '']);
    expect(soundWords(sound, 'CLMR').settings).toContain('24 of the segments on which it gives most, of 9 tracks');
    expect(soundWords(sound, 'CLMR').settings).toContain('2 more are silent or could not be read.');
  });

  it('tell of checkpoints, where one gave one number there is a gap', () => {
    const drift = {
      ...{ number: 7, runName: 'Short', segments: 96, tracks: 90, of: 10, gone: [5] },
      steps: [
        { step: 10, isNow: false, correlation: { value: 0.2, low: 0, high: 0.4 }, kept: 1 },
        { step: 20, isNow: false, correlation: null, kept: 0 },
        { step: 30, isNow: true, correlation: { value: 1, low: 1, high: 1 }, kept: 10 },
      ],
    };
    const { marks, columns } = drawDrift(drift, { width: 400, height: 200 });
    expect(columns).toBe(3);
    const [line] = marks.flatMap((mark) => (mark.kind === 'line' && mark.colour === 'first' ? [mark.path] : []));
    expect(line?.match(/M/g)).toHaveLength(2);
    expect(marks.every((mark) => mark.kind === 'words' || !mark.path.includes('NaN'))).toBe(true);
    expect(driftTable(drift)[2]).toEqual([20, 0, '', '', '', 0, 10]);
    expect(driftWords(drift, 'CLMR').settings).toContain('Files of checkpoints that are gone: of step 5.');
  });
});
