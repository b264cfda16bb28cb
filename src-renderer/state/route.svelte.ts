/** @file Which view is shown. It stands in the address (`#/listen`), so that a reload and the Back button work. */

/** The views that exist, in the rail's order. */
export const viewNames = ['library', 'listen', 'settings'] as const;

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

  get view(): ViewName {
    return this.#view;
  }

  go(view: ViewName): void {
    this.#view = view;
    if (typeof location !== 'undefined' && viewOf(location.hash) !== view) location.hash = `#/${view}`;
  }

  /** Follows the address from now on; returns the way to stop. */
  follow(page: Window): () => void {
    const read = (): void => {
      this.#view = viewOf(page.location.hash) ?? 'library';
    };
    read();
    page.addEventListener('hashchange', read);
    return () => page.removeEventListener('hashchange', read);
  }
}
