/**
 * @file The library of a core, open or waiting to be mended. While its database is damaged, only what mends it can be asked; a restored or salvaged database
 * is opened at once, behind the same router, and every window loads anew.
 */
import { AppError, isCancelled, openRegularFile, toAppError } from '../base/index.ts';
import { contract } from '../contract/index.ts';
import type { DataState, Handlers } from '../contract/index.ts';
import { browse, createServices, damagedState, EventHub, restoreLibrary, salvageLibrary, WorkMeter } from '../service/index.ts';
import type { ServiceOptions, Services } from '../service/index.ts';

/** What a core is started with. `report` hears of defects. */
export type CoreOptions = Pick<
  ServiceOptions,
  'dataDirectory' | 'host' | 'entries' | 'report' | 'publishedFrom' | 'demoDirectory' | 'experimentsDirectory'
>;

type AnyHandler = (input: unknown, signal: AbortSignal) => unknown;

/** See the file's header. */
export class CoreLife {
  /** Every procedure, carried out by whatever is there at the moment. */
  readonly handlers: Handlers;
  readonly #options: CoreOptions;
  readonly #events = new EventHub();
  readonly #work = new WorkMeter(() => this.#events.emit({ type: 'data.changed' }));
  readonly #closing = new AbortController();
  #services: Services | null = null;
  #damage: AppError | null = null;
  #mending: Promise<unknown> | null = null;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.handlers = this.#makeHandlers();
  }

  /** The services. @throws AppError DATABASE_DAMAGED while they cannot be opened, ALREADY_RUNNING while another database is put in place */
  get services(): Services {
    if (this.#services !== null) return this.#services;
    throw this.#damage ?? new AppError('ALREADY_RUNNING', 'Another database is being put in place. Try again in a moment.');
  }

  /** Whether the library is open. */
  get isOpen(): boolean {
    return this.#services !== null;
  }

  /** Opens the library, or keeps why it cannot be opened. @throws AppError DATA_DIRECTORY_IN_USE, NEWER_DATABASE, DISK_FULL, NOT_ALLOWED */
  open(): void {
    const { dataDirectory, host, entries, report, publishedFrom, demoDirectory, experimentsDirectory } = this.#options;
    try {
      const mend = { restore: (file: string) => this.#restore(file), salvage: () => this.#salvage() };
      const places = { publishedFrom, demoDirectory, experimentsDirectory };
      this.#services = createServices({ dataDirectory, host, entries, report, ...places, events: this.#events, mend });
      this.#damage = null;
      this.#services.goOn();
    } catch (error) {
      const known = toAppError(error, 'open the library');
      if (known.code !== 'DATABASE_DAMAGED' || this.#services !== null) throw known;
      this.#damage = known;
    }
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#mending?.catch(() => undefined);
    await this.#services?.close();
    this.#services = null;
  }

  /** A file that is no database is refused before anything is closed for it. */
  async #restore(file: string): ReturnType<typeof restoreLibrary> {
    await checkDatabaseFile(file);
    return this.#mend('restore', (options) => restoreLibrary(file, options));
  }

  #salvage(): ReturnType<typeof salvageLibrary> {
    return this.#mend('salvage', (options) => salvageLibrary(options));
  }

  /** Closes the library, lets a process work on its database, and opens it again, whatever came of it. */
  async #mend<Report>(
    kind: 'restore' | 'salvage',
    work: (options: Parameters<typeof salvageLibrary>[0]) => Promise<Report>,
  ): Promise<Report> {
    if (this.#mending !== null) throw new AppError('ALREADY_RUNNING', 'The database is being worked on already. Wait for that to end.');
    const { dataDirectory, entries } = this.#options;
    const { signal } = this.#closing;
    const mending = this.#work.run(kind, async (onShare) => {
      const before = this.#services;
      this.#services = null;
      await before?.close();
      try {
        return await work({ dataDirectory, entry: entries.databaseProcess, signal, onShare });
      } finally {
        if (!signal.aborted) this.open();
      }
    });
    this.#mending = mending;
    try {
      return await mending;
    } catch (error) {
      if (!isCancelled(error)) this.#options.report(error);
      throw error;
    } finally {
      this.#mending = null;
      if (this.isOpen) this.#events.emit({ type: 'data.reopened' });
    }
  }

  #makeHandlers(): Handlers {
    const handlers: Record<string, Record<string, AnyHandler>> = {};
    for (const [subject, procedures] of Object.entries(contract)) {
      const group: Record<string, AnyHandler> = {};
      for (const verb of Object.keys(procedures)) group[verb] = (input, signal) => this.#handler(subject, verb)(input, signal);
      handlers[subject] = group;
    }
    return handlers as unknown as Handlers;
  }

  #handler(subject: string, verb: string): AnyHandler {
    const from = (this.#services?.handlers ?? this.#mendHandlers()) as unknown as Record<string, Record<string, AnyHandler>>;
    const handler = from[subject]?.[verb];
    if (handler !== undefined) return handler;
    return () => {
      throw this.#damage ?? new AppError('ALREADY_RUNNING', 'Another database is being put in place. Try again in a moment.');
    };
  }

  /** What can be asked while there is no library. */
  #mendHandlers(): { [Subject in keyof Handlers]?: Partial<Handlers[Subject]> } {
    const { dataDirectory, host } = this.#options;
    const state = (): DataState => damagedState(dataDirectory, this.#work.state);
    return {
      host: {
        capabilities: () => ({
          ...{ host: host.kind, nativeDialogs: host.kind === 'electron', revealsFiles: host.kind === 'electron', version: host.version },
          ...{ platform: process.platform, dataDirectory },
        }),
        browse: ({ path, files }) => browse(path, files),
      },
      data: { state, restore: ({ file }) => this.#restore(file), salvage: () => this.#salvage() },
      events: { subscribe: (_, signal) => this.#events.subscribe(signal) },
    };
  }
}

/** Whether a file begins as SQLite's do. @throws AppError DATABASE_DAMAGED for any other; BAD_INPUT for what is no file; FILE_GONE, NOT_ALLOWED */
async function checkDatabaseFile(path: string): Promise<void> {
  const { file } = await openRegularFile(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    if (bytesRead < 16 || buffer.toString('latin1') !== 'SQLite format 3\0')
      throw new AppError(
        'DATABASE_DAMAGED',
        `The backup ${path} is damaged, or is none. Choose another; the database is the one that was.`,
        {
          details: { path },
        },
      );
  } finally {
    await file.close();
  }
}
