/** @file The data sets that are known, a plain folder, and the manifest of each. */
import { expect, it } from 'vitest';
import { datasetIn, datasetNamed, datasets, manifestOf, splitHash, withoutClips } from '../../../src-main/datasets/index.ts';
import { memoryFolder } from '../../support/datasets/memory-folder.ts';
import { partCounts, readSet } from '../../support/datasets/read-set.ts';

const files = (count: number, under = ''): Record<string, string> =>
  Object.fromEntries(
    ['rock', 'jazz', 'polka'].flatMap((label) => Array.from({ length: count }, (_, at) => [`${label}/${under}${label[0]}${at}.wav`, ''])),
  );

it('have a name each, tasks and splits, or say what they serve for', async () => {
  expect(new Set(datasets.map(({ name }) => name)).size).toBe(datasets.length);
  for (const { tasks, splits, name } of datasets) expect(tasks.length > 0 && splits.length > 0, name).toBe(name !== 'billboard');
  await expect(readSet('billboard', {})).rejects.toThrow('McGill Billboard has no task that Earmark knows. It is audio to learn from');
  expect((await datasetIn(memoryFolder({ 'billboard-2.0-index.csv': '' }))).name).toBe('billboard');
  expect(() => datasetNamed('gzan')).toThrow('There is no data set “gzan”. Earmark knows magnatagatune, msd');
});

it('a folder of class folders has a label for each, and parts that stay as files come', async () => {
  const reading = await readSet('folder', { ...files(80), 'notes/readme.txt': '', '.git/a.wav': '', 'alone.wav': '' });
  expect(reading.task.labels).toEqual(['jazz', 'polka', 'rock']);
  const counts = partCounts(reading);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(240);
  for (const [at, share] of [0.6, 0.2, 0.2].entries()) expect(Math.abs((counts[at] ?? 0) / 240 - share)).toBeLessThan(0.08);
  const partOf = new Map(reading.clips.map(({ id, part }) => [id, part]));
  const more = await readSet('folder', files(90));
  for (const { id, part } of more.clips) if (partOf.has(id)) expect(part).toBe(partOf.get(id));
  expect((await datasetIn(memoryFolder(files(1)))).name).toBe('folder');
  await expect(datasetIn(memoryFolder({ 'rock/a.wav': '' }))).rejects.toThrow('looks like none of the data sets that Earmark knows');
});

it('a folder that is a whole disk is not walked through: a sentence says so', async () => {
  let listed = 0;
  const disk = {
    ...memoryFolder({}),
    list: async (path: string): Promise<string[]> => {
      listed++;
      return path.split('/').length > 5 ? [] : Array.from({ length: 20 }, (_, at) => `folder${at}/`);
    },
  };
  await expect(datasetIn(disk)).rejects.toThrow(/^\/sets\/here holds more than 2.?000 folders to look through/);
  expect(listed).toBeLessThan(2100);
});

it('a folder within a class folder keeps its files in one part, in every class', async () => {
  const reading = await readSet('folder', { ...files(5, 'Ann/'), ...files(5, 'Bob/x/'), ...files(5, 'Cid/') });
  const partsOf = (group: string): number => new Set(reading.clips.filter((clip) => clip.group === group).map(({ part }) => part)).size;
  expect(['Ann', 'Bob', 'Cid'].map(partsOf)).toEqual([1, 1, 1]);
  expect(reading.notes.join(' ')).not.toContain('several parts');
});

it('the manifest is the same byte for byte, and its hash that of ids, parts and answers in any order', async () => {
  const reading = await readSet('folder', files(4));
  const text = JSON.stringify(manifestOf(reading, '1.2.3'));
  expect(JSON.stringify(manifestOf(await readSet('folder', files(4)), '1.2.3'))).toBe(text);
  const { clips } = reading;
  const hash = splitHash(reading);
  expect(splitHash({ ...reading, clips: clips.toReversed() })).toBe(hash);
  const [first, ...others] = clips;
  if (first === undefined) throw new Error('no clip');
  const changed = [
    [{ ...first, id: 'other' }, ...others],
    [{ ...first, part: first.part === 'test' ? ('train' as const) : ('test' as const) }, ...others],
    [{ ...first, answers: [2] }, ...others],
    others,
  ];
  const hashes = changed.map((one) => splitHash({ ...reading, clips: one }));
  expect(new Set([hash, ...hashes, splitHash({ ...reading, task: { ...reading.task, labels: ['a', 'b', 'c'] } })]).size).toBe(6);
});

it('a table without clips whose files are gone says so, and has another hash', async () => {
  const reading = await readSet('folder', files(4));
  const gone = reading.clips.slice(0, 2).map(({ id, path, part }) => ({ id, path, part, why: 'It is not there.' }));
  const left = withoutClips(reading, gone);
  expect(left.clips).toEqual(reading.clips.slice(2));
  expect(left.notes[0]).toContain('The files of 2 clips are missing or broken, and were left out: ');
  expect(splitHash(left)).not.toBe(splitHash(reading));
  expect(manifestOf(left, '1').leftOut).toEqual([{ why: 'It is not there.', clips: 2, ids: gone.map(({ id }) => id).toSorted() }]);
  expect(withoutClips(reading, [])).toBe(reading);
});

it('the manifest counts of each part how often each label occurs', async () => {
  const { labelCounts, counts } = manifestOf(await readSet('folder', files(20)), '1');
  expect(labelCounts?.train).toHaveLength(3);
  for (const part of ['train', 'validation', 'test'] as const) {
    expect(labelCounts?.[part].reduce((sum, count) => sum + count, 0)).toBe(counts[part]);
  }
  const [jazz] = ['train', 'validation', 'test'].map((part) => labelCounts?.[part as 'train'][0] ?? 0);
  expect(jazz).toBeGreaterThan(0);
});
