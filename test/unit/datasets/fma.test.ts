/** @file FMA: a table with two rows of headings, sizes within each other, genres as Python prints lists. */
import { expect, it } from 'vitest';
import { datasetIn } from '../../../src-main/datasets/index.ts';
import { memoryFolder } from '../../support/datasets/memory-folder.ts';
import { partCounts, readSet, reasons } from '../../support/datasets/read-set.ts';

const columns = [
  'album,comments',
  'artist,bio',
  'artist,id',
  'set,split',
  'set,subset',
  'track,genre_top',
  'track,genres',
  'track,genres_all',
  'track,title',
];
const names = ['Electronic', 'Experimental', 'Folk', 'Hip-Hop', 'Instrumental', 'International', 'Pop', 'Rock', 'Jazz'];
type Track = { id: number; split: string; subset: string; genre: string; all?: string; artist?: number };

function table(tracks: readonly Track[], order = columns): string {
  const cells = ({ id, split, subset, genre, all = '[15, 21]', artist = id }: Track): Record<string, string> => ({
    ...{
      'album,comments': '0',
      'artist,bio': '"<p>Two\nlines, ""quoted""</p>"',
      'artist,id': String(artist),
      'set,split': split,
      'set,subset': subset,
    },
    ...{ 'track,genre_top': genre, 'track,genres': `"${all}"`, 'track,genres_all': `"${all}"`, 'track,title': `Title ${id}` },
  });
  const heading = (at: number): string => order.map((column) => column.split(',')[at]).join(',');
  const rows = tracks.map((track) => `${track.id},${order.map((column) => cells(track)[column]).join(',')}`);
  return [`,${heading(0)}`, `,${heading(1)}`, `track_id${','.repeat(order.length)}`, ...rows].join('\n');
}

/** So many tracks of each part, of one subset. */
function tracksOf(subset: string, counts: readonly number[], first: number): Track[] {
  const splits = ['training', 'validation', 'test'];
  return counts.flatMap((count, part) =>
    Array.from({ length: count }, (_, at) => {
      const id = first + part * 100_000 + at;
      return {
        id,
        split: splits[part] ?? '',
        subset,
        genre: names[at % (subset === 'small' ? 8 : 9)] ?? '',
        artist: part * 1000 + (at % 100),
      };
    }),
  );
}

const genreTable = 'genre_id,#tracks,parent,title,top_level\n21,1,0,Hip-Hop,21\n15,1,0,Electronic,15\n12,1,0,Rock,12\n';

it('has the published counts of its sizes, of which the larger hold the smaller, and names broken tracks', async () => {
  const small = tracksOf('small', [6397, 800, 800], 200_000);
  const broken = [99134, 108925, 133297].map((id) => ({ id, split: 'training', subset: 'small', genre: 'Rock', artist: 7 }));
  const medium = tracksOf('medium', [13_522, 1705, 1773], 1_000_000);
  const large = tracksOf('large', [64_431, 8758, 8385], 2_000_000).map((track, at) => (at % 4 === 0 ? track : { ...track, genre: '' }));
  const files = {
    'fma_metadata/tracks.csv': table([...small, ...broken, ...medium, ...large]),
    'fma_metadata/genres.csv': genreTable,
    'fma_large/000/x': '',
  };
  const read = (split: string): ReturnType<typeof readSet> => readSet('fma', files, { split });
  const [first, second, third] = [await read('small'), await read('medium'), await read('large')];
  expect(partCounts(first)).toEqual([6397, 800, 800]);
  expect(first.published).toEqual({ train: 6400, validation: 800, test: 800 });
  expect(reasons(first)).toEqual(broken.map(({ id }) => [String(id), 'Its file was published broken.']));
  expect(first.task.labels).toHaveLength(8);
  expect(partCounts(second)).toEqual([19_919, 2505, 2573]);
  expect(second.task.labels).toHaveLength(16);
  const inLarge = large.filter(({ genre }) => genre !== '').length;
  expect(third.clips.length).toBe(7997 + 17_000 + inLarge);
  expect(third.notes[0]).toBe('61\u202f180 tracks without one top genre are no part of this task.');
  expect(first.clips[0]?.path).toBe('fma_large/200/200000.mp3');
  expect(first.notes.join(' ')).not.toContain('several parts');
});

const few: Track[] = [
  { id: 2, split: 'training', subset: 'small', genre: 'Hip-Hop', all: '[21]' },
  { id: 5, split: 'validation', subset: 'small', genre: 'Rock', all: '[12, 15]', artist: 2 },
  { id: 10, split: 'test', subset: 'small', genre: 'Pop', all: '[]' },
];

it('finds columns by both headings, pads names of files, and tells of artists in several parts', async () => {
  for (const order of [columns, columns.toReversed()]) {
    const reading = await readSet('fma', { 'tracks.csv': table(few, order), 'genres.csv': genreTable, 'fma_small/000/000002.mp3': '' });
    expect(reading.clips.map(({ path, part, group, answers }) => [path, part, group, reading.task.labels[answers[0] ?? -1]])).toEqual([
      ['fma_small/000/000002.mp3', 'train', '2', 'Hip-Hop'],
      ['fma_small/000/000005.mp3', 'validation', '2', 'Rock'],
      ['fma_small/000/000010.mp3', 'test', '10', 'Pop'],
    ]);
    expect(reading.notes).toContain(
      '1 of 2 artists has clips in several parts, 0 of them in both training and testing: figures are higher than they would be on a new artist.',
    );
  }
  expect((await datasetIn(memoryFolder({ 'tracks.csv': '', 'genres.csv': '' }))).name).toBe('fma');
});

it('reads all genres of a track from Python’s lists, and nothing else', async () => {
  const tracks = [...few, { ...(few[0] as Track), id: 11, all: '[99]' }, { ...(few[0] as Track), id: 12, all: '__import__(1)' }];
  const reading = await readSet('fma', { 'tracks.csv': table(tracks), 'genres.csv': genreTable }, { task: 'genres' });
  expect(reading.task.labels).toEqual(['Rock', 'Electronic', 'Hip-Hop']);
  expect(reading.clips.map(({ answers }) => answers)).toEqual([
    [0, 0, 1],
    [1, 1, 0],
    [0, 0, 0],
  ]);
  expect(reasons(reading)).toEqual([
    ['11', 'genres.csv has no genre 99.'],
    ['12', 'Its genres are no list of numbers: “__import__(1)”.'],
  ]);
});

it('refuses tables that lack a column or were cut, and names tracks of unknown genres', async () => {
  const read = (text: string): ReturnType<typeof readSet> => readSet('fma', { 'tracks.csv': text, 'genres.csv': genreTable });
  await expect(
    read(
      table(
        few,
        columns.filter((column) => column !== 'set,subset'),
      ),
    ),
  ).rejects.toThrow('tracks.csv has no column (set, subset).');
  await expect(read(table(few).slice(0, -30))).rejects.toThrow('tracks.csv is no row of a track. The file may have been cut');
  await expect(read(table([{ ...(few[0] as Track), split: 'dev' }]))).rejects.toThrow('Track 2 of FMA’s tracks.csv has the split “dev”.');
  await expect(readSet('fma', { 'fma_metadata/genres.csv': '' })).rejects.toThrow('fma_metadata/tracks.csv is not there.');
  expect(reasons(await read(table([{ ...(few[0] as Track), genre: 'Polka' }])))).toEqual([['2', 'Its genre “Polka” is none of the 8.']]);
});
