/** @file FMA (Defferrard et al. 2017): tracks of the Free Music Archive in three sizes, with the published split, which parts no artist. */
import { AppError, formatCount } from '../../base/index.ts';
import type { DatasetFolder, LeftOut, Part, PartCounts } from '../dataset.ts';
import { defineDataset } from '../define.ts';
import type { NamedClip, SourceReading } from '../define.ts';
import { readTable } from '../delimited.ts';
import { pythonNumbers } from '../python-list.ts';
import { trackRows } from './track-table.ts';
import type { TrackRow } from './track-table.ts';

const sizes = ['small', 'medium', 'large'] as const;
type Size = (typeof sizes)[number];
const topGenres = [
  ...['Blues', 'Classical', 'Country', 'Easy Listening', 'Electronic', 'Experimental', 'Folk', 'Hip-Hop', 'Instrumental'],
  ...['International', 'Jazz', 'Old-Time / Historic', 'Pop', 'Rock', 'Soul-RnB', 'Spoken'],
];
const smallGenres = ['Electronic', 'Experimental', 'Folk', 'Hip-Hop', 'Instrumental', 'International', 'Pop', 'Rock'];
/** Tracks that cannot be decoded (issue 44 of the data set’s repository). */
const brokenTracks: ReadonlySet<number> = new Set([99134, 108925, 133297]);
/** Only of the smaller two has every track a top genre. */
const published: Readonly<Record<Size, PartCounts | null>> = {
  small: { train: 6400, validation: 800, test: 800 },
  medium: { train: 19922, validation: 2505, test: 2573 },
  large: null,
};
const partNames: Readonly<Record<string, Part>> = { training: 'train', validation: 'validation', test: 'test' };

/** FMA, as the folder that holds `fma_metadata` and the audio (`fma_small`, …). */
export const fma = defineDataset({
  name: 'fma',
  title: 'FMA',
  about: 'Defferrard, Benzi, Vandergheynst and Bresson 2017, https://github.com/mdeff/fma',
  holds: 'fma_metadata with tracks.csv and genres.csv, and fma_small, fma_medium or fma_large',
  tasks: [
    { name: 'genre', title: 'Top genre', kind: 'classes' },
    { name: 'genres', title: 'All genres of a track', kind: 'tags' },
  ],
  splits: sizes.map((name) => ({ name, title: `fma_${name}, as published` })),
  isIn: async (folder) => {
    const names = await folder.list('');
    return names.includes('fma_metadata/') || (names.includes('tracks.csv') && names.includes('genres.csv'));
  },
  read: async (folder, { task, split }) => {
    const tables = (await folder.list('')).includes('fma_metadata/') ? 'fma_metadata/' : '';
    const audio = await audioFolder(folder, split);
    const genres = task === 'genre' ? null : await genresIn(folder, `${tables}genres.csv`);
    const labels = genres === null ? (split === 'small' ? smallGenres : topGenres) : [...genres.values()].map(({ title }) => title);
    const answersOf = genres === null ? topAnswer(labels) : allAnswers(genres);
    return readingOf(trackRows(folder, `${tables}tracks.csv`), { size: split, task, labels, audio, answersOf });
  },
});

/** Where the audio lies: that of a larger size has the smaller ones in it. */
async function audioFolder(folder: DatasetFolder, size: Size): Promise<string> {
  const names = await folder.list('');
  const fitting = ['small', 'medium', 'large', 'full'].slice(sizes.indexOf(size)).map((name) => `fma_${name}/`);
  const found = fitting.find((name) => names.includes(name));
  if (found !== undefined) return found;
  return names.some((name) => /^\d{3}\/$/.test(name)) ? '' : (fitting[0] ?? '');
}

type Genres = ReadonlyMap<number, { place: number; title: string }>;

async function genresIn(folder: DatasetFolder, path: string): Promise<Genres> {
  const rows = await readTable(folder, { path, columns: ['genre_id', 'title'], delimiter: ',', isQuoted: true });
  if (rows === null) throw new AppError('BAD_INPUT', `${path} is not there. It names the genres.`, { details: { path } });
  const titles = new Map<number, string>();
  for await (const { cells } of rows) titles.set(Number(cells.genre_id), cells.title);
  const sorted = [...titles].toSorted(([a], [b]) => a - b);
  return new Map(sorted.map(([id, title], place) => [id, { place, title }]));
}

/** A row’s answers, or why it has none. */
type AnswersOf = (row: TrackRow) => readonly number[] | string;

function topAnswer(labels: readonly string[]): AnswersOf {
  const answers = new Map(labels.map((label, place) => [label, [place]]));
  return ({ genreTop }) => answers.get(genreTop) ?? (genreTop === '' ? '' : `Its genre “${genreTop}” is none of the ${labels.length}.`);
}

function allAnswers(genres: Genres): AnswersOf {
  return ({ genresAll }) => {
    const ids = pythonNumbers(genresAll);
    if (ids === null) return `Its genres are no list of numbers: “${genresAll.slice(0, 40)}”.`;
    const answers = new Array<number>(genres.size).fill(0);
    for (const id of ids) {
      const known = genres.get(id);
      if (known === undefined) return `genres.csv has no genre ${id}.`;
      answers[known.place] = 1;
    }
    return answers;
  };
}

type Wanted = { size: Size; task: 'genre' | 'genres'; labels: readonly string[]; audio: string; answersOf: AnswersOf };

async function readingOf(rows: AsyncIterable<TrackRow>, { size, task, labels, audio, answersOf }: Wanted): Promise<SourceReading> {
  const [clips, leftOut]: [NamedClip[], LeftOut[]] = [[], []];
  const wanted: readonly string[] = sizes.slice(0, sizes.indexOf(size) + 1);
  let withoutGenre = 0;
  for await (const row of rows) {
    if (!wanted.includes(row.subset)) continue;
    const file = String(row.track).padStart(6, '0');
    const clip = { id: String(row.track), path: `${audio}${file.slice(0, 3)}/${file}.mp3` };
    const part = partNames[row.split];
    if (part === undefined) throw new AppError('BAD_INPUT', `Track ${row.track} of FMA’s tracks.csv has the split “${row.split}”.`);
    const answers = answersOf(row);
    if (answers === '') withoutGenre++;
    else if (brokenTracks.has(row.track)) leftOut.push({ ...clip, part, why: 'Its file was published broken.' });
    else if (typeof answers === 'string') leftOut.push({ ...clip, part, why: answers });
    else clips.push({ ...clip, part, artist: row.artist, answers });
  }
  return {
    ...{ labels, clips, leftOut, published: published[size], leastSeconds: null },
    notes: withoutGenre > 0 ? [`${formatCount(withoutGenre)} tracks without one top genre are no part of this task.`] : [],
    policies: {
      emptyLabels: task === 'genre' ? 'Tracks without one top genre are left out.' : 'Tracks without a genre are kept.',
      labelOrder: task === 'genre' ? 'Genres by the alphabet.' : 'Genres by their numbers in genres.csv.',
      ties: 'None: the order is not one of frequency.',
      aggregation: 'By track: the mean over its segments, of what the protocol names.',
    },
  };
}
