/** @file Folders that moved as a whole: noticed when their new place is added, found by the sound of their tracks, and taken there. */
import { sep } from 'node:path';
import { stat } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { toSystemPath } from '../../base/index.ts';
import type { FolderId, TrackId } from '../../contract/index.ts';
import type { KnownFile, Store, StoredFolder } from '../../store/index.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { isAbsent, isAttached } from './drives.ts';
import { commonEnd } from './pair-twins.ts';

/** A folder that moved. */
export type FolderMove = { folderId: FolderId; from: string; to: string };

/** Tracks that are looked at to find out where a folder went. */
const mostSamples = 64;
/** Of them so many must be there. */
const enough = 0.8;
const tracksAtOnce = 200;

/**
 * The folder whose tracks lie at a path now: its own place is gone, and nearly all of some of its files are there under the same names and with
 * the same sizes. Of a drive that is not attached, they must be the very same files, since copies do not tell that it moved.
 */
export async function folderThatMovedTo(store: Store, path: string): Promise<StoredFolder | null> {
  let best: { folder: StoredFolder; share: number } | null = null;
  for (const folder of store.folders.list({ includeRemoved: true })) {
    if (folder.isDemo || folder.path === path || !(await isAbsent(folder.path))) continue;
    const isGone = folder.drive === null || (await isAttached(folder.drive));
    const files = samplesOf(store.tracks.files(folder.id));
    let there = 0;
    for (const file of files) if (await isThere(file, { from: folder.path, to: path, isGone })) there++;
    const share = files.length === 0 ? 0 : there / files.length;
    if (share >= enough && share > (best?.share ?? 0)) best = { folder, share };
  }
  return best?.folder ?? null;
}

async function isThere(file: KnownFile, { from, to, isGone }: { from: string; to: string; isGone: boolean }): Promise<boolean> {
  try {
    const { size, mtimeMs, ino } = await stat(toSystemPath(to + file.path.slice(from.length)));
    return size === file.size && (isGone || (mtimeMs === file.mtimeMs && String(ino) === file.inode));
  } catch {
    return false;
  }
}

/** Some of the files that were there at the last scan, evenly chosen; where none was, of all. */
function samplesOf(files: readonly KnownFile[]): KnownFile[] {
  const present = files.filter(({ isMissing }) => !isMissing);
  const from = present.length > 0 ? present : files;
  const step = Math.max(1, from.length / mostSamples);
  return Array.from({ length: Math.min(mostSamples, from.length) }, (_, i) => from[Math.floor(i * step)]).filter(
    (file) => file !== undefined,
  );
}

/**
 * Takes the tracks of a folder to its new place, where the next scan looks at them. A track that was added at such a place meanwhile, and has the
 * same sound, gives what is attached to it.
 * @returns the tracks that were taken along
 */
export async function relocateTracks(store: Store, move: FolderMove, context: Pick<JobContext, 'signal' | 'gate'>): Promise<Set<TrackId>> {
  const { folderId, from, to } = move;
  const taken = new Set<TrackId>();
  const files = store.tracks.files(folderId).filter(({ path }) => path.startsWith(from + sep));
  for (let at = 0; at < files.length; at += tracksAtOnce) {
    await context.gate.passed();
    context.signal.throwIfAborted();
    const chosen: KnownFile[] = [];
    // Where one place lies within the other, some may be where they belong already.
    for (const file of files.slice(at, at + tracksAtOnce))
      if (!file.path.startsWith(to + sep) || (await isAbsent(file.path))) chosen.push(file);
    store.transaction(() => {
      for (const { id, path } of chosen) if (relocate(store, id, { folderId, path: to + path.slice(from.length) })) taken.add(id);
    });
    await breathe();
  }
  return taken;
}

/** Takes one track to another path; false where a file of another sound is known there. */
export function relocate({ tracks }: Store, id: TrackId, place: { folderId: FolderId; path: string }): boolean {
  const there = tracks.findByPath(place.path);
  if (there !== null && there.id !== id) {
    if (tracks.hash(id) !== there.audioHash) return false;
    tracks.giveAttached(there.id, id);
  }
  tracks.relocate(id, place);
  return true;
}

/** The path at which a folder would be, going by where one of its files is now; null where the file's name or the way to it is another. */
export function placeAfter(folder: string, { before, now }: { before: string; now: string }): string | null {
  const parts = commonEnd(before, now);
  if (parts === 0) return null;
  const [old, fresh] = [withoutEnd(before, parts), withoutEnd(now, parts)];
  if (folder === old) return fresh;
  return folder.startsWith(old + sep) ? fresh + folder.slice(old.length) : null;
}

function withoutEnd(path: string, parts: number): string {
  return path.split(sep).slice(0, -parts).join(sep);
}

/** Notes of every folder that is gone where most of its tracks seem to be, going by their sound. */
export function suggestMoves({ folders, tracks }: Store): void {
  const all = folders.list();
  const ready = new Set(all.filter(({ state }) => state === 'ready').map(({ id }) => id));
  for (const folder of all) {
    if (folder.state !== 'unavailable' || folder.isDemo) continue;
    const files = samplesOf(tracks.files(folder.id));
    const votes = new Map<string, number>();
    for (const { id, path } of files) {
      const twins = tracks.findByHash(tracks.hash(id)).filter((twin) => twin.id !== id && !twin.isMissing && ready.has(twin.folderId));
      const places = new Set(twins.map((twin) => placeAfter(folder.path, { before: path, now: twin.path })));
      for (const place of places) if (place !== null) votes.set(place, (votes.get(place) ?? 0) + 1);
    }
    const [best] = [...votes].sort(([, a], [, b]) => b - a);
    if (files.length > 0) folders.setMovedTo(folder.id, best !== undefined && best[1] > files.length / 2 ? best[0] : null);
  }
}
