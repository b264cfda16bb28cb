/** @file Whether a file is gone for good or only its drive is: a folder's drive is known by where it was attached and by its size. */
import { realpath, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toStoredPath, toSystemPath } from '../../base/index.ts';
import type { Drive } from '../../store/index.ts';

/** The drive that a folder lies on; null where the system does not tell. */
export async function driveOf(path: string): Promise<Drive | null> {
  try {
    let mountPoint = toStoredPath(Buffer.from(await realpath(toSystemPath(path), { encoding: 'buffer' })));
    const { dev } = await stat(toSystemPath(mountPoint));
    for (let above = dirname(mountPoint); above !== mountPoint; above = dirname(mountPoint)) {
      if ((await stat(toSystemPath(above))).dev !== dev) break;
      mountPoint = above;
    }
    return { mountPoint, bytes: await bytesOf(mountPoint) };
  } catch {
    return null;
  }
}

/** Whether a drive is attached where it was. */
export async function isAttached({ mountPoint, bytes }: Drive): Promise<boolean> {
  try {
    const [here, above] = await Promise.all([stat(toSystemPath(mountPoint)), stat(toSystemPath(dirname(mountPoint)))]);
    if (dirname(mountPoint) === mountPoint) return true;
    // Another drive in its place, a second memory stick say, is of another size.
    return here.dev !== above.dev && (bytes === unknownBytes || (await bytesOf(mountPoint)) === bytes);
  } catch {
    return false;
  }
}

/** True when nothing lies at a path; false also where the system does not let one look. */
export async function isAbsent(path: string): Promise<boolean> {
  try {
    await stat(toSystemPath(path));
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
  }
}

/** File systems on one ZFS pool share what is free, and their sizes change with it. */
const zfs = 0x2fc12fc1;
const unknownBytes = 0;

async function bytesOf(mountPoint: string): Promise<number> {
  const { type, blocks, bsize } = await statfs(toSystemPath(mountPoint));
  return type === zfs ? unknownBytes : blocks * bsize;
}
