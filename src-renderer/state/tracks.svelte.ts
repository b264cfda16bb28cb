/** @file The table of tracks: a window on the core's list, with its search and its order. */
import type { Api } from '../client/index.ts';
import type { FolderId, TagId, Track, TrackId, TrackSortKey } from '../../src-main/contract/index.ts';
import { debounce } from '../lib/debounce.ts';
import { WindowCache } from '../lib/window-cache.ts';
import { Filling } from './filling.ts';
import { keptText } from './session.ts';
import type { Kept } from './session.ts';

/** What is used of the core. */
type TracksApi = { library: Pick<Api['library'], 'tracks'> };

/** A sort key with its direction. */
export type TrackSort = { key: TrackSortKey; descending: boolean };

const typingPauseMs = 120;
/** Most rows that the core gives at once. */
const mostRows = 1000;

/** Tracks as the table shows them. */
export class TracksState {
  readonly #api: TracksApi;
  readonly #cache: WindowCache<Track>;
  readonly #searchLater = debounce(() => this.#reset(), typingPauseMs);
  #search = $state('');
  #sort = $state.raw<readonly TrackSort[]>([]);
  #folderId = $state<FolderId | null>(null);
  #tagId = $state<TagId | null>(null);
  #includeMissing = $state(true);
  /** Counts what the cache holds anew, so that readers of its rows follow. */
  #version = $state(0);
  #error = $state.raw<unknown>(null);
  readonly #begun = Promise.withResolvers<void>();
  readonly #kept: Kept | null;
  #fresh = $state<number | null>(null);
  /** Whether rows in sight stay where they are: a job brings others. */
  #isHeldStill = false;
  readonly #filling = new Filling();

  /**
   * @param isHeld fetches nothing before `begin` has given the order, so that no row is seen in another one
   * @param kept where the search survives a reload
   */
  constructor(api: TracksApi, { isHeld = false, kept = null }: { isHeld?: boolean; kept?: Kept | null } = {}) {
    this.#api = api;
    this.#kept = kept;
    this.#search = keptText(kept);
    if (!isHeld) this.#begun.resolve();
    this.#cache = new WindowCache<Track>({
      pageRows: 100,
      keptPages: 40,
      fetch: async (offset, limit, signal) => {
        await this.#begun.promise;
        return api.library.tracks({ ...this.#query(), offset, limit }, { signal });
      },
      changed: () => {
        this.#error = null;
        this.#version++;
      },
      keyOf: (track) => track.id,
      failed: (error) => (this.#error = error),
    });
  }

  /** How many tracks match; null until the first answer. */
  get total(): number | null {
    return this.#version >= 0 ? this.#cache.total : null;
  }

  /** Changes whenever rows come or go. */
  get version(): number {
    return this.#version;
  }

  get search(): string {
    return this.#search;
  }

  get sort(): readonly TrackSort[] {
    return this.#sort;
  }

  get folderId(): FolderId | null {
    return this.#folderId;
  }

  /** Only tracks that carry this tag are shown; null for all. */
  get tagId(): TagId | null {
    return this.#tagId;
  }

  /** Why rows could not be fetched; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  /** How many rows came while those in sight stayed where they are, 0 when others changed; null while what is shown is up to date. */
  get fresh(): number | null {
    return this.#fresh;
  }

  /** A row of the table, if it is held. */
  row(index: number): Track | undefined {
    return this.#version >= 0 ? this.#cache.row(index) : undefined;
  }

  /**
   * The track before or after another in the table's order; null at the ends, and when the other is not among the rows at hand.
   * @param step 1 forward, −1 back
   */
  async neighbour(trackId: number, step: 1 | -1): Promise<Track | null> {
    const at = this.#cache.indexOf((track) => track.id === trackId);
    if (at === null || at + step < 0) return null;
    const held = this.#cache.row(at + step);
    if (held !== undefined) return held;
    const { rows } = await this.#api.library.tracks({ ...this.#query(), offset: at + step, limit: 1 });
    return rows[0] ?? null;
  }

  /** The ids of rows of the table, also of those that are not held; ends included. */
  async idsOf(ranges: readonly { first: number; last: number }[]): Promise<TrackId[]> {
    const ids: TrackId[] = [];
    for (const { first, last } of ranges)
      for (let offset = first; offset <= last; offset += mostRows) {
        const limit = Math.min(mostRows, last + 1 - offset);
        ids.push(...(await this.#api.library.tracks({ ...this.#query(), offset, limit })).rows.map((track) => track.id));
      }
    return ids;
  }

  /** Begins to fetch rows, in the order in which the table was left. */
  begin(sort: readonly TrackSort[]): void {
    this.#sort = sort.slice(0, 2);
    this.#begun.resolve();
  }

  /** Tells which rows are looked at. */
  want(first: number, last: number): void {
    this.#cache.want(first, last);
  }

  /** Searches as it is typed; the core is asked when the typing pauses. */
  setSearch(search: string): void {
    if (search === this.#search) return;
    this.#search = search;
    this.#kept?.write(search);
    this.#searchLater();
  }

  setSort(sort: readonly TrackSort[]): void {
    this.#sort = sort.slice(0, 2);
    this.#reset();
  }

  /** Shows only one folder's tracks; null shows all. */
  setFolder(folderId: FolderId | null): void {
    this.#folderId = folderId;
    this.#reset();
  }

  /** Shows only tracks that carry a tag, and of those none that is missing; null shows all. */
  setTag(tagId: TagId | null): void {
    if (tagId === this.#tagId) return;
    this.#tagId = tagId;
    this.#includeMissing = tagId === null;
    this.#reset();
  }

  /** A person took hold of the table: from now on a job that fills it leaves rows in sight where they are. */
  touch(): void {
    this.#filling.touch();
  }

  /** What is shown is fetched again, and shown as it is now. */
  refresh(): void {
    this.#fresh = null;
    this.#cache.refresh();
  }

  /** A job is at work on the library: until it is done, rows in sight keep their places. */
  keep(): void {
    this.#isHeldStill = true;
  }

  /**
   * The library changed. What a person did is shown at once; what a job brings does not move the rows that are looked at.
   * @param isAtWork whether such a job goes on
   * @param isNew whether the library was empty when it began: what comes is shown at once, as long as nobody has taken hold of the table
   */
  async follow(isAtWork: boolean, isNew = false): Promise<void> {
    this.#isHeldStill ||= isAtWork;
    const isFilling = this.#filling.follow(isAtWork, isNew);
    if (isFilling && !isAtWork) this.#isHeldStill = false;
    if (isFilling || !this.#isHeldStill) return this.refresh();
    const more = await this.#cache.renewInPlace();
    this.#fresh = more === null ? null : Math.max(0, more);
    if (more === null && !isAtWork) this.#isHeldStill = false;
  }

  /** Who asks for another order or other rows has taken hold of the table. */
  #reset(): void {
    this.touch();
    this.#fresh = null;
    this.#cache.reset();
  }

  #query(): { search: string; sort: TrackSort[]; includeMissing: boolean; folderId?: FolderId; tagId?: TagId } {
    return {
      search: this.#search,
      sort: [...this.#sort],
      includeMissing: this.#includeMissing,
      ...(this.#folderId === null ? {} : { folderId: this.#folderId }),
      ...(this.#tagId === null ? {} : { tagId: this.#tagId }),
    };
  }
}
