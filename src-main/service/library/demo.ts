/** @file The demo library: music that comes with Earmark, at a path that the next update may change. */
import { sep } from 'node:path';
import { statSync } from 'node:fs';
import { AppError, toSystemPath } from '../../base/index.ts';
import type { TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { relocate } from './folder-moves.ts';

type DemoTools = Pick<Tools, 'store' | 'demoDirectory'>;

/** The demo library's own folder. @throws AppError NOT_FOUND where this installation has none */
export function demoFolder(demoDirectory: string | null): string {
  if (demoDirectory !== null && isFolder(demoDirectory)) return demoDirectory;
  const where = demoDirectory === null ? '' : ` ${demoDirectory} is not there.`;
  throw new AppError(
    'NOT_FOUND',
    `The demo library did not come with this installation of Earmark.${where} Install Earmark again, or add a folder with music.`,
  );
}

/**
 * Takes the demo library to where this installation has it, in the library or taken out as it was, with all that is attached to its tracks.
 * Two installations that use one data directory by turns take it with them.
 * @returns whether it lay elsewhere
 */
export function followDemo({ store, demoDirectory }: DemoTools): boolean {
  const demo = store.folders.demo();
  if (demo === null || demoDirectory === null || demo.path === demoDirectory || !isFolder(demoDirectory)) return false;
  store.transaction(() => {
    store.folders.move(demo.id, demoDirectory);
    store.problems.clear(demo.path, 'scan');
    for (const { id, path } of store.tracks.files(demo.id))
      if (path.startsWith(demo.path + sep)) relocate(store, id, { folderId: demo.id, path: demoDirectory + path.slice(demo.path.length) });
    if (demo.removedAt !== null) store.folders.remove(demo.id);
  });
  return true;
}

/** Of tracks those of the person's own music; all where none is. What is learnt or told of a library is so of its owner's music. */
export function ownTracks<Track extends { trackId: number }>(
  { folders, tracks }: Pick<Store, 'folders' | 'tracks'>,
  all: readonly Track[],
): Track[] {
  const demo = folders.demo();
  const foreign = new Set<number>(demo === null ? [] : tracks.files(demo.id).map(({ id }) => id));
  const own = all.filter(({ trackId }) => !foreign.has(trackId));
  return own.length > 0 ? own : [...all];
}

/** Refuses to write to a file that comes with Earmark. @throws AppError NOT_ALLOWED */
export function checkNoDemoFile({ store, demoDirectory }: DemoTools, { trackId, path }: { trackId: TrackId; path: string }): void {
  const isInside = demoDirectory !== null && path.startsWith(demoDirectory + sep);
  if (!isInside && store.tracks.get(trackId, null).folderId !== store.folders.demo()?.id) return;
  throw new AppError(
    'NOT_ALLOWED',
    `${path} belongs to the demo library, whose files are a part of Earmark and are never changed. Its tags are kept in your library.`,
    {
      details: { path },
    },
  );
}

function isFolder(path: string): boolean {
  return statSync(toSystemPath(path), { throwIfNoEntry: false })?.isDirectory() === true;
}
