/** @file The search for duplicates on real files, with the real process that decodes them. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fingerprintVersion } from '../../../../src-main/audio/about.ts';
import type { DuplicateGroup } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { DuplicatesResult, Services } from '../../../../src-main/service/index.ts';
import { makeAudio } from '../../../support/make-audio.ts';
import type { AudioSpec } from '../../../support/make-audio.ts';
import { cut, delayed, music } from '../../../support/make-music.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';

const host = {
  kind: 'serve' as const,
  version: '0.1.0-test',
  chooseFolder: async () => null,
  chooseWeights: async () => null,
  reveal: async () => undefined,
};

type Library = { services: Services; folder: string; path(name: string): string };

function emptyLibrary(): Library {
  const root = temporaryDirectory();
  const folder = join(root, 'music');
  mkdirSync(folder);
  const defects: unknown[] = [];
  const services = createServices({
    dataDirectory: join(root, 'data'),
    host,
    entries: sourceEntries,
    report: (error) => defects.push(error),
  });
  onTestFinished(async () => {
    await services.close();
    expect(defects).toEqual([]);
  });
  return { services, folder, path: (name) => join(folder, name) };
}

async function scanned({ services, folder }: Library): Promise<void> {
  await (
    await services.library.addFolder(folder)
  ).settled;
}

async function searched({ services }: Library): Promise<DuplicatesResult> {
  return (await services.duplicates.search().settled).result as DuplicatesResult;
}

/** Names of the files of each group. */
function names(groups: readonly DuplicateGroup[] | undefined): string[][] {
  return (groups ?? []).map(({ tracks }) => tracks.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
}

const seconds = 8;
const piece = music(1, seconds);

/** One recording four times, and another piece; made once. */
let originals = '';
beforeAll(() => {
  originals = mkdtempSync(join(tmpdir(), 'earmark-duplicates-'));
  const make = (name: string, spec: Omit<AudioSpec, 'channels'>): void => makeAudio(join(originals, name), { ...spec, channels: 1 });
  make('a.wav', { kind: 'wav', seconds, sound: piece });
  make('a.mp3', { kind: 'mp3', seconds, sound: piece, bitRate: 96_000 });
  make('a late.ogg', { kind: 'ogg', seconds: seconds + 5, sound: delayed(cut(piece, seconds), 3) });
  make('b.mp3', { kind: 'mp3', seconds, sound: music(2, seconds) });
  copyFileSync(join(originals, 'a.mp3'), join(originals, 'copy.mp3'));
});
afterAll(() => rmSync(originals, { recursive: true, force: true }));

async function libraryWithCopies(): Promise<Library> {
  const library = emptyLibrary();
  cpSync(originals, library.folder, { recursive: true });
  await scanned(library);
  return library;
}

describe('a search for duplicates', () => {
  it('finds one recording in several formats, with silence before it, and as a copy of the file', async () => {
    const library = await libraryWithCopies();
    expect(library.services.duplicates.list()).toBeNull();
    const result = await searched(library);
    expect(result).toMatchObject({ tracks: 5, groups: 1, failed: [] });
    const groups = library.services.duplicates.list()?.groups;
    expect(names(groups).map((group) => group.toSorted())).toEqual([['a late.ogg', 'a.mp3', 'a.wav', 'copy.mp3']]);
    const [group] = groups ?? [];
    expect(group).toMatchObject({ relation: 'same' });
    expect(group?.tracks[0]).toMatchObject({ format: 'WAV', offsetMs: 0, bitErrorRate: 0 });
    const late = group?.tracks.find(({ path }) => path.endsWith('late.ogg'));
    expect(Math.abs((late?.offsetMs ?? 0) - 3000)).toBeLessThan(60);
    expect(late?.bitErrorRate).toBeGreaterThan(0);
    expect(library.services.store.duplicates.groups()).toEqual([group?.tracks.map(({ trackId }) => trackId)]);
  });

  it('makes each fingerprint once, and shows no track that is gone', async () => {
    const library = await libraryWithCopies();
    await searched(library);
    expect(library.services.store.fingerprints.waiting(fingerprintVersion)).toEqual([]);
    rmSync(library.path('a.wav'));
    await scanned(library);
    expect(names(library.services.duplicates.list()?.groups).flat()).not.toContain('a.wav');
    // Nothing is decoded again: the files are not even there.
    for (const name of ['a.mp3', 'a late.ogg', 'b.mp3', 'copy.mp3']) rmSync(library.path(name));
    expect(await searched(library)).toMatchObject({ tracks: 4, groups: 1, failed: [] });
  });

  it('names files that cannot be decoded any more, and compares the others', async () => {
    const library = await libraryWithCopies();
    rmSync(library.path('b.mp3'));
    const { failed, groups } = await searched(library);
    expect(failed).toMatchObject([{ path: library.path('b.mp3'), code: 'FILE_GONE' }]);
    expect(groups).toBe(1);
  });

  it('goes on after it was cancelled, with what it had', async () => {
    const library = await libraryWithCopies();
    const { services } = library;
    const { jobId, settled } = services.duplicates.search();
    expect(services.duplicates.find()).toEqual({ jobId });
    await services.jobs.cancel(jobId);
    await expect(settled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(services.duplicates.list()).toBeNull();
    expect(await searched(library)).toMatchObject({ tracks: 5, groups: 1 });
  });

  it('remembers what a person dismissed', async () => {
    const library = await libraryWithCopies();
    await searched(library);
    const { duplicates } = library.services;
    const key = duplicates.list()?.groups[0]?.key ?? '';
    duplicates.dismiss(key, true);
    await searched(library);
    expect(duplicates.list()?.groups).toEqual([]);
    duplicates.dismiss(key, false);
    expect(duplicates.list()?.groups).toHaveLength(1);
  });

  it('finds none in silence, in short sounds, and in an empty library', async () => {
    const library = emptyLibrary();
    expect(await searched(library)).toMatchObject({ tracks: 0, groups: 0 });
    for (const kind of ['wav', 'flac'] as const) {
      makeAudio(library.path(`silence.${kind}`), { kind, seconds: 10, sound: () => 0 });
      makeAudio(library.path(`short.${kind}`), { kind, seconds: 2, sound: piece });
    }
    await scanned(library);
    expect(await searched(library)).toMatchObject({ tracks: 4, groups: 0, failed: [] });
    expect(library.services.duplicates.list()?.groups).toEqual([]);
  });
});
