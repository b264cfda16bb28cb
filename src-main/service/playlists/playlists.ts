/** @file Playlists as a person uses them: lists that are kept, smart ones that are asked anew each time, files in and out. */
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AppError, breather, countOf } from '../../base/index.ts';
import type { Playlist, PlaylistFormat, PlaylistId, SimilarQuery, SmartQuery, Track, TrackFilter, TrackId } from '../../contract/index.ts';
import type { NewPlaylist, WholeTrack } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { listFormats } from './formats/index.ts';
import type { ListedTrack, ListSource } from './formats/index.ts';
import { listEntries } from './list-entries.ts';
import { listFileName, writeList } from './list-file.ts';
import { joinPieces } from './list-text.ts';
import { EntryMatcher } from './match-entries.ts';

/** How smart playlists are asked. */
export type SmartSources = {
  /** The tracks that pass a filter. */
  passing(filter: TrackFilter): TrackId[];
  /** The tracks nearest to a query's examples, nearest first. */
  nearest(query: SimilarQuery): Promise<TrackId[]>;
};

/** A playlist as text; `missing` tracks have no file at present and are left out. */
export type ExportedPlaylist = { fileName: string; text: string; path: string | null; missing: number };

/** Which of a list's tracks are wanted. */
type Page = { offset?: number | undefined; limit?: number | undefined };

/** Rows of a page. */
const mostRows = 1000;

/** Tracks that are read from the database at a time. */
const readAtOnce = 200;

/** Entries that a list may have. */
const mostTracks = 100_000;
/** Entries that are looked up at a time. */
const entriesAtOnce = 500;
/** Entries that an error names. */
const mostNamed = 1000;

/** Use cases of playlists. */
export class Playlists {
  readonly #tools: Tools;
  readonly #sources: SmartSources;

  constructor(tools: Tools, sources: SmartSources) {
    this.#tools = tools;
    this.#sources = sources;
  }

  /** All of them, by name. */
  list(): Playlist[] {
    return this.#tools.store.playlists.list();
  }

  /** A page of a playlist's tracks in their order; a smart one is asked now. @throws AppError NOT_FOUND, and what the query throws */
  async tracks(
    playlistId: PlaylistId,
    { offset = 0, limit = mostRows }: Page = {},
  ): Promise<{ playlist: Playlist; total: number; rows: Track[] }> {
    const { store } = this.#tools;
    const playlist = store.playlists.get(playlistId);
    const { encoderId } = store.settings.get();
    if (playlist.smart === null) {
      const ids = store.playlists.trackIds(playlistId, { offset, limit });
      return { playlist, total: playlist.tracks ?? 0, rows: store.tracks.list(ids, encoderId) };
    }
    const ids = await this.#trackIds(playlist);
    return { playlist, total: ids.length, rows: store.tracks.list(ids.slice(offset, offset + limit), encoderId) };
  }

  /** All tracks of a playlist by their numbers, in order; a smart one is asked now. @throws AppError NOT_FOUND, and what the query throws */
  async trackIds(playlistId: PlaylistId): Promise<TrackId[]> {
    return this.#trackIds(this.#tools.store.playlists.get(playlistId));
  }

  /** @throws AppError BAD_INPUT for a smart playlist with tracks; NOT_FOUND for unknown tracks */
  async create(playlist: NewPlaylist): Promise<Playlist> {
    if (playlist.smart !== null && playlist.trackIds.length > 0)
      throw new AppError('BAD_INPUT', 'A smart playlist finds its tracks itself. Give it a query or tracks, not both.');
    checkKept(playlist.smart);
    return this.#changed(await this.#tools.store.playlists.createInSteps(playlist, breather()));
  }

  rename(playlistId: PlaylistId, name: string): Playlist {
    return this.#changed(this.#tools.store.playlists.rename(playlistId, name));
  }

  remove(playlistId: PlaylistId): void {
    this.#changed(this.#tools.store.playlists.remove(playlistId));
  }

  restore(playlistId: PlaylistId): void {
    this.#changed(this.#tools.store.playlists.restore(playlistId));
  }

  /** Puts tracks in at a position, or at the end. */
  async add(playlistId: PlaylistId, { trackIds, at }: { trackIds: readonly TrackId[]; at?: number | undefined }): Promise<Playlist> {
    const before = this.#tools.store.playlists.trackIds(playlistId);
    const after = before.toSpliced(at ?? before.length, 0, ...trackIds);
    if (after.length > mostTracks) throw tooLong();
    return this.setTracks(playlistId, after);
  }

  /** The whole list anew. */
  async setTracks(playlistId: PlaylistId, trackIds: readonly TrackId[]): Promise<Playlist> {
    return this.#changed(await this.#tools.store.playlists.setTracksInSteps(playlistId, trackIds, breather()));
  }

  /** Changes what a smart playlist asks; null makes a list of its tracks as they are now. */
  async setSmart(playlistId: PlaylistId, smart: SmartQuery | null): Promise<Playlist> {
    checkKept(smart);
    const { playlists } = this.#tools.store;
    const trackIds = smart === null ? await this.#trackIds(playlists.get(playlistId)) : [];
    return this.#changed(await playlists.setSmartInSteps(playlistId, { smart, trackIds }, breather()));
  }

