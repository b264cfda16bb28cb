/** @file What Tags contributes. */
import type { Job } from '../../../src-main/contract/index.ts';
import { countOf } from '../../lib/format.ts';
import { attempt, route } from '../../state/app.svelte.ts';
import { tagsPlace, writings } from '../../state/tagging.svelte.ts';
import type { View } from '../view.ts';
import { chooseTags, taggableTracks } from './choose-tags.ts';
import { tagActions } from './tag-actions.ts';
import TagDialogs from './TagDialogs.svelte';
import TagsView from './TagsView.svelte';

export const tagsView: View = {
  ...{ title: 'Tags', icon: 'tags', key: 'Mod+4', alsoCalled: 'labels suggest' },
  page: TagsView,
  actions: tagActions,
  dialogs: TagDialogs,
  openJob: { tag: () => () => route.go('tags'), write: (job) => () => attempt(openWriting(job)) },
  take: (trackIds, at) =>
    chooseTags(
      taggableTracks(() => trackIds, countOf(trackIds.length, 'track')),
      at,
    ),
};

async function openWriting(job: Job): Promise<void> {
  tagsPlace.go({ page: 'write', tagIds: [] });
  route.go('tags');
  await writings.load();
  const writing = writings.list?.find(({ jobId }) => jobId === job.id);
  if (writing !== undefined) writings.show(writing.id);
}
