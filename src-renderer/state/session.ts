/** @file What a reload of the page brings back, and a new window does not: kept by the window itself, and read with suspicion. */

/** One thing that is kept. */
export interface Kept {
  /** What was kept, as JSON holds it; undefined for nothing. */
  read(): unknown;
  write(value: unknown): void;
}

/** The page's own storage; null where there is none, or where it may not be used. */
function pageStorage(): Pick<Storage, 'getItem' | 'setItem'> | null {
  try {
    return typeof sessionStorage === 'undefined' ? null : sessionStorage;
  } catch {
    return null;
  }
}

/**
 * A place in the window's storage. A storage that is full or refused keeps nothing, and nobody misses it.
 * @param key what it is called there
 * @param storage replaced in tests
 */
export function keptInSession(key: string, storage = pageStorage()): Kept {
  return {
    read: () => {
      try {
        return JSON.parse(storage?.getItem(key) ?? '') as unknown;
      } catch {
        return undefined;
      }
    },
    write: (value) => {
      try {
        storage?.setItem(key, JSON.stringify(value));
      } catch {
        return;
      }
    },
  };
}

/** A text that was kept; empty when none was. */
export function keptText(kept: Kept | null): string {
  const text = kept?.read();
  return typeof text === 'string' ? text : '';
}
