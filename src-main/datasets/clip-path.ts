/** @file Paths that tables name: below the data set's folder, and nowhere else. */

/**
 * Why a path is not followed, in a sentence; null for one that leads below the folder whatever the system is.
 * @param path as the table has it
 */
export function whyRefused(path: string): string | null {
  if (path === '') return 'The table names no file.';
  if (path.includes('\0') || path.includes('\\')) return 'The name of its file has a character that no file can have everywhere.';
  const leadsOut = path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.split('/').includes('..');
  return leadsOut ? 'Its path leads outside of the folder, and is not followed.' : null;
}

/** The path without its folder. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The path of its folder, with `/` behind; empty where it has none. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
