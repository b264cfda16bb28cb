/** @file Names of the copies that tags are written to before they take a file's place; one that is left lies beside the file. */
import { randomBytes } from 'node:crypto';

const pattern = /^\.earmark-writing-(\d+)-[0-9a-f]{12}$/;

/** A new name; it begins with a dot, so that no scan takes it for music, and tells the process. */
export function temporaryName(): string {
  return `.earmark-writing-${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** The process that made the copy of this name; null for every other name. */
export function writerOf(name: string): number | null {
  const found = pattern.exec(name);
  return found === null ? null : Number(found[1]);
}
