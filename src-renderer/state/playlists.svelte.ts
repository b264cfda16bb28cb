/** @file Playlists: a person's own lists and smart ones, and the one that is open; every change can be taken back. */
import type { Api } from '../client/index.ts';
import type { Playlist, PlaylistFormat, PlaylistId, SmartQuery, Track, TrackId } from '../../src-main/contract/index.ts';
import { countOf } from '../lib/format.ts';
import { movedRows, withoutRows } from '../lib/list-changes.ts';
import type { ListRange } from '../lib/list-changes.ts';

/** What is used of the core. */
type PlaylistsApi = Pick<Api, 'playlists'>;

/** What is used of the stack of steps that can be taken back. */
interface Undo {
  did(label: string, revert: () => void | Promise<void>): void;
}

/** All playlists, and the tracks of the one that is open. */
export class PlaylistsState {
  readonly #api: PlaylistsApi;
  readonly #undo: Undo;
  #list = $state.raw<readonly Playlist[] | null>(null);
  #openId = $state<PlaylistId | null>(null);
  #rows = $state.raw<readonly Track[] | null>(null);
  #arriving = $state.raw<{ readonly rows: readonly Track[]; readonly total: number } | null>(null);
  #error = $state.raw<unknown>(null);
  #rowsError = $state.raw<unknown>(null);
  #request = 0;
  #change = 0;

  constructor(api: PlaylistsApi, undo: Undo) {
    this.#api = api;
    this.#undo = undo;
  }

  /** Null until they are loaded. */
  get list(): readonly Playlist[] | null {
    return this.#list;
  }

  /** The playlist that is open; null when none is. */
  get open(): Playlist | null {
    return this.#list?.find(({ id }) => id === this.#openId) ?? null;
  }

  /** Tracks of the open one, in its order; null until they are there. */
  get rows(): readonly Track[] | null {
    return this.#rows;
  }

  /** The first tracks of a long list that is being opened, and how many it has; null once all are there. */
  get arriving(): { readonly rows: readonly Track[]; readonly total: number } | null {
    return this.#arriving;
  }

  /** Why the playlists could not be loaded; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  /** Why the open one's tracks could not be loaded; null when they could. */
  get rowsError(): unknown {
    return this.#rowsError;
  }

