/** @file What Playlists contributes. */
import type { TrackId } from '../../../src-main/contract/index.ts';
import type { Action } from '../../lib/keys.ts';
import { dialogs } from '../../state/app.svelte.ts';
import { player } from '../../state/listening.svelte.ts';
import type { View } from '../view.ts';
import PlaylistDialogs from './PlaylistDialogs.svelte';
import PlaylistsPage from './PlaylistsPage.svelte';

export const playlistsView: View = {
  ...{ title: 'Playlists', icon: 'playlist', key: 'Mod+6', alsoCalled: 'lists export m3u rekordbox' },
  page: PlaylistsPage,
  actions: playlistActions,
  dialogs: PlaylistDialogs,
  rowEntries: ({ tracks: count, trackIds }) => [
    { label: 'Add to playlist…', icon: 'playlist', run: () => dialogs.open({ kind: 'addToPlaylist', count, trackIds }) },
  ],
};

function playlistActions(): Action[] {
  return [
    {
      id: 'playlists.addPlaying',
      label: 'Add what plays to a playlist',
      group: 'Similar',
      keys: [],
      when: () => player.now !== null,
      run: () => {
        const id = player.now?.trackId as TrackId | undefined;
        if (id !== undefined) dialogs.open({ kind: 'addToPlaylist', count: 1, trackIds: () => Promise.resolve([id]) });
      },
    },
  ];
}
