/** @file GTZAN by the fault-filtered lists, with lists beside the audio and without. */
import { expect, it } from 'vitest';
import { datasetIn, datasetNamed } from '../../../src-main/datasets/index.ts';
import { filteredLists } from '../../../src-main/datasets/gtzan/filtered-lists.ts';
import { memoryFolder } from '../../support/datasets/memory-folder.ts';
import { partCounts, readSet, reasons } from '../../support/datasets/read-set.ts';

const audio = (root: string): Record<string, string> => ({ [`${root}/blues/blues.00000.wav`]: '' });
const lists = {
  'train_filtered.txt': 'blues/blues.00029.wav\nrock/rock.00000.wav\n',
  'valid_filtered.txt': 'blues/blues.00000.wav\r\n',
  'test_filtered.txt': 'jazz/jazz.00054.wav',
};

it('has the published counts, in their order', async () => {
  const reading = await readSet('gtzan', audio('genres'));
  expect(partCounts(reading)).toEqual([443, 197, 290]);
  expect(reading.clips.slice(0, 2)).toEqual([
    { id: 'blues.00029', path: 'genres/blues/blues.00029.wav', part: 'train', group: null, whole: 'blues.00029', answers: [0] },
    { id: 'blues.00030', path: 'genres/blues/blues.00030.wav', part: 'train', group: null, whole: 'blues.00030', answers: [0] },
  ]);
  // Place 252 of the published list is the file that Kaggle’s copy lacks.
  expect(reading.clips[251]?.id).toBe('jazz.00053');
  expect(reading.clips[252]?.id).toBe('jazz.00054');
  expect(reading.notes).toEqual(['No lists lie beside the audio: the published ones are used.']);
  expect(new Set(reading.clips.map(({ id }) => id)).size).toBe(930);
  expect(Object.keys(filteredLists.train)).toEqual(reading.task.labels);
});

it('leaves out, and names, the file that is broken in Kaggle’s copy', async () => {
  const reading = await readSet('gtzan', audio('genres_original'));
  expect(partCounts(reading)).toEqual([442, 197, 290]);
  expect(reasons(reading)).toEqual([['jazz.00054', 'This copy of its file was published broken.']]);
  expect(reading.clips[0]?.path).toBe('genres_original/blues/blues.00029.wav');
  expect(reading.notes[0]).toContain('442 of 443 clips for training');
});

it('takes lists that lie beside the audio, and says where they are not the published ones', async () => {
  const reading = await readSet('gtzan', { ...audio('genres'), ...lists });
  expect(reading.clips.map(({ id, part, answers }) => [id, part, answers])).toEqual([
    ['blues.00029', 'train', [0]],
    ['rock.00000', 'train', [9]],
    ['blues.00000', 'validation', [0]],
    ['jazz.00054', 'test', [5]],
  ]);
  expect(reading.notes).toContain('The lists beside the audio are not the published ones: 1 file would be in another part, or in none.');
  const { 'valid_filtered.txt': _, ...two } = lists;
  await expect(readSet('gtzan', { ...audio('genres'), ...two })).rejects.toThrow('valid_filtered.txt is not there, beside other lists.');
});

it('names files that are of none of the ten genres, in two lists, or outside', async () => {
  const reading = await readSet('gtzan', {
    ...audio('genres'),
    ...lists,
    'train_filtered.txt': 'polka/polka.00000.wav\nblues/../../x.wav\nblues/blues.00001.wav\n',
    'test_filtered.txt': 'blues/blues.00001.wav',
  });
  expect(reasons(reading)).toEqual([
    ['polka.00000', 'Its folder is none of the ten genres.'],
    ['x', 'Its path leads outside of the folder, and is not followed.'],
    ['blues.00001', 'It was named before, for training.'],
  ]);
});

it('is found by its folders, and not in those of other names', async () => {
  expect((await datasetIn(memoryFolder(audio('genres_original')))).name).toBe('gtzan');
  expect(await datasetNamed('gtzan').isIn(memoryFolder({ 'genres/polka/a.wav': '' }))).toBe(false);
  await expect(readSet('gtzan', { 'blues/a.wav': '' })).rejects.toThrow('holds neither the folder genres nor genres_original');
});
