/** @file GiantSteps: tracks for testing and for training in two folders, parted by artists. */
import { expect, it } from 'vitest';
import { hashPlace } from '../../../src-main/datasets/part-hash.ts';
import { keyPlace, keys } from '../../../src-main/datasets/giantsteps/keys.ts';
import { partCounts, readSet, reasons } from '../../support/datasets/read-set.ts';

const [test, train] = ['giantsteps-key-dataset', 'giantsteps-mtg-key-dataset'];
const heading = 'ID\tARTIST\tSONG TITLE\tMIX\tLABEL\tBP GENRE\tBP BPM\tBP KEY';

type Track = { id: number; artist: string; key: string; confidence: number };

function tables(tracks: readonly Track[]): Record<string, string> {
  const keysOf = tracks.map(({ id, key, confidence }) => `${id}\t${key}\t${confidence}`);
  const rows = tracks.map(({ id, artist }) => `${id}\t${artist}\tTitle\tMix\tLabel\tTrance\t132\tD# major`);
  return {
    [`${train}/annotations/annotations.txt`]: ['ID\tMANUAL KEY\tC', ...keysOf].join('\n'),
    [`${train}/annotations/beatport_metadata.txt`]: [heading, ...rows].join('\r\n'),
  };
}

const testKeys = (count: number, root = test): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `${root === '' ? '' : `${root}/`}annotations/key/${700_000 + at}.LOFI.key`,
      keys[at % 24] ?? '',
    ]),
  );

it('has the published counts', async () => {
  const artists = Array.from({ length: 3000 }, (_, at) => `Artist ${at}`);
  const isTrain = (artist: string): boolean => hashPlace(artist.toLowerCase(), 116) < 100;
  const chosen = [...artists.filter(isTrain).slice(0, 923), ...artists.filter((artist) => !isTrain(artist)).slice(0, 236)];
  const sure = chosen.map((artist, at) => ({ id: at + 1, artist, key: at === 0 ? 'D# minor' : (keys[at % 24] ?? ''), confidence: 2 }));
  const unsure = Array.from({ length: 327 }, (_, at) => ({
    ...{ id: 5000 + at, artist: `Artist ${at}`, key: at < 23 ? 'C major / A minor' : 'C major', confidence: at < 23 ? 2 : at % 2 },
  }));
  const reading = await readSet('giantsteps', { ...tables([...sure, ...unsure]), ...testKeys(604) });
  expect(partCounts(reading)).toEqual([923, 236, 604]);
  expect(reading.leftOut).toHaveLength(327);
  expect(reasons(reading).filter(([, why]) => why === 'It has several keys.')).toHaveLength(23);
  expect(reading.clips[0]).toMatchObject({ path: `${train}/audio/1.LOFI.mp3`, answers: [keys.indexOf('Eb minor')] });
  expect(reading.notes).toEqual([]);
});

it('has 24 keys, written with flats or sharps, in any case', () => {
  expect(keys).toHaveLength(24);
  expect([keyPlace('C major'), keyPlace(' c# minor\n'), keyPlace('Db minor'), keyPlace('B minor'), keyPlace('bb Major')]).toEqual([
    0, 13, 13, 23, 10,
  ]);
  const sharps = ['C#', 'D#', 'F#', 'G#', 'A#'].map((tonic) => keys[keyPlace(`${tonic} minor`)]);
  expect(sharps).toEqual(['Db minor', 'Eb minor', 'Gb minor', 'Ab minor', 'Bb minor']);
  for (const text of ['', 'C', 'C dorian', 'H major', 'C minor / A minor', '- -']) expect(keyPlace(text), text).toBe(-1);
});

it('says what cannot be done with the tracks for testing alone, and parts those where it is asked to', async () => {
  const files = { ...testKeys(300, ''), 'audio/700003.LOFI.wav': '' };
  const official = await readSet('giantsteps', files);
  expect(partCounts(official)).toEqual([0, 0, 300]);
  expect(official.notes.join(' ')).toContain('The tracks for training (giantsteps-mtg-key) are not there: nothing can be learnt.');
  expect(official.clips.slice(2, 4).map(({ path }) => path)).toEqual(['audio/700002.LOFI.mp3', 'audio/700003.LOFI.wav']);
  const own = await readSet('giantsteps', files, { split: 'own' });
  const [learnt = 0, validated = 0, tested = 0] = partCounts(own);
  expect(learnt + validated + tested).toBe(300);
  expect([learnt > 150, validated > 40, tested > 40]).toEqual([true, true, true]);
  const more = await readSet('giantsteps', { ...files, ...testKeys(301, '') }, { split: 'own' });
  expect(more.clips.slice(0, 300).map(({ part }) => part)).toEqual(own.clips.map(({ part }) => part));
});

it('names tracks whose key or artist is not known', async () => {
  const tracks = [
    { id: 1, artist: 'A', key: 'X minor', confidence: 2 },
    { id: 2, artist: 'B', key: 'C minor', confidence: 2 },
  ];
  const files = tables(tracks);
  files[`${train}/annotations/beatport_metadata.txt`] = [heading, '1\tA\tT\tM\tL\tG\t1\tC major'].join('\n');
  const reading = await readSet('giantsteps', { ...files, ...testKeys(1), [`${test}/annotations/key/9.LOFI.key`]: 'atonal' });
  expect(reasons(reading)).toEqual([
    ['1', 'Its annotation “X minor” is no key.'],
    ['2', 'beatport_metadata.txt does not name its artist, by whom tracks are parted.'],
    ['9', 'Its annotation “atonal” is no key.'],
  ]);
  await expect(readSet('giantsteps', files)).rejects.toThrow('has no folder giantsteps-key');
});
