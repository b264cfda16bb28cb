/** @file The procedures of published encoders, each one line. */
import type { Handlers } from '../../contract/index.ts';
import type { Published } from './published.ts';

/** Makes the handlers of the subject `published`. */
export function publishedHandlers(published: Published): Handlers['published'] {
  return {
    list: () => published.list(),
    offer: ({ name }, signal) => published.offer(name, { signal }),
    fetch: ({ name }) => ({ jobId: published.start(name).jobId }),
  };
}
