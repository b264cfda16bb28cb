/**
 * @file The real core on a seeded library of its own, in a folder that is gone afterwards. Index and training processes are stand-ins whose pace a
 * test sets; media, heads and scans run as they are. Procedures can be told to fail.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError } from '../../../src-main/base/index.ts';
import type { Handlers, Track } from '../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../src-main/host/core.ts';
import type { Core } from '../../../src-main/host/core.ts';
import { createRouter } from '../../../src-main/rpc/index.ts';
import { createServices } from '../../../src-main/service/index.ts';
import type { ProcessEntries, Services } from '../../../src-main/service/index.ts';
import { seedLibrary } from './library.ts';
import type { SeedOptions } from './library.ts';
import { PaceMaker } from './pace.ts';

/** What a core begins with. */
export type SeededOptions = SeedOptions & {
  /** Procedures that fail, by `subject.verb`. A test may change it as it goes. */
  failing?: Record<string, AppError>;
  /** Milliseconds that every answer takes longer. */
  delayMs?: number;
  /** Dialogs of the system, as in Electron: each answers with the folder of the music. */
  nativeDialogs?: boolean;
};

/** A core and what a test steers it by. */
export type SeededCore = Pick<Core, 'router' | 'media'> & {
  services: Services;
  /** Handlers as they are behind the contract, failures and delays among them. */
  handlers: Handlers;
  pace: PaceMaker;
  /** The library's tracks in its own order. */
  tracks(): Track[];
  /** Where its music and data lie. */
  root: string;
  close(): Promise<void>;
};

const entry = (name: string): URL => new URL(`../entries/${name}.ts`, import.meta.url);

/** Entries with stand-ins for what takes long. */
export const standInEntries: ProcessEntries = {
  ...sourceEntries,
  indexProcess: entry('paced-index-process'),
  trainProcess: entry('paced-train-process'),
};

/** Makes a library and starts a core on it. */
export async function openSeededCore(options: SeededOptions = {}): Promise<SeededCore> {
  const root = mkdtempSync(join(tmpdir(), 'earmark-seeded-'));
  const music = join(root, 'Music');
  mkdirSync(music);
  const pace = new PaceMaker();
  const report = (error: unknown): void => console.error(error);
  const host = {
    kind: options.nativeDialogs === true ? ('electron' as const) : ('serve' as const),
    version: '0.1.0-seeded',
    chooseFolder: async () => (options.nativeDialogs === true ? music : null),
    chooseWeights: async () => (options.nativeDialogs === true ? join(root, 'clmr_checkpoint_10000.safetensors') : null),
    reveal: async () => undefined,
  };
  const services = createServices({ dataDirectory: join(root, 'data'), host, entries: standInEntries, report });
  await seedLibrary(services, root, options);
  services.goOn();
  const handlers = steered(services.handlers, options);
  return {
    ...{ services, handlers, pace, root, media: services.media, router: createRouter(handlers, report) },
    tracks: () =>
      services.store.tracks.query({ search: '', sort: [], offset: 0, limit: 500 }, services.store.settings.get().encoderId).rows,
    close: async () => {
      await services.close();
      pace.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

type AnyHandler = (input: unknown, signal: AbortSignal) => unknown;

/** The handlers with failures and delays in front of them. */
function steered(handlers: Handlers, { failing = {}, delayMs = 0 }: SeededOptions): Handlers {
  const groups = Object.entries(handlers).map(([subject, procedures]) => {
    const own = Object.entries(procedures as Record<string, AnyHandler>).map(([verb, run]) => {
      const steer: AnyHandler = async (input, signal) => {
        if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
        const failure = failing[`${subject}.${verb}`];
        if (failure !== undefined) throw failure;
        return run(input, signal);
      };
      return [verb, steer] as const;
    });
    return [subject, Object.fromEntries(own)] as const;
  });
  return Object.fromEntries(groups) as Handlers;
}
