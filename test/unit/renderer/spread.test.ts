/** @file Columns share the width that is left. */
import { describe, expect, it } from 'vitest';
import { spreadColumns, withWidths } from '../../../src-renderer/ui/grid/spread.ts';

const columns = [
  { id: 'title', widthPx: 200, grows: 3 },
  { id: 'year', widthPx: 80 },
  { id: 'artist', widthPx: 120, grows: 1 },
];
const widthsIn = (roomPx: number, given = columns): number[] => spreadColumns(given, roomPx).map(({ widthPx }) => widthPx);

describe('columns in a wide table', () => {
  it('share what is left by what they grow, to the last pixel', () => {
    expect(widthsIn(500)).toEqual([275, 80, 145]);
    expect(widthsIn(501).reduce((sum, width) => sum + width, 0)).toBe(501);
  });

  it('keep their widths where there is no room, or none is known yet', () => {
    expect(widthsIn(300)).toEqual([200, 80, 120]);
    expect(widthsIn(0)).toEqual([200, 80, 120]);
  });

  it('grow to two and a half times their width, and leave the rest of the room to others', () => {
    expect(widthsIn(860)).toEqual([500, 80, 280]);
    expect(widthsIn(5000)).toEqual([500, 80, 300]);
  });

  it('stay as wide as a person made them', () => {
    expect(widthsIn(500, withWidths(columns, { title: 150.4 }))).toEqual([150, 80, 270]);
  });
});
