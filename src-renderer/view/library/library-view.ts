/** @file What the Library contributes. */
import type { View } from '../view.ts';
import { libraryActions } from './library-actions.ts';
import LibraryDialogs from './LibraryDialogs.svelte';
import LibraryView from './LibraryView.svelte';

export const libraryView: View = {
  ...{ title: 'Library', icon: 'library', key: 'Mod+1' },
  page: LibraryView,
  actions: libraryActions,
  dialogs: LibraryDialogs,
};
