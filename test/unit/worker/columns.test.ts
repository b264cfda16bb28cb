/** @file Reading columns of an index whose tracks lie in any order. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { ColumnReader, stretchesOf } from '../../../src-main/worker/inspect/runs.ts';

type Tracks = { firstRows: Int32Array; counts: Int32Array };

/** A column whose value is its row, and how often it was read. */
function column(rows: number): { files: ConstructorParameters<typeof ColumnReader>[0]; reads: () => number } {
  let reads = 0;
  const readColumn = (_feature: number, firstRow: number, into: Float32Array): void => {
    reads++;
    if (firstRow + into.length > rows) throw new Error('read beyond the end');
    into.forEach((_, at) => (into[at] = firstRow + at));
  };
  return { files: { readColumn } as never, reads: () => reads };
}

function read(tracks: Tracks, rows: number): { values: number[]; reads: number } {
  const { files, reads } = column(rows);
  const reader = new ColumnReader(files, tracks);
  const values = new Float32Array(reader.length).fill(NaN);
  reader.read(0, values);
  return { values: [...values], reads: reads() };
}

function expected({ firstRows, counts }: Tracks): number[] {
  return [...firstRows].flatMap((first, track) => Array.from({ length: counts[track] ?? 0 }, (_, at) => first + at));
}

/** Tracks of up to 30 segments in a drawn order, some of which nobody asks for. */
function shuffled(count: number): Tracks & { rows: number } {
  const random = seededRandom(4);
  const all: { first: number; count: number; place: number }[] = [];
  let rows = 0;
  for (let track = 0; track < count; track++) {
    const own = random.below(31);
    all.push({ first: rows, count: own, place: random.uniform() });
    rows += own;
  }
  const asked = all.filter((_, track) => track % 7 !== 3).sort((a, b) => a.place - b.place);
  return { firstRows: Int32Array.from(asked, ({ first }) => first), counts: Int32Array.from(asked, (one) => one.count), rows };
}

describe('a column', () => {
  it('is read in few stretches, whatever the order of tracks, and given in their order', () => {
    const { rows, ...tracks } = shuffled(6000);
    const { values, reads } = read(tracks, rows);
    expect(values).toEqual(expected(tracks));
    expect(rows).toBeGreaterThan(65_536);
    expect(reads).toBeLessThanOrEqual(Math.ceil(rows / 65_536) + 1);
  });

  it('of tracks that lie far apart is not read between them', () => {
    const tracks = { firstRows: Int32Array.of(900_000, 0, 4_106), counts: Int32Array.of(10, 10, 10) };
    expect(read(tracks, 900_010)).toEqual({ values: expected(tracks), reads: 2 });
    expect(read({ ...tracks, firstRows: Int32Array.of(900_000, 0, 4_107) }, 900_010).reads).toBe(3);
  });

  it('of tracks that follow each other is one run, however long', () => {
    const tracks = { firstRows: Int32Array.of(5, 5, 100_005, 100_008), counts: Int32Array.of(0, 100_000, 3, 4) };
    expect(stretchesOf(tracks)).toEqual([{ firstRow: 5, rows: 100_007, runs: [{ firstRow: 5, from: 0, end: 100_007 }] }]);
    expect(read(tracks, 100_012)).toEqual({ values: expected(tracks), reads: 1 });
    expect(read({ firstRows: new Int32Array(0), counts: new Int32Array(0) }, 0)).toEqual({ values: [], reads: 0 });
  });
});
