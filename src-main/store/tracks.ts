/** @file Everything about tracks in one place: the table, the search, the changes that a scan makes. */
import { trackSortKeys } from '../contract/index.ts';
import type { EncoderId, TrackId, TrackSortKey } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { inSteps } from './steps.ts';
import type { Pause } from './steps.ts';
import type { TrackFile } from './track-file.ts';
import { TagTracks } from './tag-tracks.ts';
import { TrackColumnReader } from './track-columns.ts';
import type { TrackColumns } from './track-columns.ts';
import { TrackOrders } from './track-order.ts';
import type { OrderedTracks, TrackSort } from './track-order.ts';
import type { Ranks } from './track-ranks.ts';
import { TrackReads } from './track-reads.ts';
import { TrackSearch } from './track-search.ts';
import { TrackWrites } from './track-writes.ts';
import type { MovedFile } from './track-writes.ts';

/** Reads (see {@link TrackReads}) and changes (see {@link TrackWrites}) of tracks. */
export class Tracks extends TrackReads {
  readonly #writes: TrackWrites;
  readonly #orders: TrackOrders;
  readonly #search: TrackSearch;
  readonly #columns: TrackColumnReader;

  constructor(connection: Connection, revisions: Revisions) {
    const [orders, search] = [new TrackOrders(connection, revisions), new TrackSearch(connection, revisions)];
    super(connection, { orders, search, tagged: new TagTracks(connection, revisions) });
    this.#orders = orders;
    this.#search = search;
    this.#columns = new TrackColumnReader(connection, revisions);
    this.#writes = new TrackWrites(connection, revisions);
  }

  /** All tracks in the library's own order: artist, album, disc, track number, path. */
  inLibraryOrder(): OrderedTracks {
    return this.#orders.get([], null);
  }

  /** As {@link inLibraryOrder}, in steps. */
  libraryOrdering(): Generator<void, OrderedTracks> {
    return this.#orders.making([], null);
  }

  /** Where tracks stand by a column, in steps. */
  ranking(key: Exclude<TrackSortKey, 'state'>): Generator<void, Ranks> {
    return this.#orders.ranking(key, null);
  }

  /** Makes what sorting and searching read, so that the first time is as quick as the second; `pause` is waited for between two steps. */
  async warmUp(pause: Pause): Promise<void> {
    await inSteps(this.#orders.making([], null), pause);
    for (const key of trackSortKeys) if (key !== 'state') await inSteps(this.#orders.ranking(key, null), pause);
    await inSteps(this.#search.reading(), pause);
  }

  /** All tracks by one or two columns, then in the library's own order; by state as it is with the given encoder. */
  inOrder(sort: readonly TrackSort[], encoderId: EncoderId | null): OrderedTracks {
    return this.#orders.get(sort, encoderId);
  }

  /** What tracks are filtered and grouped by; the same object until the library changes. */
  columns(): TrackColumns {
    return this.#columns.get();
  }

  /** See {@link TrackWrites.correctLength}. */
  correctLength(trackId: TrackId, durationMs: number): void {
    this.#writes.correctLength(trackId, durationMs);
  }

  /** See {@link TrackWrites.upsert}. */
  upsert(file: TrackFile): { id: TrackId; isNew: boolean } {
    return this.#writes.upsert(file);
  }

  /** See {@link TrackWrites.move}. */
  move(trackId: TrackId, file: MovedFile): void {
    this.#writes.move(trackId, file);
  }

  /** See {@link TrackWrites.relocate}. */
  relocate(trackId: TrackId, place: Pick<MovedFile, 'folderId' | 'path'>): void {
    this.#writes.relocate(trackId, place);
  }

  /** See {@link TrackWrites.giveAttached}. */
  giveAttached(from: TrackId, to: TrackId): void {
    this.#writes.giveAttached(from, to);
  }

  /** See {@link TrackWrites.setInodes}. */
  setInodes(files: readonly { id: TrackId; inode: string }[]): void {
    this.#writes.setInodes(files);
  }

  /** See {@link TrackWrites.markMissing}. */
  markMissing(trackIds: readonly TrackId[], at?: number): void {
    this.#writes.markMissing(trackIds, at);
  }

  /** See {@link TrackWrites.markPresent}. */
  markPresent(trackIds: readonly TrackId[]): void {
    this.#writes.markPresent(trackIds);
  }
}
