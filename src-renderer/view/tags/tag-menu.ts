/** @file The menu of a tag. */
import type { Tag } from '../../../src-main/contract/index.ts';
import { attempt, dialogs } from '../../state/app.svelte.ts';
import { heads, tags, tagsPlace } from '../../state/tagging.svelte.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { editing } from './editing.svelte.ts';
import { openTag, removeTags, writeToFiles } from './tag-actions.ts';

/** What can be done with a tag, or with all that are selected when it is one of them. */
export function tagMenu(tag: Tag): MenuEntry[] {
  const several = editing.selected.includes(tag.id) ? editing.selected.flatMap((id) => tags.get(id) ?? []) : [tag];
  const others = (tags.list ?? []).filter(({ id }) => id !== tag.id);
  const merging = several.length > 1 ? several : [tag, ...others];
  return [
    { label: 'Rename', icon: 'rename', run: () => (editing.renaming = tag.id) },
    {
      label: 'Colour…',
      run: () => {
        openTag(tag);
        editing.colouring = tag.id;
      },
    },
    {
      label: several.length > 1 ? `Merge ${several.length} tags…` : 'Merge into another…',
      icon: 'merge',
      disabled: merging.length < 2,
      run: () => dialogs.open({ kind: 'mergeTags', tags: several.length > 1 ? several : [tag] }),
    },
    {
      label: 'Ask me about it',
      icon: 'ask',
      disabled: heads.ofTag(tag.id)?.label.state !== 'ready',
      run: () => tagsPlace.go({ page: 'ask', tagId: tag.id }),
      separated: true,
    },
    { label: 'Write to files…', icon: 'file', run: () => writeToFiles(several.map(({ id }) => id)) },
    {
      label: several.length > 1 ? `Delete ${several.length} tags` : 'Delete',
      icon: 'remove',
      run: () => attempt(removeTags(tag)),
      separated: true,
    },
  ];
}
