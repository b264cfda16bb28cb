/** @file The states of tagging connected to a fake core, for their tests. */
import { expect } from 'vitest';
import type { EncoderId, MarkTarget, Tag, TagId, TrackId } from '../../src-main/contract/index.ts';
import { createClient, createRouter, memoryPorts, servePort } from '../../src-main/rpc/index.ts';
import { HeadsState } from '../../src-renderer/state/heads.svelte.ts';
import { QuestionsState } from '../../src-renderer/state/questions.svelte.ts';
import { SuggestionsState } from '../../src-renderer/state/suggestions.svelte.ts';
import { TagChooserState } from '../../src-renderer/state/tag-chooser.svelte.ts';
import { TagMarksState } from '../../src-renderer/state/tag-marks.svelte.ts';
import { TagsState } from '../../src-renderer/state/tags.svelte.ts';
import { UndoState } from '../../src-renderer/state/undo.svelte.ts';
import { WritingsState } from '../../src-renderer/state/writings.svelte.ts';
import { createFakeCore } from './fake-core.ts';
import type { FakeCore, FakeOptions } from './fake-core.ts';

/** The fake core's encoder that has an index. */
export const encoderId = 1 as EncoderId;
/** Whole tracks. */
export const targets = (...ids: number[]): MarkTarget[] => ids.map((id) => ({ trackId: id as TrackId }));

/** The states, what they are connected to, and the core's reins. */
export type Connected = {
  core: FakeCore;
  api: ReturnType<typeof createClient>;
  undo: UndoState;
  tags: TagsState;
  marks: TagMarksState;
  heads: HeadsState;
  chooser: TagChooserState;
  suggestions: SuggestionsState;
  questions: QuestionsState;
  writings: WritingsState;
};

/** States on a fake core of their own. */
export function connected(options: FakeOptions = { tags: 'some' }): Connected {
  const core = createFakeCore(options);
  const [own, other] = memoryPorts();
  servePort(
    createRouter(core.handlers, () => undefined),
    other,
  );
  const api = createClient(own);
  const throwing = (error: unknown): void => {
    throw error;
  };
  const undo = new UndoState(throwing, () => undefined);
  const tags = new TagsState(api, undo);
  const marks = new TagMarksState(api, throwing);
  const heads = new HeadsState(api);
  return {
    core,
    api,
    undo,
    tags,
    marks,
    heads,
    chooser: new TagChooserState(tags, marks),
    suggestions: new SuggestionsState(api, undo),
    questions: new QuestionsState(api, undo),
    writings: new WritingsState(api),
  };
}

/** A tag by how it is written; fails when there is none. */
export function named(tags: TagsState, name: string): Tag {
  const tag = tags.named(name);
  if (tag === undefined) throw new Error(`There is no tag ${name}.`);
  return tag;
}

/** States with a head trained on the fake core's tags. */
export async function trained(options?: FakeOptions): Promise<Connected> {
  const all = connected(options);
  await all.tags.load();
  await all.heads.show(encoderId);
  await all.heads.train({ architecture: 'logistic', groupBy: 'artist' });
  for (let i = 0; i < 20; i++) all.core.jobs.step(0.25);
  await all.heads.load();
  return all;
}

/** States that show suggestions for a tag. */
export async function suggested(name = 'mood: rainy'): Promise<Connected & { tagId: TagId }> {
  const all = await trained();
  const tagId = named(all.tags, name).id;
  const known = all.heads.ofTag(tagId);
  if (known === null || known.label.label === null) throw new Error(`${name} was not learnt.`);
  all.suggestions.show({ headId: known.head.id, label: known.label.label });
  await expect.poll(() => all.suggestions.total).not.toBeNull();
  await expect.poll(() => all.suggestions.threshold).not.toBeNull();
  return { ...all, tagId };
}
