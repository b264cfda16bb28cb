/** @file A core whose training process is a stand-in, with a library of tracks that are rows alone, for tests of runs. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sourceEntries } from '../../src-main/host/core.ts';
import { pretraining } from '../../src-main/contract/index.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import { temporaryDirectory, trackFile } from './store-data.ts';

const entry = (name: string): URL => new URL(`./entries/${name}.ts`, import.meta.url);
const entries = {
  ...sourceEntries,
  indexProcess: entry('mortal-index-process'),
  mediaProcess: entry('mortal-media-process'),
  trainProcess: entry('stand-in-train-process'),
};
const host = {
  kind: 'serve' as const,
  version: '0.1.0-test',
  chooseFolder: async () => null,
  chooseWeights: async () => null,
  reveal: async () => undefined,
};

/** A core, where it keeps its data, and what it reported. */
export type StandInCore = { services: Services; directory: string; defects: unknown[] };

/** A core on a directory; who opens it closes it. */
export function openStandInCore(directory: string): StandInCore {
  const defects: unknown[] = [];
  return {
    services: createServices({ dataDirectory: directory, host, entries, report: (error) => defects.push(error) }),
    directory,
    defects,
  };
}

/** A core on a directory of its own, or on a given one; closed after the test. */
export function standInCore(directory = join(temporaryDirectory(), 'data')): StandInCore {
  const core = openStandInCore(directory);
  onTestFinished(() => core.services.close());
  return core;
}

/** Adds tracks by their names; a name tells the stand-in how to behave. */
export function addTracks({ store }: Services, ...names: string[]): void {
  for (const name of names) store.tracks.upsert(trackFile(store, name));
}

/** A short run with a small batch. */
export function shortSettings(changes: Partial<pretraining.PretrainSettings> = {}): pretraining.PretrainSettings {
  const { clmr } = pretraining.recipeDefaults;
  return {
    ...{ ...clmr, encoder: pretraining.withRate(clmr.encoder, 8000), batch: 2, length: { unit: 'steps', amount: 25 } },
    ...changes,
  };
}
