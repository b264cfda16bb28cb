/** @file What `pretrain` says of the labels that a run learns. */
import { expect, it } from 'vitest';
import { pretraining } from '../../../../src-main/contract/index.ts';
import { labelLines } from '../../../../src-main/host/cli/verbs/label-text.ts';

const paths = { run: (id: number) => `/data/runs/${id}` };
const runOf = (names: string[]): Pick<pretraining.Run, 'id' | 'settings'> => ({
  id: 3 as pretraining.RunId,
  settings: { ...pretraining.recipeDefaults.supervised, labels: { from: { kind: 'table', path: '/t.csv', columns: [] }, names } },
});
const overview = (changes: Partial<pretraining.LabelOverview>): pretraining.LabelOverview => ({
  ...{
    names: [],
    isExclusive: false,
    labelled: 20,
    taught: 16,
    heldOut: 4,
    leftOut: 0,
    notFound: 0,
    notFoundRows: [],
    each: [],
    problem: null,
  },
  ...changes,
});

it('a run says which names it learns: up to ten, then how many more', () => {
  const names = Array.from({ length: 13 }, (_, at) => `n${at}`);
  expect(labelLines(paths, runOf(names.slice(0, 2)), null)).toEqual(['It learns 2 labels: n0, n1.']);
  const [first, second] = labelLines(paths, runOf(names), overview({}));
  expect(first).toBe('It learns 13 labels: n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 and 3 more.');
  expect(second).toBe('16 tracks to learn from, 4 held out.');
  expect(labelLines(paths, { ...runOf([]), settings: pretraining.recipeDefaults.clmr }, null)).toEqual([]);
});

it('rows of a table that were not found are counted, the first are named, and where all of them stand', () => {
  const rows = Array.from({ length: 4 }, (_, at) => ({ line: at + 2, text: `gone/${at}.mp3` }));
  const lines = labelLines(paths, runOf(['a']), overview({ notFound: 4, notFoundRows: rows }));
  expect(lines.at(-1)).toBe(
    '4 rows of /t.csv name no track of the library that was chosen: line 2 (gone/0.mp3), line 3 (gone/1.mp3), line 4 (gone/2.mp3) …. All of them stand under “notFound” in /data/runs/3/labels.json.',
  );
});
