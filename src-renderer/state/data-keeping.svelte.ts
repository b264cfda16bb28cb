/** @file The library as a whole: whether its database can be trusted, its backups, and what goes out and comes in as one file. */
import type { Api } from '../client/index.ts';
import type { Backup, DataState, LibraryReport } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type DataApi = Pick<Api, 'data'>;

/** How the database stands, as last heard of. */
export class DataKeepingState {
  readonly #api: DataApi;
  #state = $state.raw<DataState | null>(null);
  #isKnown = $state(false);

  constructor(api: DataApi) {
    this.#api = api;
  }

  /** Null until it is loaded. */
  get state(): DataState | null {
    return this.#state;
  }

  /** Whether the first answer is there, or will not come. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Nothing can be asked but what mends the database. */
  get isDamaged(): boolean {
    return this.#state?.state === 'damaged';
  }

  /** The backup to offer first: the newest that is not itself what a restored one replaced. */
  get newest(): Backup | null {
    return this.#state?.backups.find(({ kind }) => kind !== 'replaced') ?? null;
  }

  async load(): Promise<void> {
    try {
      this.#state = await this.#api.data.state();
    } finally {
      this.#isKnown = true;
    }
  }

  async backUp(): Promise<void> {
    await this.#api.data.backUp();
    await this.load();
  }

  /** Puts a backup in the database's place; the page is loaded anew then. */
  async restore(file: string): Promise<void> {
    await this.#api.data.restore({ file });
  }

  /** Saves what can be read; the page is loaded anew then. */
  async salvage(): Promise<void> {
    await this.#api.data.salvage();
  }

  async dismissNotice(): Promise<void> {
    await this.#api.data.dismissNotice();
    await this.load();
  }

  /** All that was made, as a text with a name for its file. */
  async exportLibrary(): Promise<{ fileName: string; text: string }> {
    return this.#api.data.exportLibrary({});
  }

  async importLibrary(path: string): Promise<LibraryReport> {
    return this.#api.data.importLibrary({ path });
  }
}
