/** @file A plain folder of class folders: the name of a folder is the label of the files in it. Folders in between (of an artist, say) keep files together. */
import { AppError, breather, countOf } from '../../base/index.ts';
import type { DatasetFolder } from '../dataset.ts';
import { defineDataset } from '../define.ts';
import type { NamedClip } from '../define.ts';
import { ownPart } from '../part-hash.ts';

const audioFile = /\.(wav|mp3|flac|ogg|oga|opus|m4a|aac|aif|aiff|wma|wv|ape|mpc)$/i;
/** `.git` and the like; `...And Justice for All` is none. */
const isHidden = (name: string): boolean => /^\.[^.]/.test(name);
const deepest = 4;
const mostFiles = 1_000_000;
/** Folders that are looked into before audio is found in two, and in all: a whole disk has more. */
const [mostTried, mostFolders] = [2000, 200_000];

/** Any folder with at least two folders of audio. */
export const classFolders = defineDataset({
  name: 'folder',
  title: 'A folder of class folders',
  about: 'Your own: the name of each folder is the label of what lies in it; folders within keep files in one part',
  holds: 'at least two folders of audio, named after their labels',
  tasks: [{ name: 'class', title: 'Name of the folder', kind: 'classes' }],
  splits: [{ name: 'hash', title: 'By a hash of names: six of ten for training, two each for validation and testing' }],
  isIn: async (folder) => (await classesIn(folder)).length >= 2,
  read: async (folder) => {
    const labels = await classesIn(folder);
    if (labels.length < 2)
      throw new AppError('BAD_INPUT', `${folder.path} has not two folders with audio in them, whose names could be labels.`);
    const clips: NamedClip[] = [];
    const budget = budgetOf(folder, mostFolders);
    for (const [place, label] of labels.entries())
      for await (const path of filesBelow(folder, `${label}/`, budget)) {
        clips.push(clipOf(path, place));
        if (clips.length > mostFiles)
          throw new AppError('BAD_INPUT', `${folder.path} holds more than a million files of audio. Name a smaller folder.`);
      }
    return {
      ...{ labels, clips, leftOut: [], published: null, leastSeconds: null, artistIs: 'folder or file' },
      notes: ['This split is Earmark’s own, by a hash of the names of folders within, else of files; it stays as files come.'],
      policies: {
        emptyLabels: 'Every file has one label.',
        labelOrder: 'Names of the folders, by code points.',
        ties: 'None: the order is not one of frequency.',
        aggregation: 'By file: the mean over its segments, of what the protocol names.',
      },
    };
  },
});

/** Folders that hold audio. */
async function classesIn(folder: DatasetFolder): Promise<string[]> {
  const names = (await folder.list('')).filter((name) => name.endsWith('/') && !isHidden(name));
  const found: string[] = [];
  const budget = budgetOf(folder, mostTried);
  for (const name of names) {
    const first = await filesBelow(folder, name, budget).next();
    if (first.done !== true) found.push(name.slice(0, -1));
  }
  return found;
}

/** Counts folders that are looked into. @throws AppError BAD_INPUT beyond the most */
function budgetOf({ path }: DatasetFolder, most: number): () => void {
  let left = most;
  return () => {
    if (left-- > 0) return;
    throw new AppError(
      'BAD_INPUT',
      `${path} holds more than ${countOf(most, 'folder')} to look through, which no data set has. Name the data set’s own folder.`,
    );
  };
}

/** Paths of audio below a folder. */
async function* filesBelow(folder: DatasetFolder, path: string, look: () => void, depth = 1): AsyncGenerator<string, void> {
  const pause = breather();
  look();
  for (const name of await folder.list(path)) {
    await pause();
    if (isHidden(name)) continue;
    if (!name.endsWith('/')) {
      if (audioFile.test(name)) yield `${path}${name}`;
    } else if (depth < deepest) yield* filesBelow(folder, `${path}${name}`, look, depth + 1);
  }
}

/** `class/artist/album/file`: the artist’s files stay together, also those in another class. */
function clipOf(path: string, place: number): NamedClip {
  const [, ...below] = path.split('/');
  const within = below.length > 1 ? (below[0] ?? null) : null;
  return { id: path, path, part: ownPart(within ?? path), artist: within ?? path, answers: [place] };
}
