/**
 * @file Entry of the thread that looks whether a process lives, and kills its own when not. A thread's `process.exit` ends the thread alone; a signal
 * ends the process, wherever its main thread is.
 */
import { workerData } from 'node:worker_threads';
import type { ParentWatch } from './parent-watch.ts';

const { parentId, graceMs } = workerData as ParentWatch;

/** Far below the two seconds within which orphans are to be gone, and too seldom to be felt. */
const everyMs = 100;

/** Orphans are handed to another parent, before a process that was killed is gone for good: a zombie still answers to its number. */
const isOwnParent = process.ppid === parentId;

function isGone(): boolean {
  if (isOwnParent && process.ppid !== parentId) return true;
  try {
    process.kill(parentId, 0);
    return false;
  } catch (error) {
    // EPERM: it lives, and is another user's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function look(): void {
  if (!isGone()) return;
  clearInterval(timer);
  if (graceMs > 0) process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
}

const timer = setInterval(look, everyMs);
look();
