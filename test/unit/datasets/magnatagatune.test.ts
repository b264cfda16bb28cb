/** @file MagnaTagATune: both splits have the published counts, the order of labels is frozen, and nothing is left out unsaid. */
import { expect, it } from 'vitest';
import { datasetNamed, tagSets } from '../../../src-main/datasets/index.ts';
import type { DatasetFolder, DatasetReading } from '../../../src-main/datasets/index.ts';
import { annotationTable, clipInfoTable, columns, publishedAnnotations } from '../../support/datasets/magnatagatune-tables.ts';
import { memoryFolder } from '../../support/datasets/memory-folder.ts';

const { labels } = tagSets.magnatagatune;
const read = (folder: DatasetFolder, split: string | null = null): Promise<DatasetReading> =>
  datasetNamed('magnatagatune').read(folder, { task: null, split });
const countsOf = ({ clips }: DatasetReading): number[] =>
  ['train', 'validation', 'test'].map((part) => clips.filter((clip) => clip.part === part).length);

const few = [
  { id: 2, path: 'f/a-b-1-c-0-29.mp3', tags: ['choral', 'jazz'] },
  { id: 3, path: 'c/a-b-1-c-29-58.mp3', tags: [] },
  { id: 4, path: '0/d-e-1-f-0-29.mp3', tags: ['guitar', 'rock'] },
];

it('has the published counts of Pons’s and of Lee’s split, and lists broken clips', async () => {
  const rows = publishedAnnotations();
  expect(rows).toHaveLength(25_863);
  const folder = memoryFolder({ 'annotations_final.csv': annotationTable(rows) });
  const pons = await read(folder);
  expect(countsOf(pons)).toEqual([18706, 1825, 5329]);
  expect(pons.leftOut.map(({ id }) => id)).toEqual(['35644', '55753', '57881']);
  expect(pons.notes.join(' ')).not.toContain('published split');
  expect(pons.notes).toContain('To 4\u202f752 clips no label applies; they are kept, as the split has them.');
  const lee = await read(folder, 'lee');
  expect(countsOf(lee)).toEqual([15244, 1529, 4332]);
  expect(lee.leftOut.map(({ id }) => id)).toEqual(['35644', '55753', '57881', '29', '11268', '11269']);
  expect(lee.clips.every(({ answers }) => answers.includes(1))).toBe(true);
});

it('keeps the frozen order of labels, whatever the order of the columns, and the order of the rows', async () => {
  for (const names of [columns, columns.toReversed()]) {
    const reading = await read(memoryFolder({ 'annotations_final.csv': annotationTable(few, names) }, 7));
    expect(reading.task.labels).toEqual(labels);
    expect(reading.clips.map(({ id, part, answers }) => [id, part, labels.filter((_, at) => answers[at] === 1)])).toEqual([
      ['2', 'test', ['choral']],
      ['3', 'validation', []],
      ['4', 'train', ['guitar', 'rock']],
    ]);
  }
});

it('says how much of the published split a folder has', async () => {
  const { notes } = await read(memoryFolder({ 'annotations_final.csv': annotationTable(few) }));
  expect(notes[0]).toBe(
    'A part of the published split: 1 of 18\u202f706 clips for training, 1 of 1\u202f825 clips for validation, 1 of 5\u202f329 clips for testing. Figures on it cannot be compared with published ones.',
  );
});

it('tells of artists in several parts, and resamples by artist where there are enough', async () => {
  const rows = publishedAnnotations();
  const artistOf = ({ path }: { path: string }): string => /\/(\w+)-/.exec(path)?.[1] ?? '';
  const many = await read(
    memoryFolder({ 'annotations_final.csv': annotationTable(rows), 'clip_info_final.csv': clipInfoTable(rows, artistOf) }),
  );
  expect(many.notes[0]).toBe(
    '230 of 231 artists have clips in several parts, 230 of them in both training and testing: figures are higher than they would be on a new artist.',
  );
  expect(new Set(many.clips.map(({ group }) => group))).toContain('artist_7');
  const one = await read(
    memoryFolder({ 'annotations_final.csv': annotationTable(few), 'clip_info_final.csv': clipInfoTable(few, () => 'All') }),
  );
  expect(one.clips.map(({ group }) => group)).toEqual(['f/a-b-1-c', 'c/a-b-1-c', '0/d-e-1-f']);
  expect(one.notes.join(' ')).toContain('Its clips for testing are of 1 artist only, too few to resample');
});

