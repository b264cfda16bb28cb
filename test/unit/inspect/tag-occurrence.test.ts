/** @file Tag occurrence: which segments are on top, how many bear a name, and by how much that is more than chance. */
import { describe, expect, it } from 'vitest';
import { drawOccurrence, occurrenceTable, occurrenceWords, tellingNeurons } from '../../../src-main/contract/index.ts';
import { countOccurrences, excess, topPlaces } from '../../../src-main/inspect/index.ts';
import { drawn } from '../../support/drawn.ts';

describe('top places', () => {
  it('are those of a sort, the first of equal ones first', () => {
    const values = drawn(5, 500).map((value) => Math.round(value * 40));
    const sorted = [...values.keys()].sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
    for (const most of [1, 10, 100, 500]) expect([...topPlaces(values, most)]).toEqual(sorted.slice(0, most));
  });

  it('leave out what is no number, and say how many there are', () => {
    expect([...topPlaces(Float32Array.of(NaN, 1, -Infinity, 3), 3)]).toEqual([3, 1, -1]);
  });
});

describe('occurrences', () => {
  const tops = [Int32Array.of(0, 0, 1), Int32Array.of(2, 3, 3)];

  it('count every segment, also several of a track', () => {
    expect(countOccurrences(tops, [[0], [1, 3], []], 4)).toEqual([
      [2, 1, 0],
      [0, 2, 0],
    ]);
  });

  it('are compared with as many segments drawn at random', () => {
    expect(excess(10, 10, 0.5)).toBeCloseTo(5 / Math.sqrt(2.5), 12);
    expect(excess(1, 10, 0.5)).toBeCloseTo(-4 / Math.sqrt(2.5), 12);
    expect([excess(3, 10, 0), excess(10, 10, 1)]).toEqual([0, 0]);
  });

  const shown = {
    ...{ top: 10, tracks: 20, segments: 200, labels: ['', 'flux', ''] },
    names: [
      { kind: 'tag', name: 'rain', tracks: 10, share: 0.5 },
      { kind: 'artist', name: 'A very long name of an artist, indeed', tracks: 2, share: 0.1 },
    ],
    counts: [
      [5, 10],
      [10, 0],
      [5, 1],
    ],
  };

  it('show the neurons that exceed chance most, those of one name beside each other', () => {
    expect(tellingNeurons(shown, 2)).toEqual([1, 0]);
    expect(tellingNeurons(shown, 9)).toEqual([1, 2, 0]);
  });

  it('are drawn as cells, and written with what chance gives', () => {
    const drawing = drawOccurrence(shown, { neurons: [1, 0], width: 500, height: 200 });
    expect([drawing.columns, drawing.rows]).toEqual([2, 2]);
    const words = drawing.marks.flatMap((mark) => (mark.kind === 'words' ? [mark.text] : []));
    expect(words).toContain('A very long name of an arti…');
    const cells = drawing.marks.flatMap((mark) => (mark.kind === 'area' ? [[mark.colour, mark.path.split('z').length - 1]] : []));
    expect(cells).toEqual([
      ['heat-8', 1],
      ['heat-16', 2],
    ]);
    expect(occurrenceTable(shown)[3]).toEqual([1, 'flux', 'tag', 'rain', 10, 10, 5, excess(10, 10, 0.5)]);
    expect(occurrenceWords(shown, 'CLMR').title).toBe('Tag occurrence in the top 10 segments of neurons of CLMR');
  });
});
