/** @file Writing tags to files: a plan that lists every change, the batches there were, and the way back from each. */
import type { Api } from '../client/index.ts';
import type { FileChange, JobId, Writing, WritingId, WritingWish } from '../../src-main/contract/index.ts';
import { WindowCache } from '../lib/window-cache.ts';

/** What is used of the core. */
type WritingsApi = { writing: Api['writing'] };

/** All batches, and the files of the one that is looked at. */
export class WritingsState {
  readonly #api: WritingsApi;
  readonly #files: WindowCache<FileChange>;
  #list = $state.raw<readonly Writing[] | null>(null);
  #shownId = $state<WritingId | null>(null);
  #isPlanning = $state(false);
  #version = $state(0);
  #error = $state.raw<unknown>(null);

  constructor(api: WritingsApi) {
    this.#api = api;
    this.#files = new WindowCache<FileChange>({
      keyOf: ({ path }) => path,
      pageRows: 100,
      keptPages: 40,
      fetch: async (offset, limit, signal) => {
        const writingId = this.#shownId;
        return writingId === null ? { total: 0, rows: [] } : api.writing.files({ writingId, offset, limit }, { signal });
      },
      changed: () => {
        this.#error = null;
        this.#version++;
      },
      failed: (error) => (this.#error = error),
    });
  }

  /** Newest first; null until they are loaded. */
  get list(): readonly Writing[] | null {
    return this.#list;
  }

  /** The batch whose files are looked at. */
  readonly shown: Writing | null = $derived.by(() => this.#list?.find(({ id }) => id === this.#shownId) ?? null);

  /** True while files are being read for a plan. */
  get isPlanning(): boolean {
    return this.#isPlanning;
  }

  /** Why files could not be fetched; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  /** Files of the batch that is looked at; null until the first answer. */
  get total(): number | null {
    return this.#version >= 0 ? this.#files.total : null;
  }

  /** A file of it, if it is held. */
  file(index: number): FileChange | undefined {
    return this.#version >= 0 ? this.#files.row(index) : undefined;
  }

  want(first: number, last: number): void {
    this.#files.want(first, last);
  }

  async load(): Promise<void> {
    this.#list = (await this.#api.writing.list()).toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id);
    if (this.#shownId !== null) this.#files.refresh();
  }

  /** Looks at a batch's files; null at none. */
  show(writingId: WritingId | null): void {
    if (writingId === this.#shownId) return;
    this.#shownId = writingId;
    this.#files.reset();
    this.#files.want(0, 60);
  }

  /** Reads the files and shows what would change. A plan that was shown before and never carried out is forgotten. */
  async plan(wish: WritingWish): Promise<Writing> {
    this.#isPlanning = true;
    try {
      await this.discard();
      const writing = await this.#api.writing.plan(wish);
      await this.load();
      this.show(writing.id);
      return writing;
    } finally {
      this.#isPlanning = false;
    }
  }

  /** Writes what was planned. */
  async start(writingId: WritingId): Promise<JobId> {
    const { jobId } = await this.#api.writing.start({ writingId });
    await this.load();
    return jobId;
  }

  /** Puts the old values back, in every file that was written. */
  async putBack(writingId: WritingId): Promise<JobId> {
    const { jobId } = await this.#api.writing.undo({ writingId });
    await this.load();
    return jobId;
  }

  /** Forgets the plan that is shown. */
  async discard(): Promise<void> {
    const { shown } = this;
    if (shown?.state !== 'planned') return;
    this.show(null);
    await this.#api.writing.discard({ writingId: shown.id });
    await this.load();
  }
}

/** Whether a batch has files that its old values can be put back in. */
export function isPutBackable({ state, written }: Writing): boolean {
  return (state === 'done' || state === 'partial') && written > 0;
}
