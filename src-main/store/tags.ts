/** @file Tags of a person's own, and the answers on tracks and passages. Every change can be taken back (`tag-changes.ts`). */
import { AppError, countOf, defined } from '../base/index.ts';
import { tagColors } from '../contract/index.ts';
import type { Change, ChangeId, Mark, Tag, TagField, TagId, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { change, rows, values } from './statement.ts';
import { inOneStep, inSteps } from './steps.ts';
import type { Pause } from './steps.ts';
import { TagChanges } from './tag-changes.ts';
import { TagCounts } from './tag-counts.ts';
import type { MarkCounts } from './tag-counts.ts';
import { fieldTracks } from './tag-fields.ts';
import type { FieldTracks } from './tag-fields.ts';
import { TagMarks } from './tag-marks.ts';
import type { MarkWish, PlainMark } from './tag-marks.ts';
import { TagTracks } from './tag-tracks.ts';
import { quotedTag, tagKey, tagWords, typedTagWords } from './tag-words.ts';
import type { TagWords } from './tag-words.ts';
import { sortKey } from './text-keys.ts';
import type { TrackSet } from './track-search.ts';

/** A tag to make. `isTyped`: a colon in the name parts kind and name. A colour is chosen when none is given. */
export type NewTag = TagWords & { color?: number | undefined; isTyped?: boolean };

/** What may change in a tag. */
export type TagUpdate = { tagId: TagId; kind?: string | undefined; name?: string | undefined; color?: number | undefined };

type TitledWish = MarkWish & { title?: string };

/** What a change answers: null when nothing was different afterwards. */
export type Changed = { tag: Tag; change: Change | null };

const listSql = 'SELECT g.id, g.kind, g.name, g.color, g.created_at AS createdAt FROM tags g WHERE g.removed_at IS NULL';

/** Reads and changes tags and marks. */
export class Tags {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  readonly #changes: TagChanges;
  readonly #marks: TagMarks;
  readonly #tracks: TagTracks;
  readonly #counts: TagCounts;
  #listed: { made: string; tags: Tag[] } | null = null;

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
    this.#changes = new TagChanges(connection, revisions);
    this.#marks = new TagMarks(connection);
    this.#tracks = new TagTracks(connection, revisions);
    this.#counts = new TagCounts(connection, revisions);
  }

  /** All tags by kind and name; those without a kind last. Counts are over tracks that can be shown. */
  list(): Tag[] {
    const made = `${this.#revisions.library} ${this.#revisions.tags}`;
    if (this.#listed?.made !== made) {
      const found = rows<[], Omit<Tag, keyof MarkCounts>>(this.#connection, listSql).all();
      const counts = this.#counts.of(found.map(({ id }) => id));
      const keyed = found
        .map((tag, i): Tag => ({ ...tag, ...(counts[i] as MarkCounts) }))
        .map((tag) => ({ tag, key: `${sortKey(tag.kind)}\u0001${sortKey(tag.name)}` }));
      keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.tag.id - b.tag.id));
      this.#listed = { made, tags: keyed.map(({ tag }) => tag) };
    }
    return [...this.#listed.tags];
  }

  /** Counts what {@link list} shows, in steps; `pause` is waited for between two. */
  async prepare(pause: Pause): Promise<void> {
    const tagIds = values<[], TagId>(this.#connection, 'SELECT id FROM tags WHERE removed_at IS NULL').all();
    await inSteps(this.#counts.counting(tagIds), pause);
  }

  /** @throws AppError NOT_FOUND, also for a removed tag */
  get(tagId: TagId): Tag {
    const tag = rows<[number], Omit<Tag, keyof MarkCounts>>(this.#connection, `${listSql} AND g.id = ?`).get(tagId);
    if (tag === undefined) throw unknownTag(tagId);
    return { ...tag, ...(this.#counts.of([tagId])[0] as MarkCounts) };
  }

  /** The tag of this kind and name, whatever the case, accents and blanks; null when there is none. */
  find(kind: string, name: string): Tag | null {
    const id = this.#idOf(tagKey(tagWords({ kind, name })));
    return id === undefined ? null : this.get(id);
  }

  /** The tag that a person means by what they typed (`mood: rainy`); null when there is none. */
  findTyped(text: string): Tag | null {
    const { kind, name } = typedTagWords({ kind: '', name: text });
    return this.find(kind, name) ?? this.find('', text);
  }

  /** Makes a tag; one that is there is given back as it is. @throws AppError BAD_INPUT for a blank or too long name */
  create({ color, isTyped = false, ...given }: NewTag): Changed {
    const words = isTyped ? typedTagWords(given) : tagWords(given);
    const known = this.#idOf(tagKey(words));
    if (known !== undefined) return { tag: this.get(known), change: null };
    const sql = 'INSERT INTO tags (kind, name, key, color, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id';
    let id: TagId | undefined;
    const made = this.#changes.record((changeId) => {
      const insert = values<(string | number)[], TagId>(this.#connection, sql);
      id = defined(insert.get(words.kind, words.name, tagKey(words), color ?? this.#leastUsedColor(), Date.now()), 'the new tag');
      this.#changes.keepNewTag(changeId, id);
      this.#revisions.tagsChanged([id]);
      return `${quotedTag(words)} made`;
    });
    return { tag: this.get(defined(id, 'the new tag')), change: made };
  }

  /** Changes what is given. @throws AppError NOT_FOUND, BAD_INPUT for a blank name, a long one, and one that another tag has */
  update({ tagId, kind, name, color }: TagUpdate): Changed {
    const before = this.get(tagId);
    const given = { kind: kind ?? before.kind, name: name ?? before.name };
    const words = kind === undefined && name !== undefined ? typedTagWords(given) : tagWords(given);
    const key = tagKey(words);
    const other = this.#idOf(key);
    if (other !== undefined && other !== tagId)
      throw new AppError('BAD_INPUT', `There is a tag ${quotedTag(this.get(other))} already. Merge the two, or choose another name.`, {
        details: { tagId: other },
      });
    const now = color ?? before.color;
    const isRenamed = words.kind !== before.kind || words.name !== before.name;
    if (!isRenamed && now === before.color) return { tag: before, change: null };
    const made = this.#changes.record((changeId) => {
      this.#changes.keepTags(changeId, [tagId]);
      change(this.#connection, 'UPDATE tags SET kind = ?, name = ?, key = ?, color = ? WHERE id = ?').run(
        ...[words.kind, words.name, key, now, tagId],
      );
      this.#revisions.tagsChanged([tagId]);
      return isRenamed ? `${quotedTag(before)} renamed to ${quotedTag(words)}` : `${quotedTag(before)} given another colour`;
    });
    return { tag: this.get(tagId), change: made };
  }

  /** All that the others mark becomes `into`'s, and the others are removed; where they disagree, `into` wins. @throws AppError NOT_FOUND */
  merge({ tagIds, into }: { tagIds: readonly TagId[]; into: TagId }): Change | null {
    const target = this.get(into);
    const others = [...new Set(tagIds)].filter((id) => id !== into).map((id) => this.get(id));
    if (others.length === 0) return null;
    return this.#changes.record((changeId) => inOneStep(this.#merging(changeId, { others, target })));
  }

  /** As {@link merge}, in steps. */
  mergeInSteps({ tagIds, into }: { tagIds: readonly TagId[]; into: TagId }, pause: Pause): Promise<Change | null> {
    const target = this.get(into);
    const others = [...new Set(tagIds)].filter((id) => id !== into).map((id) => this.get(id));
    if (others.length === 0) return Promise.resolve(null);
    return this.#changes.recordInSteps((changeId) => this.#merging(changeId, { others, target }), pause);
  }

  *#merging(changeId: ChangeId, { others, target }: { others: readonly Tag[]; target: Tag }): Generator<void, string> {
    const ids = others.map(({ id }) => id);
    yield* this.#marks.merge(changeId, ids, target.id);
    this.#removeKept(changeId, ids);
    return `${nameOf(others)} merged into ${quotedTag(target)}`;
  }

  /** Removes tags from everything. @throws AppError NOT_FOUND */
  remove(tagIds: readonly TagId[]): Change | null {
    const tags = [...new Set(tagIds)].map((id) => this.get(id));
    return this.#changes.record((changeId) => {
      this.#removeKept(
        changeId,
        tags.map(({ id }) => id),
      );
      return `${nameOf(tags)} removed`;
    });
  }

  /** Says yes or no of every tag and every target, or takes answers back. A title is made when none is given. @throws AppError NOT_FOUND, BAD_INPUT */
  mark(wish: TitledWish): Change | null {
    return this.#changes.record((changeId) => inOneStep(this.#marking(changeId, wish)));
  }

  /** As {@link mark}, in steps: others have their turn in each `pause`. */
  markInSteps(wish: TitledWish, pause: Pause): Promise<Change | null> {
    for (const tagId of wish.tagIds) this.get(tagId);
    return this.#changes.recordInSteps((changeId) => this.#marking(changeId, wish), pause);
  }

  *#marking(changeId: ChangeId, { title, ...wish }: TitledWish): Generator<void, string> {
    const tags = [...new Set(wish.tagIds)].map((id) => this.get(id));
    const marks = yield* this.#marks.set(changeId, wish);
    this.#revisions.tagsChanged(wish.tagIds);
    return title ?? `${nameOf(tags)} ${verbs[wish.answer]} ${targetsOf(wish.targets, Math.ceil(marks / tags.length))}`;
  }

  /** Makes all changes of `work`'s steps one change under this title; null when nothing is different. */
  asOneInSteps(title: string, work: () => Generator<void, void>, pause: Pause): Promise<Change | null> {
    return this.#changes.recordInSteps(function* () {
      yield* work();
      return title;
    }, pause);
  }

  /** Says yes or no within a change that is made in steps; see {@link asOneInSteps}. */
  *marking(wish: MarkWish): Generator<void, void> {
    yield* this.#changes.within((changeId) => this.#marking(changeId, wish));
  }

  /** Makes all changes of `work` one change under this title; null when nothing is different. */
  asOne(title: string, work: () => void): Change | null {
    return this.#changes.record(() => {
      work();
      return title;
    });
  }

  /** Every mark of some tracks, by track, tag and time. */
  marksOf(trackIds: readonly TrackId[]): Mark[] {
    return this.#marks.of(trackIds);
  }

  /** Every mark of one tag, by track and time. */
  marksWith(tagId: TagId): PlainMark[] {
    return this.#marks.with(tagId);
  }

  /** Every mark of tracks that can be shown, by tag and track. */
  allMarks(): PlainMark[] {
    return this.#marks.all();
  }

  /** Tracks that carry a tag, as a whole or in a passage, and can be shown. */
  tracksWith(tagId: TagId): TrackId[] {
    return this.#tracks.list(tagId);
  }

  /** All tracks that carry a tag, whether they can be shown or not, as a set. */
  trackSet(tagId: TagId): TrackSet {
    return this.#tracks.set(tagId);
  }

  /** Values of files' own tags that can become tags; see {@link fieldTracks}. Others have their turn in each `pause`. */
  async fieldTracks(field: TagField, pause: Pause): Promise<Map<string, FieldTracks>> {
    const steps = fieldTracks(this.#connection, field);
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      await pause();
    }
  }

  /** Changes that can be taken back, newest first. */
  changes(): Change[] {
    return this.#changes.list();
  }

  /** Number of the latest change; null before the first. */
  lastChangeId(): ChangeId | null {
    return this.#changes.last();
  }

  /** Goes up with every change of tags and marks. */
  get revision(): number {
    return this.#revisions.tags;
  }

  /** See {@link TagChanges.takeBackUnfinished}. */
  takeBackUnfinished(): void {
    this.#changes.takeBackUnfinished();
  }

  /** See {@link TagChanges.undoInSteps}. */
  undoInSteps(changeId: ChangeId, pause: Pause): Promise<Change | null> {
    return this.#changes.undoInSteps(changeId, pause);
  }

  /** See {@link TagChanges.undo}. */
  undo(changeId: ChangeId): Change | null {
    return this.#changes.undo(changeId);
  }

  #removeKept(changeId: ChangeId, tagIds: readonly TagId[]): void {
    this.#changes.keepTags(changeId, tagIds);
    const sql = 'UPDATE tags SET removed_at = ? WHERE id IN (SELECT value FROM json_each(?))';
    change(this.#connection, sql).run(Date.now(), JSON.stringify(tagIds));
    this.#revisions.tagsChanged(tagIds);
  }

  #idOf(key: string): TagId | undefined {
    return values<[string], TagId>(this.#connection, 'SELECT id FROM tags WHERE key = ? AND removed_at IS NULL').get(key);
  }

  #leastUsedColor(): number {
    const uses = new Array<number>(tagColors).fill(0);
    const colors = values<[], number>(this.#connection, 'SELECT color FROM tags WHERE removed_at IS NULL').all();
    for (const color of colors) uses[color] = (uses[color] ?? 0) + 1;
    return uses.indexOf(Math.min(...uses.slice(0, tagColors)));
  }
}

const verbs = { yes: 'added to', no: 'does not fit', none: 'taken off' } as const;

function nameOf(tags: readonly TagWords[]): string {
  const [first, second, third] = tags;
  if (first === undefined || third !== undefined) return countOf(tags.length, 'tag');
  return second === undefined ? quotedTag(first) : `${quotedTag(first)} and ${quotedTag(second)}`;
}

function targetsOf(targets: MarkWish['targets'], count: number): string {
  const passages = targets.filter(({ startMs }) => startMs !== undefined).length;
  const noun = passages === 0 ? 'track' : passages === targets.length ? 'passage' : 'place';
  return countOf(count, noun);
}

function unknownTag(tagId: number): AppError {
  return new AppError('NOT_FOUND', `There is no tag with the number ${tagId} any more. Look at the list of tags again.`, {
    details: { tagId },
  });
}
