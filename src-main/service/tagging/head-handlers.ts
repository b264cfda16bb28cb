/** @file The procedures of heads and suggestions, each one line. */
import type { Handlers, JobId } from '../../contract/index.ts';
import type { StartedJob } from '../jobs/jobs.ts';
import type { TagHeads } from './heads.ts';
import type { Suggesting } from './suggesting.ts';
import type { Taggrams } from './taggrams.ts';

/** Makes the handlers of the subjects `heads` and `suggest`. */
export function headHandlers(
  heads: TagHeads,
  { suggesting, taggrams }: { suggesting: Suggesting; taggrams: Taggrams },
  started: (job: StartedJob) => { jobId: JobId },
): Pick<Handlers, 'heads' | 'suggest'> {
  return {
    heads: {
      list: ({ encoderId }) => heads.list(encoderId),
      taggram: (wish) => taggrams.of(wish),
      train: (wish) => started(heads.train(wish)),
    },
    suggest: {
      tracks: (query) => suggesting.tracks(query),
      thresholds: (place) => suggesting.thresholds(place),
      answer: async ({ trackIds, answer, ...place }) => ({ change: await suggesting.answer(place, trackIds, answer) }),
      acceptAbove: (wish) => suggesting.acceptAbove(wish),
      ask: (wish) => suggesting.ask(wish),
    },
  };
}
