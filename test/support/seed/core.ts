/**
 * @file The real core on a seeded library of its own, in a folder that is gone afterwards. Index and training processes are stand-ins whose pace a
 * test sets; media, heads and scans run as they are. Procedures can be told to fail.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AppError } from '../../../src-main/base/index.ts';
import type { Handlers, Track } from '../../../src-main/contract/index.ts';
import { sourceEntries, startCore } from '../../../src-main/host/core.ts';
import type { Core, CoreOptions } from '../../../src-main/host/core.ts';
import { experimentsDirectory } from '../../../src-main/host/experiments-directory.ts';
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
  /** What else is in the library: carried out by the services that seeded it. */
  prepare?: (services: Services, root: string) => unknown;
  /** What happens to the data directory between that and the start. */
  spoil?: (dataDirectory: string) => void;
};

/** A core and what a test steers it by. */
export type SeededCore = Pick<Core, 'router' | 'media'> & {
  /** @throws AppError DATABASE_DAMAGED while the library cannot be opened */
  readonly services: Services;
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

const report = (error: unknown): void => console.error(error);

/** Makes a library and starts a core on it, as hosts do. */
export async function openSeededCore(options: SeededOptions = {}): Promise<SeededCore> {
  const root = await makeLibrary(options);
  return steer(await startCore(coreOptions(join(root, 'data'), root, options)), root, options);
}

/** A library that is made once, for a file of tests that each begin with a copy of it. The music is shared by the copies. */
export class SeededTemplate {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** Makes the library. */
  static async make(options: SeededOptions = {}): Promise<SeededTemplate> {
    return new SeededTemplate(await makeLibrary(options));
  }

  /** Starts services on a copy. They do what they are asked and nothing by themselves: no folder is watched and no backup made. */
  open(options: Pick<SeededOptions, 'failing' | 'delayMs'> = {}): SeededCore {
    const root = mkdtempSync(join(tmpdir(), 'earmark-copied-'));
    cpSync(join(this.#root, 'data'), join(root, 'data'), { recursive: true });
    const services = createServices(coreOptions(join(root, 'data'), this.#root, options));
    const { handlers, media } = services;
    return steer({ services, handlers, media, close: () => services.close() }, root, options);
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

/** @returns the folder that holds it */
async function makeLibrary(options: SeededOptions): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'earmark-seeded-'));
  const services = createServices(coreOptions(join(root, 'data'), root, options));
  await seedLibrary(services, root, options);
  await options.prepare?.(services, root);
  await services.close();
  options.spoil?.(join(root, 'data'));
  return root;
}

function coreOptions(dataDirectory: string, root: string, { nativeDialogs = false }: SeededOptions): CoreOptions {
  const music = join(root, 'Music');
  mkdirSync(music, { recursive: true });
  const host = {
    kind: nativeDialogs ? ('electron' as const) : ('serve' as const),
    version: '0.1.0-seeded',
    chooseFolder: async () => (nativeDialogs ? music : null),
    chooseWeights: async () => (nativeDialogs ? join(root, 'clmr_checkpoint_10000.safetensors') : null),
    reveal: async () => undefined,
  };
  // No test reaches beyond this machine: nobody listens there.
  // No demo library, unless a test makes one there.
  const demoDirectory = join(dirname(dataDirectory), 'demo');
  return {
    dataDirectory,
    host,
    entries: standInEntries,
    report,
    publishedFrom: 'http://127.0.0.1:9',
    demoDirectory,
    experimentsDirectory: experimentsDirectory(),
  };
}

function steer(core: Pick<Core, 'services' | 'handlers' | 'media' | 'close'>, root: string, options: SeededOptions): SeededCore {
  const pace = new PaceMaker();
  const handlers = steered(core.handlers, options);
  return {
    ...{ handlers, pace, root, media: core.media, router: createRouter(handlers, report) },
    get services() {
      return core.services;
    },
    tracks: () => {
      const { tracks, settings } = core.services.store;
      return tracks.query({ search: '', sort: [], offset: 0, limit: 500 }, settings.get().encoderId).rows;
    },
    close: async () => {
      await core.close();
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
