/** @file Emomusic: arousal and valence, with the published counts. */
import { expect, it } from 'vitest';
import { hashPlace } from '../../../src-main/datasets/part-hash.ts';
import { partCounts, readSet, reasons } from '../../support/datasets/read-set.ts';

const heading =
  'song_id, file_name,Artist,Song title,start of the segment (min.sec),end of the segment (min.sec),Genre,Mediaeval 2013 set'.replaceAll(
    ', ',
    ',',
  );
type Song = { id: number; artist: string; set: string };
const songTable = (songs: readonly Song[]): string =>
  [heading, ...songs.map(({ id, artist, set }) => `${id},${id}.mp3,"\t${artist}\t","\tA, B\t",00.30,01.15,\tRock\t,${set}`)].join('\r\n');
const ratingTable = (songs: readonly Song[], of: (id: number) => string = (id) => `${id / 10},1.5,${id / 100},2`): string =>
  ['song_id,mean_arousal,std_arousal,mean_valence,std_valence', ...songs.map(({ id }) => `${id},${of(id)}`)].join('\n');

it('has the published counts', async () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const artists = Array.from(
    { length: 3000 },
    (_, at) => `Mr ${letters[at % 26]}${letters[Math.floor(at / 26) % 26]}${letters[Math.floor(at / 676)]}`,
  );
  const isTrain = (artist: string): boolean => hashPlace(artist.toLowerCase(), 10) < 8;
  const developing = [...artists.filter(isTrain).slice(0, 504), ...artists.filter((artist) => !isTrain(artist)).slice(0, 115)];
  const songs = [
    ...developing.map((artist, at) => ({ id: at + 1, artist, set: 'development' })),
    ...Array.from({ length: 125 }, (_, at) => ({ id: 2000 + at, artist: `X ${letters[at % 26]}`, set: 'evaluation' })),
  ];
  const reading = await readSet('emomusic', { 'songs_info.csv': songTable(songs), 'static_annotations.csv': ratingTable(songs) });
  expect(partCounts(reading)).toEqual([504, 115, 125]);
  expect(reading.task.labels).toEqual(['arousal', 'valence']);
  expect(reading.clips[1]).toMatchObject({
    id: '2',
    path: 'clips_45seconds/2.mp3',
    answers: [0.2, 0.02],
    group: developing[1]?.toLowerCase(),
  });
  expect(reading.notes).toEqual([]);
});

it('takes answers by the names of their columns, and names clips without them', async () => {
  const songs = [1, 2, 3].map((id) => ({ id, artist: 'Who', set: 'evaluation' }));
  const swapped = 'song_id,mean_valence,mean_arousal\n1,3,7\n3,NaN,5';
  const reading = await readSet('emomusic', { 'songs_info.csv': songTable(songs), 'static_annotations.csv': swapped });
  expect(reading.clips.map(({ id, answers }) => [id, answers])).toEqual([['1', [7, 3]]]);
  expect(reasons(reading)).toEqual([
    ['2', 'static_annotations.csv has no answers for it.'],
    ['3', 'One of its answers is no number.'],
  ]);
});

it('refuses a set that is neither for development nor for evaluation, and tables that are not there', async () => {
  const songs = [{ id: 1, artist: 'Who', set: 'test' }];
  const files = { 'songs_info.csv': songTable(songs), 'static_annotations.csv': ratingTable(songs) };
  await expect(readSet('emomusic', files)).rejects.toThrow(
    'Line 2 of songs_info.csv has the set “test”, which is neither development nor evaluation.',
  );
  await expect(readSet('emomusic', { 'songs_info.csv': '' })).rejects.toThrow('static_annotations.csv is not there.');
});
