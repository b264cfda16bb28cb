/** @file The Million Song Dataset by Pons's lists, with the published counts. */
import { expect, it } from 'vitest';
import { tagSets } from '../../../src-main/datasets/index.ts';
import { partCounts, readSet, reasons } from '../../support/datasets/read-set.ts';

const { labels } = tagSets.msd;
const answers = (place: number): string => `[${labels.map((_, at) => (at === place ? 1 : 0)).join(', ')}]`;
const list = (first: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `TR${first + at}\t${answers(at % 50)}\n`).join('');

it('has the published counts', async () => {
  const counts = [201_680, 11_774, 28_435] as const;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const reading = await readSet('msd', {
    'index_msd.tsv': Array.from({ length: all }, (_, at) => `TR${at}\tA/B/C/TR${at}.mp3\n`).join(''),
    'train_gt_msd.tsv': list(0, counts[0]),
    'val_gt_msd.tsv': list(counts[0], counts[1]),
    'test_gt_msd.tsv': list(counts[0] + counts[1], counts[2]),
  });
  expect(partCounts(reading)).toEqual([...counts]);
  expect(reading.clips[51]).toMatchObject({ id: 'TR51', path: 'A/B/C/TR51.mp3', part: 'train' });
  expect(reading.clips[51]?.answers.indexOf(1)).toBe(1);
  expect(reading.notes).toEqual(['The lists do not name artists: it is not known whether one has clips in several parts.']);
});

it('takes labels in capitals, refuses another order, and names clips that the index lacks or whose answers are no numbers', async () => {
  const files = {
    'index_msd.tsv': 'TR0\tA/TR0.mp3\n',
    'train_gt_msd.tsv': `${list(0, 2)}TR9\t${answers(3).replace('0', 'nan')}\n`,
    'val_gt_msd.tsv': '',
    'test_gt_msd.tsv': '',
    'output_labels_msd.txt': `# Output labels\nMSD_LABELS = [${labels.map((label) => `'${label.toUpperCase()}'`).join(',')}]\n\n`,
  };
  const reading = await readSet('msd', files);
  expect(reading.clips.map(({ id }) => id)).toEqual(['TR0']);
  expect(reasons(reading)).toEqual([
    ['TR1', 'The table names no file.'],
    ['TR9', 'The table names no file.'],
  ]);
  const swapped = {
    ...files,
    'output_labels_msd.txt': `[${labels
      .toReversed()
      .map((label) => `'${label}'`)
      .join(',')}]`,
  };
  await expect(readSet('msd', swapped)).rejects.toThrow('its label 1 is “happy”, and “rock” is published');
  await expect(readSet('msd', { ...files, 'val_gt_msd.tsv': 'TR5\t[0, 1]\n' })).rejects.toThrow(
    'Line 1 of val_gt_msd.tsv has no list of 50 numbers.',
  );
  await expect(readSet('msd', { ...files, 'val_gt_msd.tsv': 'TR5\t__import__("os")\n' })).rejects.toThrow('has no list of 50 numbers');
});
