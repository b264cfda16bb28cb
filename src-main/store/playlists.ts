/** @file Playlists: lists of tracks in a person's order, and smart ones, which keep what they ask instead. */
import { AppError, defined } from '../base/index.ts';
import type { Playlist, PlaylistId, SmartQuery, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { PlaylistLists } from './playlist-lists.ts';
import { change, rows, values } from './statement.ts';
import { inOneStep } from './steps.ts';
import type { Pause } from './steps.ts';

/** A playlist that is not there yet. A smart one has no tracks of its own. */
export type NewPlaylist = { name: string; trackIds: readonly TrackId[]; smart: SmartQuery | null };

type PlaylistRow = Omit<Playlist, 'smart'> & { smart: string | null; removedAt: number | null };

const columns = `p.id, p.name, p.smart, p.created_at AS createdAt, p.updated_at AS updatedAt, p.removed_at AS removedAt,
  CASE WHEN p.smart IS NULL THEN p.end_position - p.first_position END AS tracks`;

/** Reads and writes playlists. Tracks whose file is gone stay in them. */
export class Playlists {
  readonly #connection: Connection;
  readonly #lists: PlaylistLists;
  /** Lists that take several steps are written one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#lists = new PlaylistLists(connection);
  }

  /** Those that were not removed, by name as people read it. */
  list(): Playlist[] {
    const sql = `SELECT ${columns} FROM playlists p WHERE p.removed_at IS NULL AND p.is_open = 0 ORDER BY p.id`;
    const byName = new Intl.Collator('en', { numeric: true });
    return rows<[], PlaylistRow>(this.#connection, sql)
      .all()
      .map(complete)
      .sort((a, b) => byName.compare(a.name, b.name));
  }

  /** One playlist. @throws AppError `NOT_FOUND`, also for one that was removed */
  get(id: PlaylistId): Playlist {
    const row = this.#row(id);
    if (row.removedAt !== null) throw new AppError('NOT_FOUND', 'This playlist was removed. Restore it first.', { details: { id } });
    return complete(row);
  }

  /** The tracks of a list in its order, all or a page; none for a smart one. @throws AppError `NOT_FOUND` */
  trackIds(id: PlaylistId, page: { offset: number; limit: number } = { offset: 0, limit: -1 }): TrackId[] {
    this.get(id);
    return this.#lists.page(id, page);
  }

  /** @throws AppError `NOT_FOUND` when a track is not known */
  create(playlist: NewPlaylist): Playlist {
    const make = this.#connection.transaction((): PlaylistId => {
      const id = this.#insert(playlist);
      inOneStep(this.#filling(id, playlist));
      return id;
    });
    return this.get(make());
  }

  /** As {@link create}, in steps: the playlist is there as soon as it is whole. */
  createInSteps(playlist: NewPlaylist, pause: Pause): Promise<Playlist> {
    return this.#inTurn(async () => {
      const id = this.#insert(playlist);
      try {
        await this.#carryOut(this.#filling(id, playlist), pause);
      } catch (error) {
        await this.#carryOut(this.#removing(id), pause);
        throw error;
      }
      return this.get(id);
    });
  }

  /** @throws AppError `NOT_FOUND` */
  rename(id: PlaylistId, name: string): Playlist {
    this.get(id);
    change(this.#connection, 'UPDATE playlists SET name = ?, updated_at = ? WHERE id = ?').run(name, Date.now(), id);
    return this.get(id);
  }

  /** Takes a playlist out of the list; its tracks are kept. @throws AppError `NOT_FOUND` */
  remove(id: PlaylistId): void {
    this.#row(id);
    change(this.#connection, 'UPDATE playlists SET removed_at = coalesce(removed_at, ?) WHERE id = ?').run(Date.now(), id);
  }

  /** @throws AppError `NOT_FOUND` */
  restore(id: PlaylistId): void {
    this.#row(id);
    change(this.#connection, 'UPDATE playlists SET removed_at = NULL WHERE id = ?').run(id);
  }

  /** Gives a list these tracks, in this order, in place of those it had. @throws AppError `NOT_FOUND`, `BAD_INPUT` for a smart playlist */
  setTracks(id: PlaylistId, trackIds: readonly TrackId[]): Playlist {
    this.#checkPlain(id);
    this.#connection.transaction(() => inOneStep(this.#lists.replacing(id, trackIds, () => this.#touch(id))))();
    return this.get(id);
  }

  /** As {@link setTracks}, in steps: the list is the former one until the new one is whole. */
  setTracksInSteps(id: PlaylistId, trackIds: readonly TrackId[], pause: Pause): Promise<Playlist> {
    return this.#inTurn(async () => {
      this.#checkPlain(id);
      return this.#replaceInSteps(id, { trackIds, publish: () => this.#touch(id) }, pause);
    });
  }

  /** Changes what a smart playlist asks; null makes a list of the given tracks. @throws AppError `NOT_FOUND` */
  setSmart(id: PlaylistId, smart: SmartQuery | null, trackIds: readonly TrackId[]): Playlist {
    this.get(id);
    const list = smart === null ? trackIds : [];
    this.#connection.transaction(() => inOneStep(this.#lists.replacing(id, list, () => this.#ask(id, smart))))();
    return this.get(id);
  }

  /** As {@link setSmart}, in steps. */
  setSmartInSteps(id: PlaylistId, { smart, trackIds }: Pick<NewPlaylist, 'smart' | 'trackIds'>, pause: Pause): Promise<Playlist> {
    return this.#inTurn(async () => {
      this.get(id);
      return this.#replaceInSteps(id, { trackIds: smart === null ? trackIds : [], publish: () => this.#ask(id, smart) }, pause);
    });
  }

  /** Takes away what a process left that ended while it wrote a list. */
  takeBackUnfinished(): void {
    for (const id of this.#lists.unsettled()) this.#connection.transaction(() => inOneStep(this.#lists.forgetting(id)))();
    change(this.#connection, 'DELETE FROM playlists WHERE is_open = 1').run();
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    try {
      return await work();
    } finally {
      resolve();
    }
  }

  async #replaceInSteps(
    id: PlaylistId,
    { trackIds, publish }: { trackIds: readonly TrackId[]; publish: () => void },
    pause: Pause,
  ): Promise<Playlist> {
    try {
      await this.#carryOut(this.#lists.replacing(id, trackIds, publish), pause);
    } catch (error) {
      await this.#carryOut(this.#lists.forgetting(id), pause);
      throw error;
    }
    return this.get(id);
  }

  /** Carries out every step in a transaction of its own; when the store was closed meanwhile, the next start takes away what was written. */
  async #carryOut(steps: Generator<void, void>, pause: Pause): Promise<void> {
    const step = this.#connection.transaction(() => steps.next().done === true);
    while (this.#connection.open && !step()) await pause();
  }

  #insert({ name, smart }: NewPlaylist): PlaylistId {
    const sql = 'INSERT INTO playlists (name, smart, created_at, updated_at, is_open) VALUES (?, ?, ?, ?, 1) RETURNING id';
    const now = Date.now();
    return defined(
      values<(string | number | null)[], PlaylistId>(this.#connection, sql).get(name, textOf(smart), now, now),
      'the number of a new playlist',
    );
  }

  #filling(id: PlaylistId, { smart, trackIds }: NewPlaylist): Generator<void, void> {
    return this.#lists.replacing(id, smart === null ? trackIds : [], () => undefined);
  }

  /** Takes a playlist that was not finished out of the database. */
  *#removing(id: PlaylistId): Generator<void, void> {
    yield* this.#lists.forgetting(id);
    change(this.#connection, 'DELETE FROM playlists WHERE id = ?').run(id);
  }

  #checkPlain(id: PlaylistId): void {
    const { name, smart } = this.get(id);
    if (smart === null) return;
    throw new AppError('BAD_INPUT', `“${name}” is a smart playlist: it finds its tracks itself. Make it a plain list first.`);
  }

  #row(id: PlaylistId): PlaylistRow {
    const row = rows<[number], PlaylistRow>(this.#connection, `SELECT ${columns} FROM playlists p WHERE p.id = ? AND p.is_open = 0`).get(
      id,
    );
    if (row === undefined) throw new AppError('NOT_FOUND', `There is no playlist ${id}.`, { details: { id } });
    return row;
  }

  #touch(id: PlaylistId): void {
    change(this.#connection, 'UPDATE playlists SET updated_at = ? WHERE id = ?').run(Date.now(), id);
  }

  #ask(id: PlaylistId, smart: SmartQuery | null): void {
    change(this.#connection, 'UPDATE playlists SET smart = ? WHERE id = ?').run(textOf(smart), id);
    this.#touch(id);
  }
}

function textOf(smart: SmartQuery | null): string | null {
  return smart === null ? null : JSON.stringify(smart);
}

function complete({ removedAt: _, ...row }: PlaylistRow): Playlist {
  return { ...row, smart: row.smart === null ? null : (JSON.parse(row.smart) as SmartQuery) };
}