it('reads Pons’s lists where the tables are not there, and the same answers', async () => {
  const list = (id: number): string =>
    `${id}\t[${labels.map((label) => (few.find((row) => row.id === id)?.tags.includes(label) ? '1.0' : '0.0')).join(', ')}]`;
  const lists = {
    'index_mtt.tsv': few.map(({ id, path }) => `${id}\t${path}`).join('\n'),
    'train_gt_mtt.tsv': `${list(4)}\n`,
    'val_gt_mtt.tsv': `${list(3)}\n`,
    'test_gt_mtt.tsv': `${list(2)}\n`,
    'output_labels_mtt.txt': `# Output labels\nMTT_LABELS = [${labels.map((label) => `'${label}'`).join(', ')}]\n`,
  };
  const fromLists = await read(memoryFolder(lists));
  const fromTable = await read(memoryFolder({ 'annotations_final.csv': annotationTable(few) }));
  expect(fromLists.clips.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(fromTable.clips);
  const { 'val_gt_mtt.tsv': _, ...without } = lists;
  await expect(read(memoryFolder(without))).rejects.toThrow('There is index_mtt.tsv and no val_gt_mtt.tsv.');
  const moved = { ...lists, 'train_gt_mtt.tsv': `${list(2)}\n`, 'test_gt_mtt.tsv': `${list(4)}\n` };
  const { leftOut } = await read(memoryFolder(moved));
  expect(leftOut.map(({ id, why }) => [id, why])).toEqual([
    ['2', 'A list names it for another part than its folder belongs to.'],
    ['4', 'A list names it for another part than its folder belongs to.'],
  ]);
});

it('refuses tables that would give other answers: another order of labels, a missing column, a row that was cut', async () => {
  const table = annotationTable(few);
  const other = [...labels];
  [other[46], other[48]] = ['female voice', 'country'];
  const order = `MTT_LABELS = [${other.map((label) => `'${label}'`).join(', ')}]`;
  await expect(read(memoryFolder({ 'annotations_final.csv': table, 'output_labels_mtt.txt': order }))).rejects.toThrow(
    'its label 47 is “female voice”, and “country” is published',
  );
  await expect(
    read(
      memoryFolder({
        'annotations_final.csv': annotationTable(
          few,
          columns.filter((name) => name !== 'harp'),
        ),
      }),
    ),
  ).rejects.toThrow('annotations_final.csv has no column “harp”');
  await expect(read(memoryFolder({ 'annotations_final.csv': table.slice(0, -60) }))).rejects.toThrow(
    /Line 4 of annotations_final.csv has \d+ cells?, and its heading 55/,
  );
  await expect(read(memoryFolder({ 'readme.txt': '' }))).rejects.toThrow('has neither annotations_final.csv nor Pons’s index_mtt.tsv');
  await expect(read(memoryFolder({ 'annotations_final.csv': table }), 'won')).rejects.toThrow(
    'MagnaTagATune has no split “won”. It has pons, lee.',
  );
});

it('leaves out, and names, clips that cannot be used', async () => {
  const strange = [
    ...few,
    { id: 5, path: '../0/x-0-29.mp3', tags: [] },
    { id: 6, path: '/etc/0/passwd', tags: [] },
    { id: 7, path: 'g/x-0-29.mp3', tags: [] },
    { id: 8, path: '', tags: [] },
    { id: 2, path: 'a/again-0-29.mp3', tags: [] },
    { id: 9, path: 'a/empty-0-29.mp3', tags: [] },
  ];
  const text = annotationTable(strange).replace(/^("9"\t)"0"/m, '$1""');
  const { clips, leftOut } = await read(memoryFolder({ 'annotations_final.csv': text }));
  expect(clips.map(({ id }) => id)).toEqual(['2', '3', '4']);
  expect(leftOut.map(({ id, why }) => [id, why])).toEqual([
    ['7', 'Its folder is none of 0 to f, which decide what a clip serves for.'],
    ['8', 'Its folder is none of 0 to f, which decide what a clip serves for.'],
    ['5', 'Its path leads outside of the folder, and is not followed.'],
    ['6', 'Its path leads outside of the folder, and is not followed.'],
    ['2', 'It was named before, for testing.'],
    ['9', expect.stringContaining('no number')],
  ]);
});
