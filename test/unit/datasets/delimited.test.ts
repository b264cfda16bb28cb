/** @file Rows of delimited text are the same wherever its pieces are cut. */
import { expect, it } from 'vitest';
import { defined } from '../../../src-main/base/index.ts';
import { readTable, rowsOf } from '../../../src-main/datasets/delimited.ts';
import type { Row } from '../../../src-main/datasets/delimited.ts';
import { memoryFolder } from '../../support/datasets/memory-folder.ts';

async function rows(text: string, pieceLength: number, isQuoted = true, delimiter = ','): Promise<Row[]> {
  const pieces = await memoryFolder({ t: text }, pieceLength).pieces('t');
  return Array.fromAsync(rowsOf(defined(pieces, 'the text'), { delimiter, isQuoted }));
}

const text = '\uFEFFid,"a ""b""",c\r\n"1","x,\ny",""\r\n\r\n2,"q"r,z"w\n"3",,"last"';
const expected: Row[] = [
  { line: 1, cells: ['id', 'a "b"', 'c'] },
  { line: 2, cells: ['1', 'x,\ny', ''] },
  { line: 5, cells: ['2', 'qr', 'z"w'] },
  { line: 6, cells: ['3', '', 'last'] },
];

it.each([1, 2, 3, 4, 5, 7, 11, 1000])('in pieces of %i characters', async (length) => {
  expect(await rows(text, length)).toEqual(expected);
});

it('takes quotes for characters where a format has none', async () => {
  expect(await rows('1\t"Heroes\n2\t6" pipe\n', 3, false, '\t')).toEqual([
    { line: 1, cells: ['1', '"Heroes'] },
    { line: 2, cells: ['2', '6" pipe'] },
  ]);
});

it('says which quote is not closed, before it fills the memory', async () => {
  const endless = `id,name\n1,"${'no end '.repeat(700_000)}`;
  await expect(rows(endless, 65_536)).rejects.toThrow('The row that begins at line 2 does not end. A quote may be missing.');
});

it('finds columns by their names, and gives what is beyond them to rows of any length', async () => {
  const folder = memoryFolder({ 'a.tsv': 'ID\tTAGS\tN\n1\tx\t2\n', 'b.tsv': 'ID\tTAGS\n1\tx\ty\n2\n', 'c.tsv': '' }, 2);
  const read = async (path: string, columns: string[], isRagged = false): Promise<unknown[]> =>
    Array.fromAsync((await readTable(folder, { path, columns, isRagged })) ?? []);
  expect(await read('a.tsv', ['N', 'ID'])).toEqual([{ line: 2, cells: { N: '2', ID: '1' }, others: ['2'] }]);
  expect(await read('b.tsv', ['ID'], true)).toEqual([
    { line: 2, cells: { ID: '1' }, others: ['x', 'y'] },
    { line: 3, cells: { ID: '2' }, others: [] },
  ]);
  await expect(read('b.tsv', ['ID'])).rejects.toThrow('Line 2 of b.tsv has 3 cells, and its heading 2.');
  await expect(read('a.tsv', ['A', 'B'])).rejects.toThrow('a.tsv lacks the columns “A”, “B”. Its columns are “ID”, “TAGS”, “N”.');
  await expect(read('c.tsv', ['A'])).rejects.toThrow('c.tsv is empty.');
  expect(await readTable(folder, { path: 'none.tsv', columns: [] })).toBeNull();
});
