/** @file The procedures of tags, each one line. */
import { breather } from '../../base/index.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Tools } from '../tools.ts';
import type { Tagging } from './tagging.ts';

/** Makes the handlers of the subject `tags`. */
export function tagHandlers({ store }: Tools, tagging: Tagging): Handlers['tags'] {
  return {
    list: async () => {
      await store.tags.prepare(breather());
      return tagging.list();
    },
    create: (tag) => tagging.create(tag),
    update: (changes) => tagging.update(changes),
    merge: (tags) => tagging.merge(tags),
    remove: ({ tagIds }) => tagging.remove(tagIds),
    mark: (saying) => tagging.mark(saying),
    marks: ({ trackIds }) => store.tags.marksOf(trackIds),
    fieldValues: ({ field }) => tagging.fieldValues(field),
    fromField: (wish) => tagging.fromField(wish),
    aboveActivation: (query) => tagging.aboveActivation(query),
    fromNeuron: (wish) => tagging.fromNeuron(wish),
    changes: () => store.tags.changes(),
    undo: ({ changeId }) => tagging.undo(changeId),
  };
}
