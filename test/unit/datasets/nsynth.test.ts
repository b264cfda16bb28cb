/** @file NSynth from its JSON tables, with the published numbers of notes. */
import { expect, it } from 'vitest';
import { defined } from '../../../src-main/base/index.ts';
import { datasetIn } from '../../../src-main/datasets/index.ts';
import { jsonEntries } from '../../../src-main/datasets/json-entries.ts';
import { memoryFolder } from '../../support/datasets/memory-folder.ts';
import { partCounts, readSet, reasons } from '../../support/datasets/read-set.ts';

const families = ['bass', 'brass', 'flute', 'guitar', 'keyboard', 'mallet', 'organ', 'reed', 'string', 'synth_lead', 'vocal'];

type Note = Record<string, unknown>;
const note = (family: number, instrument: number, pitch: unknown): Note => ({
  ...{ note: 1, note_str: 'x', pitch, velocity: 100, sample_rate: 16000, qualities: [0, 1], qualities_str: ['b{r"ight'] },
  ...{ instrument: family * 10 + instrument, instrument_str: `${families[family]}_acoustic_00${instrument}` },
  ...{ instrument_family: family, instrument_family_str: families[family], instrument_source: 0, instrument_source_str: 'acoustic' },
});
const tables = (train: Record<string, Note>, valid: Record<string, Note>, test: Record<string, Note>): Record<string, string> => ({
  'nsynth-train/examples.json': JSON.stringify(train, null, 4),
  'nsynth-valid/examples.json': JSON.stringify(valid),
  'nsynth-test/examples.json': JSON.stringify(test, null, 1),
});
const few = tables({ 'a-1': note(0, 1, 60) }, { 'b-1': note(8, 2, 0) }, { 'c-1': note(10, 3, 127), 'c-2': note(10, 1, 36) });

it('has the published counts', async () => {
  const part = (folder: string, count: number): [string, string] => [
    `nsynth-${folder}/examples.json`,
    `{${Array.from({ length: count }, (_, at) => `"${folder}-${at}":{"pitch":${9 + (at % 111)},"instrument_family":${at % 11},"instrument_str":"${folder}_${at % 90}"}`).join(',\n')}}`,
  ];
  const reading = await readSet('nsynth', Object.fromEntries([part('train', 289_205), part('valid', 12_678), part('test', 4096)]), {
    task: 'family',
  });
  expect(partCounts(reading)).toEqual([289_205, 12_678, 4096]);
  expect(reading.leftOut).toEqual([]);
  expect(reading.notes).toEqual([]);
});

it('has a class for each pitch or family, and keeps instruments together', async () => {
  const pitch = await readSet('nsynth', few);
  expect(pitch.task.labels).toHaveLength(128);
  expect(pitch.clips.map(({ path, part, answers, group }) => [path, part, answers, group])).toEqual([
    ['nsynth-train/audio/a-1.wav', 'train', [60], 'bass_acoustic_001'],
    ['nsynth-valid/audio/b-1.wav', 'validation', [0], 'string_acoustic_002'],
    ['nsynth-test/audio/c-1.wav', 'test', [127], 'vocal_acoustic_003'],
    ['nsynth-test/audio/c-2.wav', 'test', [36], 'vocal_acoustic_001'],
  ]);
  const family = await readSet('nsynth', few, { task: 'family' });
  expect(family.task.labels).toEqual(families);
  expect(family.clips.map(({ answers }) => answers)).toEqual([[0], [8], [10], [10]]);
  expect((await datasetIn(memoryFolder(few))).name).toBe('nsynth');
});

it('says where an instrument is in several parts', async () => {
  const { notes } = await readSet('nsynth', tables({ a: note(0, 1, 60) }, { b: note(0, 1, 61) }, { c: note(0, 1, 62), d: note(0, 2, 60) }));
  expect(notes).toContain(
    '1 of 2 instruments has clips in several parts, 1 of them in both training and testing: figures are higher than they would be on a new instrument.',
  );
});

it('refuses another numbering of families, lacking fields and parts, and names notes without a number', async () => {
  const { 'nsynth-test/examples.json': test, ...others } = few;
  await expect(readSet('nsynth', others)).rejects.toThrow('nsynth-test/examples.json is not there.');
  const renamed = { ...few, 'nsynth-test/examples.json': (test ?? '').replaceAll('"vocal"', '"voice"') };
  await expect(readSet('nsynth', renamed)).rejects.toThrow('number 10 is “voice” there, and “vocal” is published');
  const lacking = { ...few, 'nsynth-test/examples.json': '{"c":{"instrument_family":1}}' };
  await expect(readSet('nsynth', lacking)).rejects.toThrow('The note c of nsynth-test/examples.json has no field “pitch”.');
  const strange = tables({ a: note(0, 1, 128), b: note(0, 1, null), c: note(0, 1, 2.5) }, {}, { 'x/../../y': note(0, 1, 2) });
  expect(reasons(await readSet('nsynth', strange))).toEqual([
    ['a', 'Its class is none of the labels.'],
    ['b', 'One of its answers is no number.'],
    ['c', 'Its class is none of the labels.'],
    ['x/../../y', 'Its path leads outside of the folder, and is not followed.'],
  ]);
});

async function entries(text: string, length: number): Promise<[string, unknown][]> {
  const pieces = await memoryFolder({ t: text }, length).pieces('t');
  return Array.fromAsync(jsonEntries(defined(pieces, 'the text'), 'examples.json'));
}

it.each([1, 2, 3, 7, 1000])('reads entries in pieces of %i characters as JSON.parse does', async (length) => {
  const value = { 'a"b\\': { list: [1, '}', { deep: ['\\"', '{'] }], text: 'c\\' }, é: { none: null }, last: [] };
  for (const text of [JSON.stringify(value), ` \n${JSON.stringify(value, null, 2)}\n`, '{}'])
    expect(Object.fromEntries(await entries(text, length))).toEqual(JSON.parse(text));
});

it.each(['', '[]', '{"a":{}', '{"a":1}', '{"a":{},"b":2}', '{"a":{}} {}', '{"a":{},"b":{},x}', '{a:{}}', '{"a":{"b":}}', '{"a":{"b":"c'])(
  'refuses %s',
  async (text) => {
    await expect(entries(text, 5)).rejects.toThrow('examples.json is no whole JSON object of objects.');
  },
);
