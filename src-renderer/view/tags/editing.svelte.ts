/** @file What is being changed in the list of tags: a name, a colour, and which tags are selected. */
import type { TagId } from '../../../src-main/contract/index.ts';

class TagEditing {
  /** The tag whose name is being changed. */
  renaming = $state<TagId | null>(null);
  /** The tag whose row takes the keyboard as soon as it is there, unless something else than another row has it by then. */
  focusing = $state<TagId | null>(null);
  /** The tag whose colour is being chosen. */
  colouring = $state<TagId | null>(null);
  /** Tags that are selected to be merged or deleted together. */
  selected = $state.raw<readonly TagId[]>([]);
  /** Grows by one whenever the field above the list is asked to take the keyboard. */
  fieldRequests = $state(0);
}

/** The page's one. */
export const editing = new TagEditing();
