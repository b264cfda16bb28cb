/** @file MTG-Jamendo: ragged tables of tags, with the published counts of every subset and split. */
import { expect, it } from 'vitest';
import { datasetIn } from '../../../src-main/datasets/index.ts';
import { jamendoCounts, jamendoTags } from '../../../src-main/datasets/mtg-jamendo/jamendo-tags.ts';
import { memoryFolder } from '../../support/datasets/memory-folder.ts';
import { partCounts, readSet } from '../../support/datasets/read-set.ts';

const heading = 'TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS';
const parts = ['train', 'validation', 'test'] as const;
type Row = { track: number; artist: number; tags: readonly string[] };
const table = (rows: readonly Row[]): string =>
  [
    heading,
    ...rows.map(
      ({ track, artist, tags }) =>
        `track_${track}\tartist_${artist}\talbum_1\t${String(track % 100).padStart(2, '0')}/${track}.mp3\t212.7\t${tags.join('\t')}`,
    ),
  ].join('\r\n');
const path = (subset: string, split: number, part: string): string => `data/splits/split-${split}/autotagging_${subset}-${part}.tsv`;

const tasks = [
  ['top50', 'top50tags', 50],
  ['genre', 'genre', 87],
  ['instrument', 'instrument', 40],
  ['moodtheme', 'moodtheme', 56],
] as const;

it.each(tasks)('has the published counts of %s in every split', async (task, subset, tags) => {
  const labels = jamendoTags[subset];
  expect(new Set(labels).size).toBe(tags);
  expect(labels).toEqual(labels.toSorted());
  for (const split of subset === 'moodtheme' ? [0, 1, 2, 3, 4] : [0, 4]) {
    const counts = jamendoCounts[subset][split];
    const files = parts.map((part, place) => {
      const rows = Array.from({ length: counts?.[part] ?? 0 }, (_, at) => {
        const track = at * 3 + place;
        return {
          track,
          artist: (at % 300) * 3 + place,
          tags: [labels[at % tags] ?? '', ...(at % 5 === 0 ? [labels[(at + 1) % tags] ?? ''] : [])],
        };
      });
      return [path(subset, split, part), table(rows)];
    });
    const reading = await readSet('mtg-jamendo', Object.fromEntries(files) as Record<string, string>, { task, split: `split-${split}` });
    expect(partCounts(reading)).toEqual(parts.map((part) => counts?.[part]));
    expect(reading.notes).toEqual([]);
  }
});

const few = Object.fromEntries(
  parts.map((part, at) => [
    path('moodtheme', 0, part),
    table([{ track: 948 + at, artist: at, tags: ['mood/theme---dark', 'mood/theme---happy'].slice(at % 2) }]),
  ]),
);

it('reads tags behind one another, and finds audio in either quality', async () => {
  const reading = await readSet('mtg-jamendo', { ...few, 'audio-low/48/948.low.mp3': '' }, { task: 'moodtheme' });
  expect(reading.clips.map(({ id, path: file, part, group }) => [id, file, part, group])).toEqual([
    ['track_948', 'audio-low/48/948.low.mp3', 'train', 'artist_0'],
    ['track_949', 'audio-low/49/949.low.mp3', 'validation', 'artist_1'],
    ['track_950', 'audio-low/50/950.low.mp3', 'test', 'artist_2'],
  ]);
  const tagsOf = (at: number): string[] => reading.task.labels.filter((_, place) => reading.clips[at]?.answers[place] === 1);
  expect([tagsOf(0), tagsOf(1)]).toEqual([['mood/theme---dark', 'mood/theme---happy'], ['mood/theme---happy']]);
  const plain = await readSet('mtg-jamendo', { ...few, '48/948.mp3': '' }, { task: 'moodtheme' });
  expect(plain.clips[0]?.path).toBe('48/948.mp3');
  expect((await datasetIn(memoryFolder(few))).name).toBe('mtg-jamendo');
});

it('refuses tags of another subset, and splits that are not whole', async () => {
  const strange = { ...few, [path('moodtheme', 0, 'test')]: table([{ track: 1, artist: 1, tags: ['genre---rock'] }]) };
  await expect(readSet('mtg-jamendo', strange, { task: 'moodtheme' })).rejects.toThrow(
    'has the tag “genre---rock”, which is none of this subset’s 56.',
  );
  await expect(readSet('mtg-jamendo', few, { task: 'genre' })).rejects.toThrow('autotagging_genre-train.tsv is not there.');
  const renamed = { ...few, [path('moodtheme', 0, 'train')]: 'TRACK_ID\tARTIST\tALBUM_ID\tPATH\tDURATION\tTAGS\n' };
  await expect(readSet('mtg-jamendo', renamed, { task: 'moodtheme' })).rejects.toThrow('has no column “ARTIST_ID”');
});
