/** @file Tables of labels as programs write them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTable } from '../../../../src-main/service/pretraining/labels/table-file.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';

function table(text: string): ReturnType<typeof readTable> {
  const path = join(temporaryDirectory(), 'labels.csv');
  writeFileSync(path, text);
  return readTable(path);
}

it('text behind a closing quote belongs to its cell', async () => {
  const { header, rows, lines } = await table('path,a\n"one" two.mp3,1\n"x, y"z,"0" \n"a ""b"" c"d"e",1\n"f\ng"h,0\nlast,1');
  expect(header).toEqual(['path', 'a']);
  expect(rows).toEqual([
    ['one two.mp3', '1'],
    ['x, yz', '0 '],
    ['a "b" cd"e"', '1'],
    ['f\ngh', '0'],
    ['last', '1'],
  ]);
  expect(lines).toEqual([2, 3, 4, 5, 7]);
});

it.each([
  ['sep=;\r\npath;a\r\nx,y.mp3;1', ['x,y.mp3', '1']],
  ['"sep=|"\npath|a\nx,y;z.mp3|1', ['x,y;z.mp3', '1']],
  ['\uFEFFSEP=,\npath,a\n"x;y",1', ['x;y', '1']],
  ['sep=\t\npath\ta\nx,y\t1', ['x,y', '1']],
])('a first line %j says what stands between cells, and is no row', async (text, row) => {
  const { header, rows, lines } = await table(text);
  expect([header, rows, lines]).toEqual([['path', 'a'], [row], [3]]);
});

it('a column may be called sep', async () => {
  expect((await table('sep=,a\nx,1')).header).toEqual(['sep=', 'a']);
});
