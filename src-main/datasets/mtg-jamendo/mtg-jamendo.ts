/** @file MTG-Jamendo (Bogdanov et al. 2019): tracks with tags of genre, instrument and mood or theme, in five splits without an artist in two parts. */
import { AppError } from '../../base/index.ts';
import type { DatasetFolder, LeftOut, Part } from '../dataset.ts';
import { parts } from '../dataset.ts';
import { defineDataset } from '../define.ts';
import type { NamedClip } from '../define.ts';
import { readTable } from '../delimited.ts';
import { jamendoCounts, jamendoTags } from './jamendo-tags.ts';
import type { Subset } from './jamendo-tags.ts';

const subsetOf = { top50: 'top50tags', genre: 'genre', instrument: 'instrument', moodtheme: 'moodtheme' } as const;
const splitNames = ['split-0', 'split-1', 'split-2', 'split-3', 'split-4'] as const;
const splitFolders = ['data/splits/', 'splits/', ''];
/** Where audio is unpacked to; the folder itself last. */
const audioFolders = ['audio/', 'audio-low/', 'raw_30s/audio/', 'raw_30s/audio-low/', 'autotagging_moodtheme/audio/', ''];

/** MTG-Jamendo, as its repository with the audio in it, or as a folder with `splits` and the audio. */
export const mtgJamendo = defineDataset({
  name: 'mtg-jamendo',
  title: 'MTG-Jamendo',
  about: 'Bogdanov, Won, Tovstogan, Porter and Serra 2019, https://github.com/MTG/mtg-jamendo-dataset',
  holds: 'data/splits as in its repository, and the audio (00 to 99) in it, in audio or in audio-low',
  tasks: [
    { name: 'top50', title: 'Fifty most frequent tags', kind: 'tags' },
    { name: 'genre', title: 'Genres', kind: 'tags' },
    { name: 'instrument', title: 'Instruments', kind: 'tags' },
    { name: 'moodtheme', title: 'Moods and themes', kind: 'tags' },
  ],
  splits: splitNames.map((name, at) => ({ name, title: at === 0 ? 'Split 0, which papers report' : `Split ${at}` })),
  isIn: async (folder) => (await splitFolder(folder)) !== null,
  read: async (folder, { task, split }) => {
    const subset = subsetOf[task];
    const tables = await splitFolder(folder);
    if (tables === null) throw new AppError('BAD_INPUT', `${folder.path} has no folder data/splits/${split} with MTG-Jamendo’s lists.`);
    const audio = await audioIn(folder);
    const [clips, leftOut]: [NamedClip[], LeftOut[]] = [[], []];
    for (const part of parts) {
      const path = `${tables}${split}/autotagging_${subset}-${part}.tsv`;
      for await (const found of clipsOf(folder, { path, part, subset, audio })) clips.push(found);
    }
    return {
      ...{ labels: jamendoTags[subset], clips, leftOut, notes: [], leastSeconds: 30 },
      published: jamendoCounts[subset][splitNames.indexOf(split)] ?? null,
      policies: {
        emptyLabels: 'Tracks without one of the tags are no part of the lists.',
        labelOrder: 'Tags by the alphabet, as the published lists of tags have them.',
        ties: 'None: the order is not one of frequency.',
        aggregation: 'By track: the mean over its segments, of what the protocol names.',
      },
    };
  },
});

async function splitFolder(folder: DatasetFolder): Promise<string | null> {
  for (const path of splitFolders) {
    const names = await folder.list(path);
    if (splitNames.some((name) => names.includes(`${name}/`))) return path;
  }
  return null;
}

/** Where `00/…` lies, and how its files end; the names in the tables where there is no audio yet. */
async function audioIn(folder: DatasetFolder): Promise<{ root: string; isLow: boolean }> {
  for (const root of audioFolders) {
    const first = (await folder.list(root)).find((name) => /^\d\d\/$/.test(name));
    if (first === undefined) continue;
    const names = await folder.list(`${root}${first}`);
    return { root, isLow: names.some((name) => name.endsWith('.low.mp3')) };
  }
  return { root: '', isLow: false };
}

type Wanted = { path: string; part: Part; subset: Subset; audio: { root: string; isLow: boolean } };

async function* clipsOf(folder: DatasetFolder, { path, part, subset, audio }: Wanted): AsyncGenerator<NamedClip, void> {
  const columns = ['TRACK_ID', 'ARTIST_ID', 'PATH', 'TAGS'] as const;
  const rows = await readTable(folder, { path, columns, isRagged: true });
  if (rows === null) throw new AppError('BAD_INPUT', `${path} is not there. Bring all lists of the split.`, { details: { path } });
  const tags = jamendoTags[subset];
  const places = new Map(tags.map((tag, at) => [tag, at]));
  for await (const { line, cells, others } of rows) {
    const answers = new Array<number>(tags.length).fill(0);
    for (const tag of others) {
      const place = places.get(tag);
      if (place === undefined)
        throw new AppError('BAD_INPUT', `Line ${line} of ${path} has the tag “${tag}”, which is none of this subset’s ${tags.length}.`);
      answers[place] = 1;
    }
    const file = audio.isLow ? cells.PATH.replace(/\.mp3$/, '.low.mp3') : cells.PATH;
    yield { id: cells.TRACK_ID, path: `${audio.root}${file}`, part, artist: cells.ARTIST_ID, answers };
  }
}
