/** @file Playlists of synthetic tracks, kept in memory; smart ones ask the fake of similar music. */
import { AppError } from '../../src-main/base/index.ts';
import { similarQuerySchema } from '../../src-main/contract/index.ts';
import type {
  Handlers,
  Playlist,
  PlaylistId,
  SimilarQuery,
  SmartQuery,
  Track,
  TrackFilter,
  TrackId,
} from '../../src-main/contract/index.ts';

/** What is used of the fake world. */
export type PlaylistsWorld = {
  readonly tracks: readonly Track[];
  track(id: number): Track;
  emit(event: { type: 'playlists.changed' }): void;
  /** Tracks near examples, best first. */
  similarTo(query: SimilarQuery): readonly TrackId[];
  /** Tracks that pass a filter. */
  passing(filter: TrackFilter): readonly TrackId[];
};

type Kept = { id: PlaylistId; name: string; smart: SmartQuery | null; trackIds: readonly TrackId[]; isRemoved: boolean };

const day = Date.UTC(2025, 9, 4, 12);
const extensions = { m3u8: 'm3u8', jspf: 'jspf', csv: 'csv', rekordbox: 'xml' } as const;

/** All playlists. */
export class FakePlaylists {
  readonly #world: PlaylistsWorld;
  #kept: Kept[] = [];

  constructor(world: PlaylistsWorld) {
    this.#world = world;
  }

  handlers(): Handlers['playlists'] {
    return {
      list: () => this.#kept.filter((one) => !one.isRemoved).map((one) => shown(one)),
      tracks: ({ playlistId, offset = 0, limit = 1000 }) => {
        const one = this.#one(playlistId);
        const ids = this.#trackIds(one);
        const rows = ids.slice(offset, offset + limit).map((id) => this.#world.track(id));
        return { playlist: shown(one), total: ids.length, rows };
      },
      trackIds: ({ playlistId }) => ({ trackIds: [...this.#trackIds(this.#one(playlistId))] }),
      create: ({ name, trackIds, smart }) => this.#create(name, trackIds, smart),
      rename: ({ playlistId, name }) => this.#change(playlistId, { name }),
      remove: ({ playlistId }) => void this.#change(playlistId, { isRemoved: true }),
      restore: ({ playlistId }) => void this.#change(playlistId, { isRemoved: false }),
      add: ({ playlistId, trackIds, at }) => {
        const before = this.#listed(playlistId);
        return this.#change(playlistId, { trackIds: before.toSpliced(at ?? before.length, 0, ...trackIds) });
      },
      setTracks: ({ playlistId, trackIds }) => {
        this.#listed(playlistId);
        return this.#change(playlistId, { trackIds });
      },
      setSmart: ({ playlistId, smart }) =>
        this.#change(playlistId, smart === null ? { smart, trackIds: this.#trackIds(this.#one(playlistId)) } : { smart, trackIds: [] }),
      export: ({ playlistId, format }) => {
        const one = this.#one(playlistId);
        const lines = this.#trackIds(one).map((id) => this.#world.track(id).path);
        const text = format === 'm3u8' ? ['#EXTM3U', ...lines, ''].join('\n') : lines.join('\n');
        return { fileName: `${one.name.replace(/[/\\:]/g, '_')}.${extensions[format]}`, text, path: null, missing: 0 };
      },
      importM3u: ({ name, text }) => this.#import(name, text),
    };
  }

  #create(name: string, trackIds: readonly TrackId[], smart: SmartQuery | null): Playlist {
    const id = (Math.max(0, ...this.#kept.map((one) => one.id)) + 1) as PlaylistId;
    const made: Kept = { id, name, smart, trackIds, isRemoved: false };
    this.#kept = [...this.#kept, made];
    this.#world.emit({ type: 'playlists.changed' });
    return shown(made);
  }

  #import(name: string, text: string): { playlist: Playlist; notFound: string[] } {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
    const found = lines.map((line) => this.#world.tracks.find(({ path }) => path.endsWith(line)));
    const playlist = this.#create(
      name,
      found.flatMap((track) => track?.id ?? []),
      null,
    );
    return { playlist, notFound: lines.filter((_, i) => found[i] === undefined) };
  }

  #one(playlistId: PlaylistId): Kept {
    const one = this.#kept.find(({ id }) => id === playlistId);
    if (one === undefined) throw new AppError('NOT_FOUND', `There is no playlist ${playlistId}.`);
    return one;
  }

  #listed(playlistId: PlaylistId): readonly TrackId[] {
    const { smart, name, trackIds } = this.#one(playlistId);
    if (smart !== null) throw new AppError('BAD_INPUT', `“${name}” is a smart playlist: its tracks follow from what it asks.`);
    return trackIds;
  }

  #change(playlistId: PlaylistId, change: Partial<Kept>): Playlist {
    const changed = { ...this.#one(playlistId), ...change };
    this.#kept = this.#kept.map((one) => (one.id === playlistId ? changed : one));
    this.#world.emit({ type: 'playlists.changed' });
    return shown(changed);
  }

  #trackIds({ smart, trackIds }: Kept): readonly TrackId[] {
    if (smart === null) return trackIds;
    return smart.kind === 'similar'
      ? this.#world.similarTo(similarQuerySchema.parse(smart.query))
      : this.#world.passing(smart.filter).slice(0, smart.limit);
  }
}

function shown({ id, name, smart, trackIds }: Kept): Playlist {
  return { id, name, smart, tracks: smart === null ? trackIds.length : null, createdAt: day, updatedAt: day };
}
