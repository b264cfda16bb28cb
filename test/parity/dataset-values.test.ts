/** Parts of artists beside Python's (`make-dataset-values.py`). */
import { expect, it } from 'vitest';
import { artistParts } from '../../src-main/datasets/giantsteps/artist-parts.ts';
import { readSet } from '../support/datasets/read-set.ts';
import { readValues } from './reference-values.ts';

type Parted = [string, 'train' | 'validation'][];
const { giantsteps, emomusic } = readValues<{ giantsteps: Parted; emomusic: Parted }>('dataset-parts');

it('GiantSteps’ tracks for training are parted by artists and those who work with them', () => {
  const partOf = artistParts(giantsteps.map(([artists]) => artists));
  expect(giantsteps.map(([artists]) => [artists, partOf(artists)])).toEqual(giantsteps);
  expect(new Set(giantsteps.map(([, part]) => part))).toEqual(new Set(['train', 'validation']));
});

it('Emomusic’s clips for development are parted by the letters of their artists', async () => {
  const songs = emomusic.map(([artist], at) => `${at + 1},"${artist}",development`);
  const ratings = emomusic.map((_, at) => `${at + 1},0.5,0.5`);
  const { clips } = await readSet('emomusic', {
    'songs_info.csv': ['song_id,Artist,Mediaeval 2013 set', ...songs].join('\n'),
    'static_annotations.csv': ['song_id,mean_arousal,mean_valence', ...ratings].join('\n'),
  });
  expect(clips.map(({ part }, at) => [emomusic[at]?.[0], part])).toEqual(emomusic);
});
