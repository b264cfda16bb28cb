/** @file The procedures of evaluations, each one line. */
import type { Handlers } from '../../contract/index.ts';
import type { Evaluating } from './evaluating.ts';

/** Makes the handlers of the subject `evaluate`. */
export function evaluateHandlers(evaluating: Evaluating): Handlers['evaluate'] {
  return {
    start: async (wish) => ({ jobId: (await evaluating.start(wish)).jobId }),
    ownTags: () => evaluating.ownTags(),
    list: () => evaluating.list(),
    compare: (wish, signal) => evaluating.compare(wish, signal),
    remove: ({ ids }) => evaluating.setRemoved(ids, true),
    restore: ({ ids }) => evaluating.setRemoved(ids, false),
  };
}
