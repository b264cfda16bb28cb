/** @file A decode thread that dies in the middle of every file whose name says so, as a native crash or a full memory would make it. */
import { parentPort } from 'node:worker_threads';
import type { ToThread } from '../../../../src-main/worker/decode-messages.ts';

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'task' && message.task.path.includes('deadly')) process.exit(3);
});
await import('../../../../src-main/worker/decode-thread.ts');
