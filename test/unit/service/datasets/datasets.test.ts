/** @file Checks of data sets as windows ask for them: cancelled with their caller, told how far they are, and of bounded length. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mostClipsTold } from '../../../../src-main/contract/index.ts';
import { datasetHandlers } from '../../../../src-main/service/datasets/dataset-handlers.ts';
import { Datasets } from '../../../../src-main/service/datasets/datasets.ts';
import { EventHub } from '../../../../src-main/service/event-hub.ts';
import { MediaWorker } from '../../../../src-main/service/processes/media-worker.ts';
import { annotationTable } from '../../../support/datasets/magnatagatune-tables.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';

const media = new MediaWorker(new URL('file:///never-started.ts'));
const datasets = new Datasets({ media, codeVersion: '1.2.3' });
const never = new AbortController().signal;

/** So many clips of one folder, of which only the first few have a file. */
function folderWith(clips: number, files: number): string {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, '0'));
  const rows = Array.from({ length: clips }, (_, at) => ({ id: at, path: `0/piece-${at}-0-29.mp3`, tags: ['guitar'] }));
  writeFileSync(join(folder, 'annotations_final.csv'), annotationTable(rows));
  for (const { path } of rows.slice(0, files)) writeFileSync(join(folder, path), 'x');
  return folder;
}

it('names so many missing clips as a person looks at, and counts all', async () => {
  const events = new EventHub();
  const window = new AbortController();
  const heard = events.subscribe(window.signal);
  const path = folderWith(mostClipsTold + 50, 10);
  const found = await datasetHandlers(datasets, events).check({ path, decodes: false }, never);
  expect(found).toMatchObject({
    ok: false,
    missingClips: mostClipsTold + 40,
    brokenClips: 0,
    counts: { train: 10, validation: 0, test: 0 },
  });
  expect(found.missing).toHaveLength(mostClipsTold);
  expect((await heard.next()).value).toMatchObject({
    type: 'datasets.checking',
    path,
    progress: { total: mostClipsTold + 50, unit: 'files' },
  });
  window.abort();
});

it('ends with its caller', async () => {
  const path = folderWith(200, 200);
  const caller = new AbortController();
  let told = 0;
  const check = datasets.check(
    { path, dataset: null, task: null, split: null },
    { decodes: false, signal: caller.signal, onProgress: () => (++told === 20 ? caller.abort() : undefined) },
  );
  await expect(check).rejects.toThrow(/abort/i);
  expect(told).toBeLessThan(60);
});

it('opens a data set without the clips whose files are gone, and finds the others', async () => {
  const path = folderWith(5, 3);
  const { reading, manifest, folder } = await datasets.open(
    { path, dataset: null, task: null, split: 'lee' },
    { decodes: false, signal: never },
  );
  expect(reading.clips.map(({ id }) => id)).toEqual(['0', '1', '2']);
  expect(reading.leftOut.map(({ id }) => id)).toEqual(['3', '4']);
  expect(manifest).toMatchObject({ earmark: '1.2.3', counts: { train: 3 }, split: 'lee' });
  expect(await folder.find(reading.clips[2]?.path ?? '')).toMatchObject({ isThere: true, bytes: 1 });
  rmSync(path, { recursive: true });
  await expect(datasets.open({ path, dataset: null, task: null, split: null }, { decodes: false, signal: never })).rejects.toMatchObject({
    code: 'FOLDER_GONE',
  });
});

it('lists every data set with what its folder holds', () => {
  expect(datasets.list().every(({ holds, title, about }) => holds !== '' && title !== '' && about !== '')).toBe(true);
});
