/** @file The procedures of writing, each one line. */
import type { Handlers } from '../../contract/index.ts';
import type { StartedJob } from '../jobs/jobs.ts';
import type { TagWriting } from './writing.ts';

/** Makes the handlers of the subject `writing`. */
export function writingHandlers(writing: TagWriting): Handlers['writing'] {
  return {
    plan: (wish, signal) => writing.plan(wish, signal),
    files: (page) => writing.files(page),
    list: () => writing.list(),
    start: ({ writingId }) => idOf(writing.start(writingId)),
    undo: ({ writingId }) => idOf(writing.undo(writingId)),
    discard: ({ writingId }) => writing.discard(writingId),
  };
}

function idOf({ jobId, settled }: StartedJob): { jobId: StartedJob['jobId'] } {
  // Who watches the job learns how it ends.
  settled.catch(() => undefined);
  return { jobId };
}
