/** @file What the views are called, and their icons. */
import type { ViewName } from '../../state/route.svelte.ts';
import type { IconName } from '../../ui/icons.ts';

/** A view's name in the rail and its title. */
export const viewTitles: Record<ViewName, string> = {
  library: 'Library',
  listen: 'Listen',
  similar: 'Similar',
  tags: 'Tags',
  pretrain: 'Pretrain',
  playlists: 'Playlists',
  duplicates: 'Duplicates',
  settings: 'Settings',
};

/** A view's icon in the rail. */
export const viewIcons: Record<ViewName, IconName> = {
  library: 'library',
  listen: 'listen',
  similar: 'similar',
  tags: 'tags',
  pretrain: 'pretrain',
  playlists: 'playlist',
  duplicates: 'copy',
  settings: 'settings',
};
