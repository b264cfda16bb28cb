/** @file A person's tags: the list, what is done with them, and the way back from each of it. */
import type { Api } from '../client/index.ts';
import { leastTagExamples } from '../../src-main/contract/index.ts';
import type { Change, EncoderId, MarkTarget, Tag, TagAnswer, TagField, TagId } from '../../src-main/contract/index.ts';
import { countOf, shownName } from '../lib/format.ts';
import { groupedByKind, isSameTag, readTagName, tagTitle } from '../lib/tag-name.ts';
import type { TagName } from '../lib/tag-name.ts';
import type { UndoState } from './undo.svelte.ts';

/** What is used of the core. */
type TagsApi = { tags: Api['tags'] };

/** Tags of one kind, by name. */
export type TagGroup = { kind: string; tags: readonly Tag[] };

/** Segments above an activation, and the tag that they get. */
export type NeuronWish = { encoderId: EncoderId; feature: number; atLeast: number; tagId: TagId; per: 'track' | 'segment' };

/** All tags. */
export class TagsState {
  readonly #api: TagsApi;
  readonly #undo: UndoState;
  #list = $state.raw<readonly Tag[] | null>(null);
  #error = $state.raw<unknown>(null);

  constructor(api: TagsApi, undo: UndoState) {
    this.#api = api;
    this.#undo = undo;
  }

  /** By kind and name; null until they are loaded. */
  get list(): readonly Tag[] | null {
    return this.#list;
  }

  /** Why they could not be loaded; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  readonly groups: readonly TagGroup[] = $derived.by(() => groupedByKind(this.#list ?? []));

  get(tagId: TagId | null): Tag | undefined {
    return this.#list?.find(({ id }) => id === tagId);
  }

  /** The tag that is written so, whatever the case. */
  named(typed: string): Tag | undefined {
    const wanted = readTagName(typed);
    return this.#list?.find((tag) => isSameTag(tag, wanted));
  }

  /** Kinds that there are, by name. */
  get kinds(): readonly string[] {
    return this.groups.map(({ kind }) => kind).filter((kind) => kind !== '');
  }

  async load(): Promise<void> {
    try {
      const list = await this.#api.tags.list();
      this.#list = list.map((tag) => ({ ...tag, kind: shownName(tag.kind), name: shownName(tag.name) })).toSorted(byName);
      this.#error = null;
    } catch (error) {
      this.#error = error;
      if (this.#list !== null) throw error;
    }
  }

  /** Makes a tag of what was typed; one that is there already is given back as it is. */
  async create(typed: string): Promise<Tag> {
    const { tag, change } = await this.#api.tags.create({ name: typed });
    await this.#did(change);
    return tag;
  }

  /** Makes a tag of what was typed and puts it on targets, or on what lies above an activation: one step to be taken back. */
  async createOn(typed: string, on: readonly MarkTarget[] | Omit<NeuronWish, 'tagId'>): Promise<Tag> {
    const { tag, change: made } = await this.#api.tags.create({ name: typed });
    const { change: put } =
      'feature' in on
        ? await this.#api.tags.fromNeuron({ ...on, tagId: tag.id })
        : await this.#api.tags.mark({ tagIds: [tag.id], targets: [...on], answer: 'yes' });
    await this.#did(put, made);
    return tag;
  }

  /** Gives a tag another name, and another kind where what was typed has one. */
  async rename(tag: Tag, typed: string): Promise<void> {
    const wanted: TagName = readTagName(typed);
    if (tagTitle(wanted) === tagTitle(tag)) return;
    await this.#did((await this.#api.tags.update({ tagId: tag.id, ...wanted })).change);
  }

  async recolour(tag: Tag, color: number): Promise<void> {
    if (color !== tag.color) await this.#did((await this.#api.tags.update({ tagId: tag.id, color })).change);
  }

  /** What the others mark becomes the first's. */
  async merge(tagIds: readonly TagId[], into: TagId): Promise<void> {
    await this.#did((await this.#api.tags.merge({ tagIds: tagIds.filter((id) => id !== into), into })).change);
  }

  async remove(tagIds: readonly TagId[]): Promise<void> {
    await this.#did((await this.#api.tags.remove({ tagIds: [...tagIds] })).change);
  }

  /** Says yes or no of a tag and every target; `none` takes answers back. */
  async mark(tagIds: readonly TagId[], targets: readonly MarkTarget[], answer: TagAnswer | 'none'): Promise<void> {
    if (targets.length === 0) return;
    await this.#did((await this.#api.tags.mark({ tagIds: [...tagIds], targets: [...targets], answer })).change);
  }

  /** Makes tags of values of a field, and puts them on the tracks that have them. */
  async fromField(field: TagField, values: readonly string[], kind: string): Promise<readonly TagId[]> {
    const { change, tagIds } = await this.#api.tags.fromField({ field, values: [...values], kind });
    await this.#did(change);
    return tagIds;
  }

  /**
   * Remembers changes that the core made of tags, so that they can be taken back.
   * @param last names the step
   * @param before what was changed just before it, as part of the same step
   */
  async #did(last: Change | null, before: Change | null = null): Promise<void> {
    await this.load();
    const changes = [last, before].filter((change) => change !== null);
    if (changes[0] === undefined) return;
    this.#undo.did(changes[0].title, async () => {
      for (const { id } of changes) await this.#api.tags.undo({ changeId: id });
      await this.load();
    });
  }
}

function byName(one: Tag, other: Tag): number {
  // Those without a kind come first: they are the ones that are typed fastest.
  return one.kind.localeCompare(other.kind) || one.name.localeCompare(other.name) || one.id - other.id;
}

/** Tracks and passages that a tag fits, as far as training needs them: `4 of 5`; null when there are enough. */
export function examplesMissing({ tracks, passages }: Tag): string | null {
  const examples = Math.max(tracks, passages);
  return examples < leastTagExamples ? `${examples} of ${leastTagExamples}` : null;
}

/** How much carries a tag: `34 tracks · 3 passages · 5 it does not fit`. */
export function tagFigures({ tracks, passages, rejected }: Tag): string {
  const parts = [countOf(tracks, 'track')];
  if (passages > 0) parts.push(countOf(passages, 'passage'));
  if (rejected > 0) parts.push(`does not fit ${countOf(rejected, 'other', 'others')}`);
  return parts.join(' · ');
}
