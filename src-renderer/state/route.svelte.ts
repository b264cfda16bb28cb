/** @file Which view is shown. It stands in the address (`#/listen`), so that a reload and the Back button work. */

import { FocusWish, focusedElement } from './focus-wish.svelte.ts';

/** The views that exist, in the rail's order. */
export const viewNames = [
  'library',
  'listen',
  'similar',
  'tags',
  'pretrain',
  'inspect',
  'evaluate',
  'playlists',
  'duplicates',
  'settings',
] as const;

/** One of {@link viewNames}. */
export type ViewName = (typeof viewNames)[number];

/** Reads a view from an address's hash; null when it names none. */
export function viewOf(hash: string): ViewName | null {
  const name = /^#\/(\w+)$/.exec(hash)?.[1];
  return viewNames.find((view) => view === name) ?? null;
}

/** The current view. */
export class RouteState {
  #view = $state<ViewName>('library');
  /** Whether the table of the view is to take the keyboard. */
  readonly focus = new FocusWish();

  #isFollowing = false;

  get view(): ViewName {
    return this.#view;
  }

  /** Opens a view; its table takes the keyboard. */
  go(view: ViewName): void {
    this.#view = view;
    this.focus.open(focusedElement());
    if (typeof location !== 'undefined' && viewOf(location.hash) !== view) location.hash = `#/${view}`;
  }

  /** Follows the address from now on; returns the way to stop. */
  follow(page: Window): () => void {
    const read = (): void => {
      const view = viewOf(page.location.hash) ?? 'library';
      if (view !== this.#view || !this.#isFollowing) this.focus.open(focusedElement());
      this.#isFollowing = true;
      this.#view = view;
    };
    read();
    page.addEventListener('hashchange', read);
    return () => page.removeEventListener('hashchange', read);
  }
}
