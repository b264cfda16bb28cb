/** @file The views of the application, each with all that it contributes; `viewNames` gives their order. Adding one is a line here and its name there. */
import { viewNames } from '../state/route.svelte.ts';
import type { ViewName } from '../state/route.svelte.ts';
import { evaluateView } from './evaluate/evaluate-view.ts';
import { inspectView } from './inspect/inspect-view.ts';
import { libraryView } from './library/library-view.ts';
import { listenView } from './listen/listen-view.ts';
import { playlistsView } from './playlists/playlists-view.ts';
import { pretrainView } from './pretrain/pretrain-view.ts';
import { settingsView } from './settings/settings-view.ts';
import { duplicatesView } from './similar/duplicates-view.ts';
import { similarView } from './similar/similar-view.ts';
import { tagsView } from './tags/tags-view.ts';
import type { View, Views } from './view.ts';

/** Every view by its name. */
export const views: Views = {
  library: libraryView,
  listen: listenView,
  similar: similarView,
  tags: tagsView,
  pretrain: pretrainView,
  inspect: inspectView,
  evaluate: evaluateView,
  playlists: playlistsView,
  duplicates: duplicatesView,
  settings: settingsView,
};

/** The same in their order. */
export const orderedViews: readonly (View & { name: ViewName })[] = viewNames.map((name) => ({ name, ...views[name] }));
