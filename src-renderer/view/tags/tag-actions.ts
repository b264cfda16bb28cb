/** @file What can be done with tags from everywhere, and from several places of the Tags view. */
import type { HeadArchitecture, HeadLabel, JobId, Tag, TagId } from '../../../src-main/contract/index.ts';
import type { Action } from '../../lib/keys.ts';
import { tagTitle } from '../../lib/tag-name.ts';
import { attempt, dialogs, encoders, jobs, library, route } from '../../state/app.svelte.ts';
import type { LabelId } from '../../state/suggestions.svelte.ts';
import { heads, tags, tagsPlace } from '../../state/tagging.svelte.ts';
import type { TagTab } from '../../state/tags-place.svelte.ts';
import { tagSelection, taggableNow } from './choose-tags.ts';
import { editing } from './editing.svelte.ts';
import { tagsMemory } from './tags-memory.ts';

/** Shows a tag. */
export function openTag(tag: Pick<Tag, 'id'> | undefined, tab?: TagTab): void {
  if (tag === undefined) return;
  const isShown = tagsPlace.page?.page === 'tag';
  tagsPlace.go({ page: 'tag', tagId: tag.id }, tab ?? (isShown ? tagsPlace.tab : 'tracks'));
}

/** Makes a tag of what was typed, and shows it. */
export async function createTag(typed: string): Promise<void> {
  openTag(await tags.create(typed), 'tracks');
}

/** Deletes a tag, or all that are selected when it is one of them. */
export async function removeTags(tag: Tag): Promise<void> {
  const ids: TagId[] = editing.selected.includes(tag.id) ? [...editing.selected] : [tag.id];
  await tags.remove(ids);
  editing.selected = [];
}

/** Shows the page that writes tags to files, beginning with these: those that are selected, else the one that is shown. */
export function writeToFiles(tagIds?: readonly TagId[]): void {
  if (tagsPlace.page?.page === 'write') return;
  const shown = tagsPlace.tagId === null ? [] : [tagsPlace.tagId];
  tagsPlace.go({ page: 'write', tagIds: tagIds ?? (editing.selected.length > 0 ? [...editing.selected] : shown) });
}

/** Begins to train as the person last chose to. */
export async function train(): Promise<JobId | null> {
  const { architecture, groupBy } = tagsMemory.current;
  const chosen: HeadArchitecture = architecture === 'mlp' ? 'mlp' : 'logistic';
  return heads.train({ architecture: chosen, groupBy: groupBy === 'album' ? 'album' : 'artist' });
}

/** The label's number with its head, as suggestions are asked for; null for a label that was not learnt. */
export function labelIdOf(headId: LabelId['headId'], { label }: HeadLabel): LabelId | null {
  return label === null ? null : { headId, label };
}

/** Whether there is an index to learn from. */
export function hasIndex(): boolean {
  return (encoders.current?.index?.segments ?? 0) > 0;
}

function showTags(): void {
  route.go('tags');
}

const group = 'Tags';

/** The actions of tagging that are offered everywhere. */
export function tagActions(): Action[] {
  return [
    {
      id: 'tags.choose',
      label: 'Tag what is selected or plays',
      group,
      keys: ['t'],
      run: tagSelection,
      when: () => taggableNow() !== null,
      alsoCalled: 'label',
    },
    {
      id: 'tags.new',
      label: 'New tag',
      group,
      keys: [],
      run: () => {
        showTags();
        requestAnimationFrame(() => editing.fieldRequests++);
      },
    },
    ...learningActions(),
    ...tagSourceActions(),
    {
      id: 'tags.write',
      label: 'Write tags to files',
      group,
      keys: [],
      when: () => (tags.list?.length ?? 0) > 0,
      run: () => {
        writeToFiles();
        showTags();
      },
      alsoCalled: 'export id3 genre comment',
    },
  ];
}

/** What is learnt from tags. */
function learningActions(): Action[] {
  return [
    {
      id: 'tags.train',
      label: 'Train tags',
      group,
      keys: [],
      when: () => (tags.list?.length ?? 0) > 0 && hasIndex() && !jobs.isBusy('tag'),
      run: () => {
        showTags();
        attempt(train());
      },
      alsoCalled: 'learn suggest head',
    },
    {
      id: 'tags.ask',
      label: 'Ask me: answer what teaches most',
      group,
      keys: [],
      when: () => heads.trained !== null,
      run: () => {
        tagsPlace.go({ page: 'ask', tagId: null });
        showTags();
      },
    },
  ];
}

/** What tags are made from. */
function tagSourceActions(): Action[] {
  return [
    {
      id: 'tags.fromFiles',
      label: 'Make tags from files and folders',
      group,
      keys: [],
      when: () => !library.isEmpty,
      run: () => dialogs.open({ kind: 'tagsFromFiles' }),
      alsoCalled: 'import genre',
    },
    {
      id: 'tags.fromNeuron',
      label: 'Make a tag from a neuron',
      group,
      keys: [],
      when: hasIndex,
      run: () => dialogs.open({ kind: 'tagFromNeuron', feature: null }),
      alsoCalled: 'feature activation',
    },
  ];
}

/** One action for every tag: the palette puts it on what is selected. */
export function tagEachActions(): Action[] {
  const taggable = taggableNow();
  const put = async (tagId: TagId): Promise<void> => {
    if (taggable !== null) await tags.mark([tagId], await taggable.targets(), 'yes');
  };
  const onSelection = (tags.list ?? []).map((tag) => ({
    id: `tags.put.${tag.id}`,
    label: `Tag: ${tagTitle(tag)}`,
    group: taggable === null ? group : `on ${taggable.what}`,
    keys: [],
    run: () => attempt(put(tag.id)),
  }));
  const shown = (tags.list ?? []).map((tag) => ({
    id: `tags.show.${tag.id}`,
    label: `Go to tag ${tagTitle(tag)}`,
    group,
    keys: [],
    run: () => {
      openTag(tag);
      showTags();
    },
  }));
  return [...(taggable === null ? [] : onSelection), ...shown];
}
