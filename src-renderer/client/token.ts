/** @file The token of `serve`: it comes with the link, is kept for this tab, and leaves the address bar at once. */

const storageKey = 'earmark-token';

/** What is used of the page; `window` has it all. */
export type TokenPage = {
  location: { hash: string; pathname: string; search: string };
  history: { replaceState(data: unknown, unused: string, url: string): void };
  sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
};

/** Takes the token from `#token=…`, or the one that this tab kept; null when there is none. */
export function takeToken(page: TokenPage): string | null {
  const match = /^#(?:.*&)?token=([\w-]+)/.exec(page.location.hash);
  const token = match?.[1];
  if (token === undefined) return page.sessionStorage.getItem(storageKey);
  page.sessionStorage.setItem(storageKey, token);
  page.history.replaceState(null, '', `${page.location.pathname}${page.location.search}`);
  return token;
}
