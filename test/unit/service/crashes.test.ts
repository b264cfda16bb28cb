/** @file What becomes of a job when the process that does its work dies: stand-ins at the processes' ports die on purpose. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sourceEntries } from '../../../src-main/host/core.ts';
import { createServices } from '../../../src-main/service/index.ts';
import type { IndexResult, ScanResult, Services } from '../../../src-main/service/index.ts';
import { trackFile } from '../../support/store-data.ts';

const entries = {
  ...sourceEntries,
  indexProcess: new URL('../../support/entries/mortal-index-process.ts', import.meta.url),
  mediaProcess: new URL('../../support/entries/mortal-media-process.ts', import.meta.url),
  trainProcess: new URL('../../support/entries/stand-in-train-process.ts', import.meta.url),
};
const host = {
  kind: 'serve' as const,
  version: '0',
  chooseFolder: async () => null,
  chooseWeights: async () => null,
  reveal: async () => undefined,
};

let root: string;
let services: Services;
const defects: unknown[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'earmark-crashes-'));
  mkdirSync(join(root, 'music'));
  defects.length = 0;
  services = createServices({ dataDirectory: join(root, 'data'), host, entries, report: (error) => defects.push(error) });
  // Files are renamed below behind the library's back.
  services.store.settings.set({ watchFolders: false });
});
afterEach(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

async function scan(names: string[]): Promise<ScanResult> {
  for (const name of names) writeFileSync(join(root, 'music', `${name}.wav`), name);
  const { settled } = await services.library.addFolder(join(root, 'music'));
  return (await settled).result as ScanResult;
}

async function index(): Promise<IndexResult> {
  const encoder = await services.encoders.createUntrained({ sampleRate: 8000, seed: 1, name: undefined });
  return (await services.encoders.index({ encoderId: encoder.id }).settled).result as IndexResult;
}

/** Titles of the tracks that have segments, each with how many. */
async function indexed(): Promise<Record<string, number>> {
  const encoderId = services.encoders.list()[0]?.id;
  if (encoderId === undefined) return {};
  const { rows } = await services.listening.segments({ encoderId, features: [], sort: [], search: '', offset: 0, limit: 1000 });
  const counts: Record<string, number> = {};
  for (const { title } of rows) counts[title] = (counts[title] ?? 0) + 1;
  return counts;
}

describe('a scan whose decoder process dies', () => {
  it('marks the file that kills it, and reads all the others', async () => {
    const result = await scan(['a', 'b', 'killer 1', 'c', 'd', 'killer 2', 'e']);
    expect(result.added).toBe(5);
    expect(result.failed.map(({ code }) => code)).toEqual(['DECODER_CRASHED', 'DECODER_CRASHED']);
    expect(result.failed.map(({ path }) => path.slice(-12)).sort()).toEqual(['killer 1.wav', 'killer 2.wav']);
    expect(result.failed[0]?.message).toMatch(/killer \d\.wav.*skipped/);
    expect(defects).toEqual([]);
  });
});

