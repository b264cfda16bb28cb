/** @file Ends a process whose parent has died, whatever that process is doing at the moment. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { steadyThreads } from './steady-threads.ts';

/** What the watching thread is started with. */
export type ParentWatch = {
  parentId: number;
  /** How long the process may take to close in order, in ms; 0 ends it at once. */
  graceMs: number;
};

/**
 * Watches another process from a thread of its own, and kills this one soon (see `parent-watch-thread.ts`) after that has ended, in whatever way. The
 * main thread need not answer: it may be inside a native call for minutes. The watch does not keep the process alive.
 * @param parentId the process that this one must not outlive
 * @param options.graceMs sends SIGTERM first, and kills only after this long
 */
export function watchParent(parentId: number, { graceMs = 0 }: { graceMs?: number } = {}): void {
  const workerData: ParentWatch = { parentId, graceMs };
  // Nothing of this process's own options: a thread must not be given what was meant for the main one.
  steadyThreads();
  const worker = new Worker(new URL('./parent-watch-thread.ts', import.meta.url), { workerData, execArgv: [], env: {} });
  // Out of memory for one more thread: the process channel's end is still noticed whenever the main thread is free.
  worker.on('error', () => undefined);
  worker.unref();
}

/**
 * The arguments with which Node runs an entry as a child of this process that does not outlive it.
 * @param entry the child's first file
 * @param args what the entry finds in `process.argv` from its third place on
 */
export function guardedArguments(entry: URL, ...args: string[]): [file: string, ...args: string[]] {
  return [fileURLToPath(new URL('./guarded-process.ts', import.meta.url)), String(process.pid), entry.href, ...args];
}
