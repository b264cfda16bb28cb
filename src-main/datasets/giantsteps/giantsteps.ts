/**
 * @file GiantSteps key: 604 tracks for testing (Knees et al. 2015) and those of the MTG data set for training (Faraldo et al.), of which only what is annotated
 * with confidence and in one key is taken (Korzeniowski and Widmer 2018).
 */
import { AppError } from '../../base/index.ts';
import type { DatasetFolder, LeftOut } from '../dataset.ts';
import { defineDataset } from '../define.ts';
import type { NamedClip } from '../define.ts';
import { readTable } from '../delimited.ts';
import { ownPart } from '../part-hash.ts';
import { artistParts } from './artist-parts.ts';
import { keyPlace, keys } from './keys.ts';

const keyFile = /^(.+)\.LOFI\.key$/;

/** GiantSteps, as the folder that holds `giantsteps-key…` and `giantsteps-mtg-key…`, or as the former alone. */
export const giantsteps = defineDataset({
  name: 'giantsteps',
  title: 'GiantSteps key',
  about: 'Knees et al. 2015 and Faraldo et al. 2016, https://github.com/GiantSteps',
  holds: 'giantsteps-key-dataset and giantsteps-mtg-key-dataset, each with annotations and audio',
  tasks: [{ name: 'key', title: 'Key of a song', kind: 'classes' }],
  splits: [
    { name: 'official', title: 'Learnt from giantsteps-mtg-key, tested on giantsteps-key' },
    { name: 'own', title: 'giantsteps-key alone, parted by Earmark' },
  ],
  isIn: async (folder) => {
    const { test, train } = await placesIn(folder);
    return test !== null || train !== null;
  },
  read: async (folder, { split }) => {
    const { test, train } = await placesIn(folder);
    if (test === null)
      throw new AppError('BAD_INPUT', `${folder.path} has no folder giantsteps-key with annotations/key: nothing can be tested.`);
    const tested = await testTracks(folder, test);
    const learnt = split === 'own' || train === null ? none : await trainTracks(folder, train);
    const clips = split === 'own' ? tested.clips.map((clip) => ({ ...clip, part: ownPart(clip.id) })) : [...learnt.clips, ...tested.clips];
    return {
      ...{ labels: keys, clips, leftOut: [...learnt.leftOut, ...tested.leftOut], leastSeconds: null },
      notes: notesOf(split, { hasTrain: train !== null }),
      published: split === 'own' ? null : { train: 923, validation: 236, test: 604 },
      policies: {
        emptyLabels: 'Tracks without confidence (C below 2) or with several keys are left out of training.',
        labelOrder: 'Major keys from C to B, then minor ones, as MARBLE has them; sharps are written as flats.',
        ties: 'None: the order is not one of frequency.',
        aggregation: 'By song: the mean over its segments; figures are mir_eval’s weighted key score and accuracy.',
      },
    };
  },
});

type Tracks = { clips: NamedClip[]; leftOut: LeftOut[] };
const none: Tracks = { clips: [], leftOut: [] };

function notesOf(split: 'official' | 'own', { hasTrain }: { hasTrain: boolean }): string[] {
  if (split === 'own')
    return ['This split is Earmark’s own, by a hash of the tracks’ numbers: figures on it cannot be compared with published ones.'];
  const says =
    'The tracks for training (giantsteps-mtg-key) are not there: nothing can be learnt. Put both side by side in one folder, or take the split “own”.';
  return hasTrain ? [] : [says];
}

type Places = { test: string | null; train: string | null };

async function placesIn(folder: DatasetFolder): Promise<Places> {
  const names = await folder.list('');
  if (names.includes('annotations/')) {
    const inside = await folder.list('annotations');
    const isTrain = inside.includes('annotations.txt') && inside.includes('beatport_metadata.txt');
    if (isTrain) return { test: null, train: '' };
    return { test: (await folder.list('annotations/key')).some((name) => keyFile.test(name)) ? '' : null, train: null };
  }
  const named = (start: string): string | null => names.find((name) => name.startsWith(start) && name.endsWith('/')) ?? null;
  return { test: named('giantsteps-key'), train: named('giantsteps-mtg-key') };
}

/** The name of a track’s audio by its number; some have it as WAVE. */
async function audioOf(folder: DatasetFolder, root: string): Promise<(id: string) => string> {
  const names = new Set(await folder.list(`${root}audio`));
  const isWave = (id: string): boolean => names.has(`${id}.LOFI.wav`) && !names.has(`${id}.LOFI.mp3`);
  return (id) => `${root}audio/${id}.LOFI.${isWave(id) ? 'wav' : 'mp3'}`;
}

async function testTracks(folder: DatasetFolder, root: string): Promise<Tracks> {
  const tracks: Tracks = { clips: [], leftOut: [] };
  const pathOf = await audioOf(folder, root);
  for (const name of await folder.list(`${root}annotations/key`)) {
    const id = keyFile.exec(name)?.[1];
    if (id === undefined) continue;
    const text = (await folder.readText(`${root}annotations/key/${name}`)) ?? '';
    const clip = { id, path: pathOf(id), part: 'test' } as const;
    const place = keyPlace(text);
    if (place < 0) tracks.leftOut.push({ ...clip, why: `Its annotation “${text.trim().slice(0, 40)}” is no key.` });
    else tracks.clips.push({ ...clip, answers: [place] });
  }
  return tracks;
}

async function trainTracks(folder: DatasetFolder, root: string): Promise<Tracks> {
  const artists = await artistsIn(folder, root);
  const partOf = artistParts([...artists.values()]);
  const pathOf = await audioOf(folder, root);
  const path = `${root}annotations/annotations.txt`;
  const rows = await readTable(folder, { path, columns: ['ID', 'MANUAL KEY', 'C'] });
  if (rows === null) throw new AppError('BAD_INPUT', `${path} is not there. It holds the keys of the tracks for training.`);
  const tracks: Tracks = { clips: [], leftOut: [] };
  for await (const { cells } of rows) {
    const [id, key, confidence] = [cells.ID.trim(), cells['MANUAL KEY'], cells.C.trim()];
    const artist = artists.get(id);
    const [place, why] = [keyPlace(key), whyNotLearnt({ key, confidence, artist })];
    if (why !== null || artist === undefined || place < 0) {
      tracks.leftOut.push({ id, path: pathOf(id), part: null, why: why ?? `Its annotation “${key.trim().slice(0, 40)}” is no key.` });
      continue;
    }
    tracks.clips.push({ id, path: pathOf(id), part: partOf(artist), artist, answers: [place] });
  }
  return tracks;
}

function whyNotLearnt({ key, confidence, artist }: { key: string; confidence: string; artist: string | undefined }): string | null {
  if (confidence !== '2') return 'Its key was annotated without confidence.';
  if (key.includes('/')) return 'It has several keys.';
  return artist === undefined ? 'beatport_metadata.txt does not name its artist, by whom tracks are parted.' : null;
}

async function artistsIn(folder: DatasetFolder, root: string): Promise<ReadonlyMap<string, string>> {
  const path = `${root}annotations/beatport_metadata.txt`;
  const rows = await readTable(folder, { path, columns: ['ID', 'ARTIST'] });
  if (rows === null) throw new AppError('BAD_INPUT', `${path} is not there. It names the artists, by whom tracks are parted.`);
  const artists = new Map<string, string>();
  for await (const { cells } of rows) artists.set(cells.ID.trim(), cells.ARTIST);
  return artists;
}
