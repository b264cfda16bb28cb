/** @file The procedures of playlists, each one line. */
import type { Handlers } from '../../contract/index.ts';
import type { Playlists } from './playlists.ts';

/** Makes the handlers of the subject `playlists`. */
export function playlistHandlers(playlists: Playlists): Handlers['playlists'] {
  return {
    list: () => playlists.list(),
    tracks: ({ playlistId, ...page }) => playlists.tracks(playlistId, page),
    trackIds: async ({ playlistId }) => ({ trackIds: await playlists.trackIds(playlistId) }),
    create: (playlist) => playlists.create(playlist),
    rename: ({ playlistId, name }) => playlists.rename(playlistId, name),
    remove: ({ playlistId }) => playlists.remove(playlistId),
    restore: ({ playlistId }) => playlists.restore(playlistId),
    add: ({ playlistId, trackIds, at }) => playlists.add(playlistId, { trackIds, at }),
    setTracks: ({ playlistId, trackIds }) => playlists.setTracks(playlistId, trackIds),
    setSmart: ({ playlistId, smart }) => playlists.setSmart(playlistId, smart),
    export: (wish) => playlists.export(wish),
    importM3u: (list) => playlists.importM3u(list),
  };
}
