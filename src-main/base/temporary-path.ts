/** @file Files that are written before they take another's place: their names tell who writes them, so that those of dead processes can be removed. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** `NAME.PROCESS-RANDOM.tmp`. */
const pattern = /^(.+)\.(\d+)-[0-9a-f]{12}\.tmp$/s;
/** What versions before named them: `NAME.UUID.tmp`. */
const formerPattern = /^.+\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/s;

/** A new name beside a file. */
export function temporaryPath(path: string): string {
  return `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
}

/**
 * Removes what dead processes left of files that they wrote in a folder; what cannot be read or removed stays.
 * @param of the file's name, where only those beside it are meant
 * @param alsoFormer also those of versions whose names did not tell the process; only where nobody else can be writing
 */
export async function removeDeadTemporaries(
  folder: string,
  { of, alsoFormer = false }: { of?: string; alsoFormer?: boolean } = {},
): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  const dead = names.filter((name) => {
    const [, target, writer] = pattern.exec(name) ?? [];
    if (target === undefined) return alsoFormer && of === undefined && formerPattern.test(name);
    return (of === undefined || of === target) && !isProcessAlive(Number(writer));
  });
  await Promise.all(dead.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}

/** The same for what stands beside a file that is about to be written. */
export async function removeDeadTemporariesOf(path: string): Promise<void> {
  await removeDeadTemporaries(dirname(path), { of: basename(path) });
}

/** Whether a process runs. One that was killed and whose parent has not looked yet still has its number, but writes no more. */
export function isProcessAlive(processId: number): boolean {
  if (processId === process.pid) return true;
  try {
    process.kill(processId, 0);
    return !isZombie(processId);
  } catch (error) {
    // A process of another user is there too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Linux tells; its state stands behind the name, which is in brackets. */
function isZombie(processId: number): boolean {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, 'latin1');
    return /^[ZX]/.test(text.slice(text.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
