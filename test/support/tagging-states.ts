/** @file The states of tagging connected to a seeded core, for their tests. */
import { expect } from 'vitest';
import type { EncoderId, MarkTarget, Tag, TagId, TrackId } from '../../src-main/contract/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import { HeadsState } from '../../src-renderer/state/heads.svelte.ts';
import { QuestionsState } from '../../src-renderer/state/questions.svelte.ts';
import { SuggestionsState } from '../../src-renderer/state/suggestions.svelte.ts';
import { TagChooserState } from '../../src-renderer/state/tag-chooser.svelte.ts';
import { TagMarksState } from '../../src-renderer/state/tag-marks.svelte.ts';
import { TagsState } from '../../src-renderer/state/tags.svelte.ts';
import { WritingsState } from '../../src-renderer/state/writings.svelte.ts';
import { seededTests } from './connected.ts';
import type { Connected, ConnectedOptions } from './connected.ts';

/** The seeded core's encoder that has an index. */
export const encoderId = 1 as EncoderId;
/** Whole tracks. */
export const targets = (...ids: number[]): MarkTarget[] => ids.map((id) => ({ trackId: id as TrackId }));

/** The states, what they are connected to, and their core. */
export type TaggingStates = Connected & {
  tags: TagsState;
  marks: TagMarksState;
  heads: HeadsState;
  chooser: TagChooserState;
  suggestions: SuggestionsState;
  questions: QuestionsState;
  writings: WritingsState;
};

/** States on a core of their own, with tags and a head that was trained on them. */
export function taggingTests(): (options?: ConnectedOptions) => TaggingStates {
  const seeded = seededTests({ tags: true, prepare: trainHead });
  return (options) => {
    const all = seeded(options);
    const { api, undo } = all;
    const throwing = (error: unknown): void => {
      throw error;
    };
    const [tags, marks] = [new TagsState(api, undo), new TagMarksState(api, throwing)];
    return {
      ...{ ...all, tags, marks, heads: new HeadsState(api), chooser: new TagChooserState(tags, marks) },
      ...{ suggestions: new SuggestionsState(api, undo), questions: new QuestionsState(api, undo), writings: new WritingsState(api) },
    };
  };
}

async function trainHead({ heads }: Services): Promise<void> {
  await heads.train({ encoderId, architecture: 'logistic', groupBy: 'artist' }).settled;
}

/** A tag by how it is written; fails when there is none. */
export function named(tags: TagsState, name: string): Tag {
  const tag = tags.named(name);
  if (tag === undefined) throw new Error(`There is no tag ${name}.`);
  return tag;
}

/** Loads tags and heads. */
export async function loaded(all: TaggingStates): Promise<TaggingStates> {
  await all.tags.load();
  await all.heads.show(encoderId);
  return all;
}

/** Shows suggestions for a tag. */
export async function suggested(all: TaggingStates, name = 'mood: rainy'): Promise<TaggingStates & { tagId: TagId }> {
  await loaded(all);
  const tagId = named(all.tags, name).id;
  const known = all.heads.ofTag(tagId);
  if (known === null || known.label.label === null) throw new Error(`${name} was not learnt.`);
  all.suggestions.show({ headId: known.head.id, label: known.label.label });
  await expect.poll(() => all.suggestions.total).not.toBeNull();
  await expect.poll(() => all.suggestions.threshold).not.toBeNull();
  return { ...all, tagId };
}
