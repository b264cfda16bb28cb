/** @file Python's lists are read, and nothing else is. */
import { expect, it } from 'vitest';
import { pythonList, pythonNumbers, pythonStrings } from '../../../src-main/datasets/python-list.ts';

it.each([
  ['[]', []],
  [' [ ] ', []],
  ['[1, 0.0, -2., .5, 1e-3]', [1, 0, -2, 0.5, 0.001]],
  [`['a', "b's", 'c\\'d', 'e, f]', '']`, ['a', "b's", "c'd", 'e, f]', '']],
  [`[1, 'x',]`, [1, 'x']],
])('reads %s', (text, expected) => {
  expect(pythonList(text)).toEqual(expected);
});

it.each([
  '',
  '1',
  '(1, 2)',
  '[1',
  '[[1]]',
  '[1 2]',
  '[,]',
  "['a' 'b']",
  "['a\\n']",
  '[os.system("x")]',
  '[None]',
  '[1] + [2]',
  '[0x10]',
  "['a]",
])('refuses %s', (text) => {
  expect(pythonList(text)).toBeNull();
});

it('tells lists of numbers from lists of strings', () => {
  expect([pythonNumbers('[1, 2]'), pythonNumbers("[1, 'a']"), pythonStrings("['a']"), pythonStrings('[1]')]).toEqual([
    [1, 2],
    null,
    ['a'],
    null,
  ]);
});
