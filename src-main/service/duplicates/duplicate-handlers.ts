/** @file The procedures of duplicates, each one line. */
import type { Handlers } from '../../contract/index.ts';
import type { Duplicates } from './duplicates.ts';

/** Makes the handlers of the subject `duplicates`. */
export function duplicateHandlers(duplicates: Duplicates): Handlers['duplicates'] {
  return {
    find: () => duplicates.find(),
    list: () => duplicates.list(),
    dismiss: ({ key, dismissed }) => duplicates.dismiss(key, dismissed),
  };
}