  async load(): Promise<void> {
    try {
      this.#list = await this.#api.playlists.list();
      this.#error = null;
    } catch (error) {
      this.#error = error;
      return;
    }
    if (this.#openId !== null && this.open === null) this.show(null);
  }

  /** Opens a playlist; null closes the open one. */
  show(playlistId: PlaylistId | null): void {
    if (playlistId === this.#openId) return;
    this.#openId = playlistId;
    this.#rows = null;
    this.#arriving = null;
    this.#rowsError = null;
    void this.loadRows();
  }

  /** Fetches the open one's tracks again, in place; a smart one is asked anew. */
  async loadRows(): Promise<void> {
    const playlistId = this.#openId;
    const request = ++this.#request;
    if (playlistId === null) return;
    try {
      let rows: Track[] = [];
      for (let total = 1; rows.length < total;) {
        const page = await this.#api.playlists.tracks({ playlistId, offset: rows.length });
        if (request !== this.#request) return;
        rows = [...rows, ...page.rows];
        total = page.rows.length === 0 ? rows.length : page.total;
        // Of a list that is opened the first page is shown at once; one that is shown already changes as a whole.
        if (this.#rows === null && rows.length < total) this.#arriving = { rows, total };
      }
      this.#rows = rows;
      this.#arriving = null;
      this.#rowsError = null;
    } catch (error) {
      if (request === this.#request) this.#rowsError = error;
    }
  }

  /** Makes a list of tracks, or a smart one. */
  async create(name: string, content: { trackIds?: readonly TrackId[]; smart?: SmartQuery } = {}): Promise<Playlist> {
    const made = await this.#api.playlists.create({ name, trackIds: [...(content.trackIds ?? [])], smart: content.smart ?? null });
    await this.load();
    this.#undo.did(`Playlist “${made.name}” saved`, () => this.#remove(made.id));
    return made;
  }

  async rename(playlist: Playlist, name: string): Promise<void> {
    if (name === playlist.name) return;
    const set = async (to: string): Promise<void> => {
      await this.#api.playlists.rename({ playlistId: playlist.id, name: to });
      await this.load();
    };
    await set(name);
    this.#undo.did(`Playlist renamed to “${name}”`, () => set(playlist.name));
  }

  async remove(playlist: Playlist): Promise<void> {
    const wasOpen = this.#openId === playlist.id;
    await this.#remove(playlist.id);
    this.#undo.did(`Playlist “${playlist.name}” removed`, async () => {
      await this.#api.playlists.restore({ playlistId: playlist.id });
      await this.load();
      if (wasOpen) this.show(playlist.id);
    });
  }

  /** Puts tracks into a list, at a place or at its end. */
  async add(playlist: Playlist, trackIds: readonly TrackId[], at?: number): Promise<void> {
    const { trackIds: before } = await this.#api.playlists.trackIds({ playlistId: playlist.id });
    await this.#api.playlists.add({ playlistId: playlist.id, trackIds: [...trackIds], ...(at === undefined ? {} : { at }) });
    await this.#renew(playlist.id);
    this.#undo.did(`${countOf(trackIds.length, 'track')} added to “${playlist.name}”`, () => this.#setTracks(playlist.id, before));
  }

  /** Moves rows of the open list before another row (or, with its length, to the end). */
  async moveRows(ranges: readonly ListRange[], before: number): Promise<void> {
    await this.#rearrange((rows) => movedRows(rows, ranges, before), 'Order changed in');
  }

  /** Takes rows out of the open list. */
  async removeRows(ranges: readonly ListRange[]): Promise<void> {
    const count = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    await this.#rearrange((rows) => withoutRows(rows, ranges), `${countOf(count, 'track')} taken out of`);
  }

  /** Makes a smart playlist a list of its tracks as they are now. */
  async freeze(playlist: Playlist): Promise<void> {
    const { smart } = playlist;
    if (smart === null) return;
    const set = async (to: SmartQuery | null): Promise<void> => {
      await this.#api.playlists.setSmart({ playlistId: playlist.id, smart: to });
      await this.#renew(playlist.id);
    };
    await set(null);
    this.#undo.did(`“${playlist.name}” is a plain list now`, () => set(smart));
  }

  /** A playlist as the text of a file. */
  export(playlist: Playlist, format: PlaylistFormat): ReturnType<Api['playlists']['export']> {
    return this.#api.playlists.export({ playlistId: playlist.id, format });
  }

  /** Reads an M3U list; gives what was made of it, and the entries that are not in the library. */
  async importM3u(name: string, text: string): Promise<{ playlist: Playlist; notFound: readonly string[] }> {
    const made = await this.#api.playlists.importM3u({ name, text });
    await this.load();
    this.show(made.playlist.id);
    const found = countOf(made.playlist.tracks ?? 0, 'track');
    this.#undo.did(`“${made.playlist.name}” read: ${found} found in the library`, () => this.#remove(made.playlist.id));
    return made;
  }

  async #rearrange(change: (rows: readonly Track[]) => Track[], what: string): Promise<void> {
    const [playlist, rows] = [this.open, this.#rows];
    if (playlist === null || playlist.smart !== null || rows === null) return;
    const after = change(rows);
    const before = rows.map(({ id }) => id);
    const ids = after.map(({ id }) => id);
    if (ids.length === before.length && ids.every((id, i) => id === before[i])) return;
    // Shown at once; what the core says comes after it.
    this.#rows = after;
    await this.#setTracks(playlist.id, ids);
    this.#undo.did(`${what} “${playlist.name}”`, () => this.#setTracks(playlist.id, before));
  }

  async #setTracks(playlistId: PlaylistId, trackIds: readonly TrackId[]): Promise<void> {
    const change = ++this.#change;
    try {
      await this.#api.playlists.setTracks({ playlistId, trackIds: [...trackIds] });
    } finally {
      // Of several changes made one soon after the other, only the last one's outcome is shown.
      if (change === this.#change) await this.#renew(playlistId);
    }
  }

  async #remove(playlistId: PlaylistId): Promise<void> {
    await this.#api.playlists.remove({ playlistId });
    await this.load();
  }

  async #renew(playlistId: PlaylistId): Promise<void> {
    await this.load();
    if (playlistId === this.#openId) await this.loadRows();
  }
}
