/** @file Work on whole databases, in a process of its own: it takes seconds on a large library, and files from outside are opened there alone. */
import { AppError } from '../../base/index.ts';
import { startChild } from './child.ts';
import type { DatabaseAnswers, DatabaseReply, DatabaseTask } from './database-messages.ts';

/**
 * Carries out one task.
 * @param onShare hears how much is done, 0 to 1
 * @throws AppError what the task threw; INTERNAL when its process died; CANCELLED
 */
export function runDatabaseTask<Task extends DatabaseTask>(
  entry: URL,
  task: Task,
  { signal, onShare = () => undefined }: { signal?: AbortSignal; onShare?: (share: number) => void } = {},
): Promise<DatabaseAnswers[Task['type']]> {
  const { promise, resolve, reject } = Promise.withResolvers<DatabaseAnswers[Task['type']]>();
  const child = startChild<DatabaseTask, DatabaseReply>(entry, {
    onMessage: (reply) => {
      if ('share' in reply) return onShare(reply.share);
      if ('error' in reply) reject(AppError.fromData(reply.error));
      else resolve(reply.value as DatabaseAnswers[Task['type']]);
      child.kill();
    },
    onExit: (how) => reject(new AppError('INTERNAL', `The process that works on the database ${how}. The database is the one that was.`)),
  });
  const stop = (): void => {
    reject(new AppError('CANCELLED', 'This was cancelled; the database is the one that was.'));
    child.kill();
  };
  if (signal?.aborted === true) stop();
  else {
    signal?.addEventListener('abort', stop, { once: true });
    child.send(task);
  }
  return promise.finally(() => signal?.removeEventListener('abort', stop));
}
