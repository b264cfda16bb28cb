/** @file Small libraries for tests of the store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AppError } from '../../src-main/base/index.ts';
import { pretraining } from '../../src-main/contract/index.ts';
import type { NewEncoder, NewRun, Store, StoreOptions, TrackFile } from '../../src-main/store/index.ts';
import { openStore } from '../../src-main/store/index.ts';

/** An empty folder that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'earmark-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A store in a new or given directory that is closed after the test. */
export function temporaryStore(directory = temporaryDirectory(), options: StoreOptions = {}): Store {
  const store = openStore(directory, options);
  onTestFinished(() => store.close());
  return store;
}

/** The error that opening a directory gives. */
export function openingError(directory: string): AppError {
  try {
    openStore(directory).close();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('the directory could be opened');
}

/** A file with plausible contents. */
export function trackFile(store: Store, name: string, changes: Partial<TrackFile> = {}): TrackFile {
  const folderId = changes.folderId ?? store.folders.add('/music').id;
  return {
    ...{ folderId, path: `/music/${name}.mp3`, size: 1000, mtimeMs: 1_700_000_000_000.5, audioHash: `hash of ${name}` },
    ...{ container: 'mp3', codec: 'mp3', format: 'MP3', sampleRate: 44_100, channels: 2, bitRate: 192_000, durationMs: 60_000 },
    ...{ title: name, artist: 'Artist', album: 'Album', albumArtist: '', year: 2001, genre: 'Rock', discNumber: null, trackNumber: null },
    ...{ labels: ['Rock'], tags: {} },
    ...changes,
  };
}

/** An encoder with few features. */
export function smallEncoder(dimensions: number): NewEncoder {
  return {
    ...{ name: 'Small', architecture: 'sample-cnn', settings: { channels: 4 }, sampleRate: 22_050, cropSamples: 59_049, dimensions },
    ...{ source: 'untrained', origin: 'seed 1', weightsSha256: 'ab' },
  };
}

/** A run of CLMR on a whole library that has not begun. */
export const newRun: NewRun = {
  ...{ name: 'First', settings: pretraining.recipeDefaults.clmr, selection: { kind: 'library' }, deviceWanted: 'auto', tracks: 71 },
  ...{ codeVersion: '0.1.0', continuesRunId: null, continuesStep: null },
};
