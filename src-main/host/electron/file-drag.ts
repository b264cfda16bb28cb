/** @file Dragging the files of tracks out of the window: which tracks a page may name, and what is handed to the system. */

/** Most files of one drag. */
const mostFiles = 1000;

/** Track ids that a page named; null when they are none. The page is not trusted: ids alone are taken, and the core knows the paths. */
export function askedTracks(given: unknown): number[] | null {
  if (!Array.isArray(given) || given.length === 0 || given.length > mostFiles) return null;
  const ids: unknown[] = given;
  return ids.every((id): id is number => typeof id === 'number' && Number.isSafeInteger(id) && id > 0) ? ids : null;
}

/** What Electron's `startDrag` takes; null without files. */
export function dragItem<Icon>(files: readonly string[], icon: Icon): { file: string; files: string[]; icon: Icon } | null {
  const [file] = files;
  return file === undefined ? null : { file, files: [...files], icon };
}
