/** @file Emomusic (Soleymani et al. 2013): 744 clips of 45 seconds with arousal and valence; development clips parted by artist as JukeMIR does. */
import { AppError } from '../../base/index.ts';
import type { DatasetFolder, LeftOut, Part } from '../dataset.ts';
import { defineDataset } from '../define.ts';
import type { NamedClip } from '../define.ts';
import { readTable } from '../delimited.ts';
import { numberIn } from '../number-in.ts';
import { hashPlace } from '../part-hash.ts';

const [songs, ratings] = ['songs_info.csv', 'static_annotations.csv'];
const setColumn = 'Mediaeval 2013 set';

/** Emomusic, as the folder with `songs_info.csv`, `static_annotations.csv` and `clips_45seconds`. */
export const emomusic = defineDataset({
  name: 'emomusic',
  title: 'Emomusic',
  about: 'Soleymani, Caro, Schmidt, Sha and Yang 2013; parts: Castellon, Donahue and Liang 2021',
  holds: 'songs_info.csv, static_annotations.csv and clips_45seconds',
  tasks: [{ name: 'emotion', title: 'Arousal and valence', kind: 'numbers' }],
  splits: [{ name: 'jukemir', title: 'MediaEval 2013, development parted by artist as JukeMIR does' }],
  isIn: async (folder) => {
    const names = await folder.list('');
    return names.includes(songs) && names.includes(ratings);
  },
  read: async (folder) => {
    const answers = await ratingsIn(folder);
    const { clips, leftOut } = await clipsIn(folder, answers);
    return {
      ...{ labels: ['arousal', 'valence'], clips, leftOut, notes: [], leastSeconds: 45 },
      published: { train: 504, validation: 115, test: 125 },
      policies: {
        emptyLabels: 'Every clip has both numbers.',
        labelOrder: 'Arousal, then valence.',
        ties: 'None: the order is not one of frequency.',
        aggregation: 'By clip: the mean over its segments. Answers are as published; protocols standardise them by the clips for training.',
      },
    };
  },
});

async function ratingsIn(folder: DatasetFolder): Promise<ReadonlyMap<number, readonly number[]>> {
  const columns = ['song_id', 'mean_arousal', 'mean_valence'] as const;
  const rows = await readTable(folder, { path: ratings, columns, delimiter: ',', isQuoted: true });
  if (rows === null) throw new AppError('BAD_INPUT', `${ratings} is not there. It holds the answers.`);
  const answers = new Map<number, readonly number[]>();
  for await (const { cells } of rows) answers.set(Number(cells.song_id), [numberIn(cells.mean_arousal), numberIn(cells.mean_valence)]);
  return answers;
}

async function clipsIn(
  folder: DatasetFolder,
  answers: ReadonlyMap<number, readonly number[]>,
): Promise<{ clips: NamedClip[]; leftOut: LeftOut[] }> {
  const columns = ['song_id', 'Artist', setColumn] as const;
  const rows = await readTable(folder, { path: songs, columns, delimiter: ',', isQuoted: true });
  if (rows === null) throw new AppError('BAD_INPUT', `${songs} is not there. It names the clips, their artists and sets.`);
  const [clips, leftOut]: [NamedClip[], LeftOut[]] = [[], []];
  for await (const { line, cells } of rows) {
    const [id, artist, set] = [cells.song_id.trim(), cells.Artist.trim(), cells[setColumn].trim()];
    if (set !== 'development' && set !== 'evaluation')
      throw new AppError('BAD_INPUT', `Line ${line} of ${songs} has the set “${set}”, which is neither development nor evaluation.`);
    const part = set === 'evaluation' ? 'test' : partOf(artist);
    const path = `clips_45seconds/${Number(id)}.mp3`;
    const known = answers.get(Number(id));
    if (known === undefined) leftOut.push({ id, path, part, why: `${ratings} has no answers for it.` });
    else clips.push({ id, path, part, artist: plainName(artist), answers: known });
  }
  return { clips, leftOut };
}

/** Letters and single spaces of the lowest 128 characters alone, as JukeMIR compares artists. */
const plainName = (artist: string): string =>
  artist
    .toLowerCase()
    .replace(/[^a-z\s]/g, '')
    .trim()
    .split(/\s+/)
    .join(' ');

const partOf = (artist: string): Part => (hashPlace(plainName(artist), 10) < 8 ? 'train' : 'validation');
