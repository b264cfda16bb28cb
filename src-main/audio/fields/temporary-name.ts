/**
 * @file Names of the copies that tags are written to before they take a file's place; one that is left lies beside the file. A copy that is written
 * over its file has another name while that goes on, which says which file it is: whoever finds it finishes the writing.
 */
import { randomBytes } from 'node:crypto';

const pattern = /^\.earmark-(writing|finishing)-(\d+)-(?:(\d+)-)?[0-9a-f]{12}$/;

/** A new name; it begins with a dot, so that no scan takes it for music, and tells the process. */
export function temporaryName(): string {
  return `.earmark-writing-${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** The name of a copy that is about to be written over the file with this number. */
export function finishingName(inode: bigint): string {
  return `.earmark-finishing-${process.pid}-${inode}-${randomBytes(6).toString('hex')}`;
}

/** A copy's process, and the number of the file that it is written over; null for one that was not finished itself. */
export type Leftover = { processId: number; inode: bigint | null };

/** What a copy of this name is; null for every other name. */
export function leftoverOf(name: string): Leftover | null {
  const [, kind, processId, inode] = pattern.exec(name) ?? [];
  if (processId === undefined || (kind === 'finishing') !== (inode !== undefined)) return null;
  return { processId: Number(processId), inode: inode === undefined ? null : BigInt(inode) };
}
