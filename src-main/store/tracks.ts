/** @file Everything about tracks in one place: the table, the search, the changes that a scan makes. */
import type { EncoderId, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import type { TrackFile } from './track-file.ts';
import { TagTracks } from './tag-tracks.ts';
import { TrackColumnReader } from './track-columns.ts';
import type { TrackColumns } from './track-columns.ts';
import { TrackOrders } from './track-order.ts';
import type { OrderedTracks, TrackSort } from './track-order.ts';
import { TrackReads } from './track-reads.ts';
import { TrackSearch } from './track-search.ts';
import { TrackWrites } from './track-writes.ts';
import type { MovedFile } from './track-writes.ts';

/** Reads (see {@link TrackReads}) and changes (see {@link TrackWrites}) of tracks. */
export class Tracks extends TrackReads {
  readonly #writes: TrackWrites;
  readonly #orders: TrackOrders;
  readonly #columns: TrackColumnReader;

  constructor(connection: Connection, revisions: Revisions) {
    const orders = new TrackOrders(connection, revisions);
    super(connection, { orders, search: new TrackSearch(connection, revisions), tagged: new TagTracks(connection, revisions) });
    this.#orders = orders;
    this.#columns = new TrackColumnReader(connection, revisions);
    this.#writes = new TrackWrites(connection, revisions);
  }

  /** All tracks in the library's own order: artist, album, disc, track number, path. */
  inLibraryOrder(): OrderedTracks {
    return this.#orders.get([], null);
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
