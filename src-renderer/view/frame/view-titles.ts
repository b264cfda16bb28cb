/** @file What the views are called. */
import type { ViewName } from '../../state/route.svelte.ts';

/** A view's name in the rail and its title. */
export const viewTitles: Record<ViewName, string> = {
  library: 'Library',
  listen: 'Listen',
  similar: 'Similar',
  tags: 'Tags',
  pretrain: 'Pretrain',
  settings: 'Settings',
};
