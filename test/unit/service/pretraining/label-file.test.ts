/** @file The labels in a run's folder, whole and damaged. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TrainLabels } from '../../../../src-main/service/index.ts';
import { readLabels, writeLabels } from '../../../../src-main/service/pretraining/labels/label-file.ts';
import { readTracks } from '../../../../src-main/service/pretraining/run-folder.ts';
import type { Store } from '../../../../src-main/store/index.ts';
import { temporaryStore } from '../../../support/store-data.ts';

const labels: TrainLabels = {
  ...{ names: ['calm', 'loud'], isExclusive: false },
  tracks: [
    { trackId: 1, answers: [1, -1], group: 3, role: 'taught' },
    { trackId: 2, answers: [0, -0.5], group: 4, role: 'heldOut' },
  ],
};
function runFolder(): { paths: Store['paths']; folder: string } {
  const { paths } = temporaryStore();
  mkdirSync(paths.run(7), { recursive: true });
  return { paths, folder: paths.run(7) };
}

it('labels are read as they were written, beside the rows that were not found', () => {
  const { paths } = runFolder();
  writeLabels(paths, 7, { labels, missing: [{ line: 3, text: 'gone.mp3' }] });
  expect(readLabels(paths, 7)).toEqual(labels);
});

it.each([
  ['cut', '{"names": ["calm"'],
  ['empty', ''],
  ['null', 'null'],
  ['a list', '[1, 2]'],
  ['without tracks', JSON.stringify({ ...labels, tracks: [] })],
  ['with a track that is none', JSON.stringify({ ...labels, tracks: [null] })],
  ['with too few answers', JSON.stringify({ ...labels, tracks: [{ ...labels.tracks[0], answers: [1] }] })],
  ['with answers that are none', JSON.stringify({ ...labels, tracks: [{ ...labels.tracks[0], answers: [1, 'x'] }] })],
  ['with another role', JSON.stringify({ ...labels, tracks: [{ ...labels.tracks[0], role: 'both' }] })],
  ['with names that are none', JSON.stringify({ ...labels, names: [1, 2] })],
])('labels that are %s are damaged, which is told with the file and what to do', (_, text) => {
  const { paths, folder } = runFolder();
  writeFileSync(join(folder, 'labels.json'), text);
  expect(() => readLabels(paths, 7)).toThrow(/^The labels of run 7 are damaged: .*labels\.json\. The run cannot go on without them/);
});

it('labels and tracks that are gone are told, or taken from where else they stand', () => {
  const { paths, folder } = runFolder();
  expect(() => readLabels(paths, 8)).toThrow(/^The labels of run 8 are gone: .*begin a new run/);
  writeFileSync(join(folder, 'tracks.json'), '[null, 3]');
  expect(readTracks(paths, 7)).toBeNull();
});
