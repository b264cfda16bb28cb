/** @file Which tracks of the library a verb means by folders and files. */
import { statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { AppError } from '../../base/index.ts';
import type { pretraining } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';

/** Folders and files of the library as a selection. @throws AppError NOT_FOUND for what is not in the library */
export function selectionOf({ store }: { store: Store }, what: readonly string[]): pretraining.TrackSelection {
  if (what.length === 1 && what[0] === 'library') return { kind: 'library' };
  const folders = store.folders.list();
  const [only] = what;
  const whole = what.length === 1 && only !== undefined ? folders.find(({ path }) => path === resolve(only)) : undefined;
  if (whole !== undefined) return { kind: 'folder', folderId: whole.id };
  const all = store.tracks.audio();
  const trackIds = what.flatMap((one) => {
    const path = resolve(one);
    const below = path.endsWith(sep) ? path : `${path}${sep}`;
    const found = all.filter((track) => track.path === path || track.path.startsWith(below));
    if (found.length > 0) return found.map(({ trackId }) => trackId);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    const way = isFolder ? `Add it with \`earmark scan ${one}\` first.` : 'Add its folder with `earmark scan` first.';
    throw new AppError('NOT_FOUND', `There is no track of ${path} in the library. ${way}`, { details: { path } });
  });
  return { kind: 'tracks', trackIds: [...new Set(trackIds)] };
}