  /** The playlist as a file's text, also written when there is a path. */
  async export({
    playlistId,
    format,
    path,
  }: {
    playlistId: PlaylistId;
    format: PlaylistFormat;
    path?: string | undefined;
  }): Promise<ExportedPlaylist> {
    const { store, codeVersion } = this.#tools;
    const { name } = store.playlists.get(playlistId);
    const all = await this.trackIds(playlistId);
    const missing = store.tracks.missing();
    const trackIds = all.filter((trackId) => !missing.has(trackId));
    const source = { name, trackIds, at: this.#reading(trackIds), folder: path === undefined ? null : dirname(path), version: codeVersion };
    const text = await joinPieces(listFormats[format].pieces(source));
    if (path !== undefined) await writeList(path, format, text);
    return { fileName: listFileName(name, format), text, path: path ?? null, missing: all.length - trackIds.length };
  }

  /**
   * Makes a playlist of the tracks that an M3U list names and the library has.
   * @throws AppError BAD_INPUT for a list without entries or with too many; NOT_FOUND when the library has none of them
   */
  async importM3u({ name, text, folder }: { name: string; text: string; folder?: string | undefined }): Promise<{
    playlist: Playlist;
    notFound: string[];
  }> {
    const entries = listEntries(text);
    if (entries.length === 0) throw new AppError('BAD_INPUT', `${name} names no file. Choose an M3U or M3U8 playlist.`);
    if (entries.length > mostTracks) throw tooLong();
    const matcher = new EntryMatcher(this.#tools.store.tracks.audio());
    const trackIds: TrackId[] = [];
    const notFound: string[] = [];
    for (let at = 0; at < entries.length; at += entriesAtOnce) {
      const matched = matcher.match(entries.slice(at, at + entriesAtOnce), folder ?? null);
      trackIds.push(...matched.trackIds);
      notFound.push(...matched.notFound);
      // Other calls are answered between two parts of a long list.
      await setImmediate();
    }
    if (trackIds.length === 0)
      throw new AppError(
        'NOT_FOUND',
        `The library has none of ${countOf(entries.length, 'file')} that ${name} names. Scan their folder first.`,
        {
          details: { notFound: notFound.slice(0, mostNamed) },
        },
      );
    return { playlist: await this.create({ name, trackIds, smart: null }), notFound };
  }

  async #trackIds({ id, smart }: Playlist): Promise<TrackId[]> {
    if (smart === null) return this.#tools.store.playlists.trackIds(id);
    if (smart.kind === 'similar') return [...new Set(await this.#sources.nearest(smart.query))];
    const passing = new Set<number>(this.#sources.passing(smart.filter));
    const { store } = this.#tools;
    const sort = smart.sort === null ? [] : [smart.sort];
    const order = store.tracks.inOrder(sort, store.settings.get().encoderId);
    const ids: TrackId[] = [];
    for (const trackId of order.ids) {
      if (ids.length === smart.limit) break;
      if (passing.has(trackId)) ids.push(trackId as TrackId);
    }
    return ids;
  }

  /** Reads tracks at places of an order, some at a time, as they are wanted. */
  #reading(trackIds: readonly TrackId[]): ListSource['at'] {
    const { tracks } = this.#tools.store;
    return function* (places) {
      const read = (wanted: readonly TrackId[]): ListedTrack[] => tracks.whole(wanted).map(listed);
      let waiting: TrackId[] = [];
      for (const place of places) {
        waiting.push(trackIds[place] as TrackId);
        if (waiting.length < readAtOnce) continue;
        yield* read(waiting);
        waiting = [];
      }
      yield* read(waiting);
    };
  }

  #changed<Result>(result: Result): Result {
    this.#tools.events.emit({ type: 'playlists.changed' });
    return result;
  }
}

function listed({ tags, ...track }: WholeTrack): ListedTrack {
  const bpm = tags['bpm'];
  const other = tags['other'] as Record<string, unknown> | undefined;
  const named = other?.['initialKey'] ?? other?.['INITIALKEY'] ?? other?.['KEY'];
  const key: unknown = Array.isArray(named) ? named[0] : named;
  return { ...track, bpm: typeof bpm === 'number' && bpm > 0 ? bpm : null, key: typeof key === 'string' ? key.slice(0, 20) : null };
}

/** A file that was brought for a query is forgotten when the core ends. @throws AppError BAD_INPUT */
function checkKept(smart: SmartQuery | null): void {
  if (smart?.kind !== 'similar') return;
  const { like, unlike } = smart.query;
  if ([...like, ...unlike].some(({ kind }) => kind === 'file'))
    throw new AppError(
      'BAD_INPUT',
      'A smart playlist cannot keep a file that is not in the library. Take it out of the query, or scan its folder.',
    );
}

function tooLong(): AppError {
  return new AppError('BAD_INPUT', `A playlist holds ${mostTracks} tracks at most. Make two of it.`);
}
