/**
 * @file GTZAN (Tzanetakis and Cook 2002): 1 000 files of 30 seconds in ten genres, by the fault-filtered lists. The lists beside the audio are used where there
 * are some, else the published ones, so that Kaggle's folder (`genres_original`), which comes without lists, can be used too.
 */
import { AppError, countOf } from '../../base/index.ts';
import { baseName } from '../clip-path.ts';
import type { DatasetFolder, LeftOut, Part } from '../dataset.ts';
import { parts } from '../dataset.ts';
import { defineDataset } from '../define.ts';
import type { NamedClip } from '../define.ts';
import { rowsOf } from '../delimited.ts';
import { filteredLists } from './filtered-lists.ts';

const genres = ['blues', 'classical', 'country', 'disco', 'hiphop', 'jazz', 'metal', 'pop', 'reggae', 'rock'];
const audioFolders = ['genres/', 'genres_original/'] as const;
const kaggle = 'genres_original/';
const listNames = { train: 'train_filtered.txt', validation: 'valid_filtered.txt', test: 'test_filtered.txt' } as const;
/** Kaggle’s copy of this file cannot be decoded. */
const brokenOnKaggle = 'jazz/jazz.00054.wav';

/** GTZAN, as the folder that holds `genres` or `genres_original`. */
export const gtzan = defineDataset({
  name: 'gtzan',
  title: 'GTZAN',
  about: 'Tzanetakis and Cook 2002; faults: Sturm 2013; lists: Kereliuk, Sturm and Larsen 2015',
  holds: 'genres or genres_original (Kaggle); the lists {train,valid,test}_filtered.txt may lie beside it',
  tasks: [{ name: 'genre', title: 'Genre', kind: 'classes' }],
  splits: [{ name: 'filtered', title: 'Fault-filtered' }],
  isIn: async (folder) => {
    const audio = await audioFolder(folder);
    if (audio === null) return false;
    const inside = await folder.list(audio);
    return genres.some((genre) => inside.includes(`${genre}/`));
  },
  read: async (folder) => {
    const audio = await audioFolder(folder);
    if (audio === null)
      throw new AppError('BAD_INPUT', `${folder.path} holds neither the folder genres nor genres_original with GTZAN’s audio.`);
    const own = await ownLists(folder);
    const [clips, leftOut]: [NamedClip[], LeftOut[]] = [[], []];
    for (const part of parts)
      for (const line of own?.[part] ?? publishedList(part)) {
        const clip = clipOf(line, { part, audio });
        if (typeof clip === 'string') leftOut.push({ id: idOf(line), path: `${audio}${line}`, part, why: clip });
        else clips.push(clip);
      }
    return {
      ...{ labels: genres, clips, leftOut, leastSeconds: 29 },
      notes: own === null ? ['No lists lie beside the audio: the published ones are used.'] : otherParts(own),
      published: { train: 443, validation: 197, test: 290 },
      policies: {
        emptyLabels: 'Every file has one genre.',
        labelOrder: 'Genres by the alphabet.',
        ties: 'None: the order is not one of frequency.',
        aggregation: 'By file: the mean over its segments, of what the protocol names.',
      },
    };
  },
});

async function audioFolder(folder: DatasetFolder): Promise<string | null> {
  const names = await folder.list('');
  return audioFolders.find((name) => names.includes(name)) ?? null;
}

type Lists = Readonly<Record<Part, readonly string[]>>;

/** @throws AppError BAD_INPUT where only some of the three are there */
async function ownLists(folder: DatasetFolder): Promise<Lists | null> {
  const found = await Promise.all(parts.map((part) => linesOf(folder, listNames[part])));
  const lacking = parts.filter((_, at) => found[at] === null);
  if (lacking.length === parts.length) return null;
  if (lacking.length > 0)
    throw new AppError(
      'BAD_INPUT',
      `${lacking.map((part) => listNames[part]).join(' and ')} is not there, beside other lists. Bring all three.`,
    );
  const [train, validation, test] = found.map((lines) => lines ?? []);
  return { train: train ?? [], validation: validation ?? [], test: test ?? [] };
}

async function linesOf(folder: DatasetFolder, name: string): Promise<string[] | null> {
  const pieces = await folder.pieces(name);
  if (pieces === null) return null;
  const lines: string[] = [];
  for await (const { cells } of rowsOf(pieces, { delimiter: '\t', isQuoted: false })) lines.push((cells[0] ?? '').trim());
  return lines;
}

/** Lines of a published list, as they stand in its file. */
function publishedList(part: Part): string[] {
  return Object.entries(filteredLists[part]).flatMap(([genre, ranges]) =>
    ranges.split(' ').flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, at) => `${genre}/${genre}.${String(first + at).padStart(5, '0')}.wav`);
    }),
  );
}

const idOf = (line: string): string => baseName(line).replace(/\.[^.]*$/, '');

function clipOf(line: string, { part, audio }: { part: Part; audio: string }): NamedClip | string {
  const place = genres.indexOf(line.slice(0, line.indexOf('/')));
  if (place < 0) return 'Its folder is none of the ten genres.';
  if (audio === kaggle && line === brokenOnKaggle) return 'This copy of its file was published broken.';
  return { id: idOf(line), path: `${audio}${line}`, part, answers: [place] };
}

/** What of one’s own lists is in another part than it was published for. */
function otherParts(own: Lists): string[] {
  const publishedPart = new Map(parts.flatMap((part) => publishedList(part).map((line) => [line, part] as const)));
  const other = parts.flatMap((part) => own[part].filter((line) => publishedPart.get(line) !== part)).length;
  return other === 0
    ? []
    : [`The lists beside the audio are not the published ones: ${countOf(other, 'file')} would be in another part, or in none.`];
}
