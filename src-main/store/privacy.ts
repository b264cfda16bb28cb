/** @file Keeps the data directory from other people of this machine: it holds what a person listens to and wrote. */
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataPaths } from './data-directory.ts';

const forOthers = 0o077;
const sticky = 0o1000;

/** Names that Earmark makes at the top of its directory. */
function isOwnName(paths: DataPaths, name: string): boolean {
  const own = Object.values(paths).filter((value): value is string => typeof value === 'string');
  return (
    own.some((path) => path !== paths.root && (path === join(paths.root, name) || join(paths.root, name).startsWith(`${path}-`))) ||
    others.test(name)
  );
}
const others = /^(lock\.pid|lock-journal|window|earmark\.db.*|library\.json.*|.*\.tmp)$/;

/**
 * Takes the permissions of others from Earmark's own files and folders, and from the directory itself where it holds nothing else: a folder that a person
 * named may be shared on purpose. Owners alone can do so; what cannot be changed stays. Windows keeps such places to their owner by itself.
 */
export function keepPrivate(paths: DataPaths): void {
  if (process.getuid === undefined) return;
  const user = process.getuid();
  const tighten = (path: string): void => {
    try {
      const { mode, uid, isLink } = about(path);
      if (uid === user && !isLink && (mode & sticky) === 0 && (mode & forOthers) !== 0) chmodSync(path, mode & 0o7700);
    } catch {
      // Gone meanwhile, or a file system without permissions.
    }
  };
  const names = namesIn(paths.root);
  for (const name of names) if (isOwnName(paths, name)) tighten(join(paths.root, name));
  if (names.every((name) => isOwnName(paths, name))) tighten(paths.root);
}

function about(path: string): { mode: number; uid: number; isLink: boolean } {
  const info = lstatSync(path);
  return { mode: info.mode & 0o7777, uid: info.uid, isLink: info.isSymbolicLink() };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
