/**
 * @file The children that run, as files of the data directory, so that the next core knows what the one before left. A child ends by itself when its core
 * dies; the register is for what is slow in that, or cannot: a start ends it, and waits until it is gone, before it begins the same work.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processStart } from './process-start.ts';

/** A record: the process's number, and when it was started, in ms since 1970. */
type RegisteredChild = { processId: number; startedAt: number };

/** Start times are compared within this: systems tell them to the second, and a number is not given out again so soon. */
const toleranceMs = 2_000;
/** A process that was killed is gone in milliseconds, unless a device holds it. */
const goneWithinMs = 10_000;

const directories = new Set<string>();
const own = new Map<number, RegisteredChild>();

/**
 * Writes every child of this process that starts from now on into a directory as well, until the returned function is called.
 * @param directory made when it is not there
 */
export function keepRegister(directory: string): () => void {
  quietly(() => mkdirSync(directory, { recursive: true }));
  directories.add(directory);
  return () => void directories.delete(directory);
}

/** Enters a child into the registers. @returns takes it out again */
export function registerChild(processId: number | undefined): () => void {
  if (processId === undefined) return () => undefined;
  const child: RegisteredChild = { processId, startedAt: Date.now() };
  own.set(processId, child);
  const paths = [...directories].map((directory) => join(directory, `${processId}.json`));
  for (const path of paths) quietly(() => writeFileSync(path, JSON.stringify(child)));
  return () => {
    if (own.get(processId) === child) own.delete(processId);
    for (const path of paths) quietly(() => rmSync(path, { force: true }));
  };
}

/**
 * Kills what a former core left running, and waits until it is gone. A process that was given the number of one that has ended is another, and is left
 * alone; so are children of this process.
 * @param directory the register; records of what is gone are deleted
 */
export function endLeftBehind(directory: string): void {
  const left: RegisteredChild[] = [];
  for (const name of namesIn(directory)) {
    const path = join(directory, name);
    const child = readRecord(path);
    if (child !== undefined && own.has(child.processId) && isThere(child)) continue;
    if (child !== undefined && isThere(child)) left.push(child);
    quietly(() => rmSync(path, { force: true }));
  }
  for (const { processId } of left) quietly(() => process.kill(processId, 'SIGKILL'));
  const limit = performance.now() + goneWithinMs;
  while (left.some(isThere) && performance.now() < limit) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
}

function isThere({ processId, startedAt }: RegisteredChild): boolean {
  const start = processStart(processId);
  return start !== undefined && Math.abs(start - startedAt) <= toleranceMs;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    // No register: there was no former core.
    return [];
  }
}

/** Undefined for a file that holds no record: half written when the power failed, or somebody else's. */
function readRecord(path: string): RegisteredChild | undefined {
  try {
    const { processId, startedAt } = JSON.parse(readFileSync(path, 'utf8')) as Partial<RegisteredChild>;
    // 0 and negative numbers name groups of processes.
    const isRecord = Number.isInteger(processId) && Number(processId) > 1 && Number.isFinite(startedAt);
    return isRecord ? { processId: Number(processId), startedAt: Number(startedAt) } : undefined;
  } catch {
    return undefined;
  }
}

/** A full disk, or a process that ended meanwhile, is no reason to end anything else: the register is a second line of defence. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    return;
  }
}