describe('an index job whose process dies', () => {
  it('marks the track that kills it, keeps what was done, and goes on', async () => {
    await scan(['a', 'b', 'c', 'd', 'e', 'f']);
    // The same files under names that kill the index process alone.
    const { tracks } = services.store;
    for (const title of ['b', 'e']) {
      const track = tracks.findByPath(join(root, 'music', `${title}.wav`));
      if (track === null) throw new Error('the scan found it');
      const path = join(root, 'music', `${title} killer.wav`);
      writeFileSync(path, title);
      tracks.move(track.id, { folderId: track.folderId, path, size: 1, mtimeMs: 1 });
    }
    const result = await index();
    expect(result).toMatchObject({ tracks: 4, segments: 8 });
    expect(result.failed.map(({ path, code }) => `${path.slice(-12)} ${code}`).sort()).toEqual([
      'b killer.wav DECODER_CRASHED',
      'e killer.wav DECODER_CRASHED',
    ]);
    expect(await indexed()).toEqual({ a: 2, c: 2, d: 2, f: 2 });
    expect(services.store.problems.list().filter((problem) => problem.during === 'index')).toHaveLength(2);
  });

  it('does not try a marked track again until a person asks', async () => {
    await scan(['a', 'b']);
    const track = services.store.tracks.findByPath(join(root, 'music', 'b.wav'));
    if (track === null) throw new Error('the scan found it');
    const killer = join(root, 'music', 'b killer.wav');
    services.store.tracks.move(track.id, { folderId: track.folderId, path: killer, size: 1, mtimeMs: 1 });
    expect((await index()).failed).toHaveLength(1);
    expect(await index()).toMatchObject({ tracks: 0, failed: [] });
    services.store.tracks.move(track.id, { folderId: track.folderId, path: join(root, 'music', 'b.wav'), size: 1, mtimeMs: 1 });
    services.library.forgetIndexFailures();
    expect(await index()).toMatchObject({ tracks: 1, failed: [] });
    expect(await indexed()).toEqual({ a: 2, b: 2 });
  });

  it('takes up tracks that are found while it goes on, so that no second job is needed', async () => {
    await scan(['a', 'b']);
    const encoder = await services.encoders.createUntrained({ sampleRate: 8000, seed: 1, name: undefined });
    const { store } = services;
    const folderId = store.folders.list()[0]?.id;
    if (folderId === undefined) throw new Error('the scan added it');
    vi.spyOn(store.peaks, 'set').mockImplementationOnce(() => {
      // The first track is done: a scan beside the job stores others.
      for (const name of ['c', 'd']) store.tracks.upsert(trackFile(store, name, { folderId }));
    });
    const { settled } = services.encoders.index({ encoderId: encoder.id });
    expect(((await settled).result as IndexResult).tracks).toBe(4);
    expect(await indexed()).toEqual({ a: 2, b: 2, c: 2, d: 2 });
    expect(services.jobs.list().filter(({ kind }) => kind === 'index')).toHaveLength(1);
  });

  it('ends with a sentence when the device is gone, and keeps what was done', async () => {
    await scan(['a', 'b', 'lost device', 'z']);
    const encoder = await services.encoders.createUntrained({ sampleRate: 8000, seed: 1, name: undefined });
    const { jobId, settled } = services.encoders.index({ encoderId: encoder.id });
    await expect(settled).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
    expect(services.jobs.list().find((job) => job.id === jobId)).toMatchObject({ state: 'failed', message: 'The device is gone.' });
    expect(await indexed()).toEqual({ a: 2, b: 2 });
  });
});

describe('a job', () => {
  it('pauses, resumes and is cancelled', async () => {
    await scan(['a']);
    for (let i = 0; i < 40; i++) writeFileSync(join(root, 'music', `${i}.wav`), `${i}`);
    const { jobId, settled } = services.library.scan(null);
    await expect.poll(() => services.jobs.list().find((job) => job.id === jobId)?.state).toBe('running');
    services.jobs.pause(jobId);
    const paused = services.jobs.list().find((job) => job.id === jobId)?.progress.done;
    await new Promise((resolve) => setTimeout(resolve, 150));
    const later = services.jobs.list().find((job) => job.id === jobId)?.progress.done;
    // What was in flight when the gate closed is still finished.
    expect((later ?? 0) - (paused ?? 0)).toBeLessThanOrEqual(4);
    services.jobs.resume(jobId);
    await services.jobs.cancel(jobId);
    await expect(settled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(services.jobs.list().find((job) => job.id === jobId)?.state).toBe('cancelled');
    expect((await services.library.scan(null).settled).result).toMatchObject({ failed: [] });
    expect(services.store.tracks.summary().tracks).toBe(41);
  });

  it('that was under way when the program closed is taken up by the next start', async () => {
    // The stand-in for the index process has rows for one encoder alone; this is about the scan.
    services.store.settings.set({ indexAfterScan: false });
    for (let i = 0; i < 30; i++) writeFileSync(join(root, 'music', `${i}.wav`), `${i}`);
    const { settled } = await services.library.addFolder(join(root, 'music'));
    settled.catch(() => undefined);
    await expect.poll(() => services.store.tracks.summary().tracks).toBeGreaterThan(0);
    await services.close();
    services = createServices({ dataDirectory: join(root, 'data'), host, entries, report: (error) => defects.push(error) });
    services.goOn();
    await expect.poll(() => services.activeJobs().length).toBe(0);
    expect(services.store.tracks.summary().tracks).toBe(30);
    expect(defects).toEqual([]);
  });
});
