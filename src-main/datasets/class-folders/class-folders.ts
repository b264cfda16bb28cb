/** @file A plain folder of class folders: the name of a folder is the label of the files in it. Folders in between (of an artist, say) keep files together. */
import { AppError, breather } from '../../base/index.ts';
import type { DatasetFolder } from '../dataset.ts';
import { defineDataset } from '../define.ts';
import type { NamedClip } from '../define.ts';
import { ownPart } from '../part-hash.ts';

const audioFile = /\.(wav|mp3|flac|ogg|oga|opus|m4a|aac|aif|aiff|wma|wv|ape|mpc)$/i;
/** `.git` and the like; `...And Justice for All` is none. */
const isHidden = (name: string): boolean => /^\.[^.]/.test(name);
const deepest = 4;
const mostFiles = 1_000_000;

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
    for (const [place, label] of labels.entries())
      for await (const path of filesBelow(folder, `${label}/`)) {
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
  for (const name of names) {
    const first = await filesBelow(folder, name).next();
    if (first.done !== true) found.push(name.slice(0, -1));
  }
  return found;
}

/** Paths of audio below a folder. */
async function* filesBelow(folder: DatasetFolder, path: string, depth = 1): AsyncGenerator<string, void> {
  const pause = breather();
  for (const name of await folder.list(path)) {
    await pause();
    if (isHidden(name)) continue;
    if (!name.endsWith('/')) {
      if (audioFile.test(name)) yield `${path}${name}`;
    } else if (depth < deepest) yield* filesBelow(folder, `${path}${name}`, depth + 1);
  }
}

/** `class/artist/album/file`: the artist’s files stay together, also those in another class. */
function clipOf(path: string, place: number): NamedClip {
  const [, ...below] = path.split('/');
  const within = below.length > 1 ? (below[0] ?? null) : null;
  return { id: path, path, part: ownPart(within ?? path), artist: within ?? path, answers: [place] };
}
