/** @file A library that is watched notices what happens to its files. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sourceEntries } from '../../../src-main/host/core.ts';
import { createServices } from '../../../src-main/service/index.ts';
import type { Services } from '../../../src-main/service/index.ts';
import { writeWav } from '../../support/wav.ts';

const host = {
  kind: 'serve' as const,
  version: '0',
  chooseFolder: async () => null,
  chooseWeights: async () => null,
  reveal: async () => undefined,
};
const patience = { interval: 100 };

let root: string;
let music: string;
let services: Services;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-watch-'));
  music = join(root, 'music');
  mkdirSync(join(music, 'deep'), { recursive: true });
  writeWav(join(music, 'one.wav'), { seconds: 1, seed: 1 });
  services = createServices({ dataDirectory: join(root, 'data'), host, entries: sourceEntries, report: (error) => console.error(error) });
  await (
    await services.library.addFolder(music)
  ).settled;
});
afterEach(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

/** Paths of the present tracks below the folder. */
function present(): string[] {
  const page = services.store.tracks.query({ search: '', sort: [{ key: 'path', descending: false }], offset: 0, limit: 100 }, null);
  return page.rows.map((track) => track.path.slice(music.length + 1));
}

it('finds a file that is added, also in a folder that is new', async () => {
  expect(services.library.folders()[0]?.watched).toBe(true);
  writeWav(join(music, 'deep', 'two.wav'), { seconds: 1, seed: 2 });
  await expect.poll(present, patience).toEqual(['deep/two.wav', 'one.wav']);
  mkdirSync(join(music, 'new'));
  await expect.poll(() => services.activeJobs().length, patience).toBe(0);
  writeWav(join(music, 'new', 'three.wav'), { seconds: 1, seed: 3 });
  await expect.poll(present, patience).toEqual(['deep/two.wav', 'new/three.wav', 'one.wav']);
});

it('follows a file that moves, and keeps what is attached to it', async () => {
  const before = services.store.tracks.findByPath(join(music, 'one.wav'));
  renameSync(join(music, 'one.wav'), join(music, 'deep', 'uno.wav'));
  await expect.poll(present, patience).toEqual(['deep/uno.wav']);
  expect(services.store.tracks.findByPath(join(music, 'deep', 'uno.wav'))?.id).toBe(before?.id);
});

it('notes a file that is deleted, and changes of what is in one', async () => {
  writeWav(join(music, 'one.wav'), { seconds: 2, seed: 9 });
  await expect
    .poll(() => services.store.tracks.query({ search: '', sort: [], offset: 0, limit: 1 }, null).rows[0]?.durationMs, patience)
    .toBe(2000);
  unlinkSync(join(music, 'one.wav'));
  await expect.poll(present, patience).toEqual([]);
  expect(services.store.tracks.summary()).toMatchObject({ tracks: 0, missing: 1 });
});
