/** @file The procedures of experiments, each one line. */
import type { Handlers } from '../../contract/index.ts';
import type { ExperimentJobs } from './experiment-jobs.ts';

/** Makes the handlers of the subject `experiments`. */
export function experimentHandlers(experiments: ExperimentJobs): Handlers['experiments'] {
  return {
    list: () => experiments.list(),
    open: (wish) => experiments.open(wish),
    plan: (wish, signal) => experiments.plan(wish, signal),
    run: async (wish) => ({ jobId: (await experiments.start(wish)).jobId }),
  };
}
