/** @file Tags of synthetic tracks, kept in memory, with the way back from every change. */
import { AppError } from '../../src-main/base/index.ts';
import { tagColors } from '../../src-main/contract/index.ts';
import type {
  AppEvent,
  Change,
  ChangeId,
  Handlers,
  Mark,
  MarkSource,
  MarkTarget,
  Tag,
  TagAnswer,
  TagField,
  TagId,
  Track,
  TrackId,
} from '../../src-main/contract/index.ts';
import { noise } from './fake-tracks.ts';

/** What is used of the fake world. */
export type TagsWorld = {
  readonly tracks: readonly Track[];
  emit(event: AppEvent): void;
  /** Segments on which a feature is at least so large. */
  above(feature: number, atLeast: number): readonly Required<MarkTarget>[];
};

type Kept = Pick<Tag, 'id' | 'kind' | 'name' | 'color' | 'createdAt'>;
type State = { tags: ReadonlyMap<TagId, Kept>; marks: ReadonlyMap<string, Mark> };
type Before = { tags: (readonly [TagId, Kept | undefined])[]; marks: (readonly [string, Mark | undefined])[] };

/** Answers of many targets. */
export type FakeSaying = { tagIds: readonly TagId[]; targets: readonly MarkTarget[]; answer: TagAnswer | 'none'; source: MarkSource };

/** Every event of the fake is a second after the one before. */
const firstAt = Date.UTC(2025, 9, 4, 12);
const keyOf = (tagId: TagId, trackId: TrackId, startMs: number | null): string => `${tagId}/${trackId}/${startMs ?? ''}`;
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();

/** All tags and marks. */
export class FakeTags {
  readonly #world: TagsWorld;
  readonly #changes: { change: Change; before: Before }[] = [];
  #state: State = { tags: new Map(), marks: new Map() };
  #at = firstAt;
  #nextTag = 1;

  constructor(world: TagsWorld, isFilled: boolean) {
    this.#world = world;
    if (isFilled) this.#fill();
  }

  /** The next moment. */
  now(): number {
    return (this.#at += 1000);
  }

  list(): Tag[] {
    return [...this.#state.tags.values()].map((tag) => {
      const marks = this.marks().filter(({ tagId }) => tagId === tag.id);
      const yes = marks.filter(({ answer }) => answer === 'yes');
      return {
        ...tag,
        tracks: new Set(yes.map(({ trackId }) => trackId)).size,
        passages: yes.filter(({ startMs }) => startMs !== null).length,
        rejected: marks.length - yes.length,
      };
    });
  }

  get(tagId: TagId): Tag {
    const tag = this.list().find(({ id }) => id === tagId);
    if (tag === undefined) throw new AppError('NOT_FOUND', `There is no tag ${tagId}.`);
    return tag;
  }

  marks(): Mark[] {
    return [...this.#state.marks.values()];
  }

  /** Tracks that carry a tag. */
  tracksWith(tagId: TagId): Set<TrackId> {
    return new Set(this.marks().flatMap((mark) => (mark.tagId === tagId && mark.answer === 'yes' ? mark.trackId : [])));
  }

  create(kind: string, typed: string, color?: number): { tag: Tag; change: Change | null } {
    if (typed.trim() === '') throw new AppError('BAD_INPUT', 'A tag needs a name that can be seen. Type at least one letter or sign.');
    const parts = /^(.+?):(.+)$/.exec(typed);
    const words =
      kind === '' && parts !== null
        ? { kind: parts[1]?.trim() ?? '', name: parts[2]?.trim() ?? '' }
        : { kind: kind.trim(), name: typed.trim() };
    const known = [...this.#state.tags.values()].find(
      (tag) => plain(tag.kind) === plain(words.kind) && plain(tag.name) === plain(words.name),
    );
    if (known !== undefined) return { tag: this.get(known.id), change: null };
    const id = this.#nextTag++ as TagId;
    const made = { ...words, id, color: color ?? (id - 1) % tagColors, createdAt: this.now() };
    const change = this.record(`“${words.name}” made`, () => this.#put({ tags: [[id, made]] }));
    return { tag: this.get(id), change };
  }

  mark(saying: FakeSaying, title?: string): Change | null {
    const { tagIds, targets, answer, source } = saying;
    const names = tagIds.map((id) => `“${this.get(id).name}”`).join(', ');
    const said = { yes: 'added to', no: 'does not fit', none: 'taken from' }[answer];
    const tracks = new Set(targets.map(({ trackId }) => trackId)).size;
    return this.record(title ?? `${names} ${said} ${tracks} ${tracks === 1 ? 'track' : 'tracks'}`, () =>
      this.#put({
        marks: tagIds.flatMap((tagId) =>
          targets.map(({ trackId, startMs = null, endMs = null }) => {
            const key = keyOf(tagId, trackId, startMs);
            const known = this.#state.marks.get(key);
            if (answer === 'none') return [key, undefined] as const;
            return [key, known?.answer === answer ? known : { tagId, trackId, startMs, endMs, answer, source, at: this.#at }] as const;
          }),
        ),
      }),
    );
  }

  handlers(): Handlers['tags'] {
    return {
      list: () => this.list(),
      create: ({ kind, name, color }) => this.create(kind, name, color),
      update: ({ tagId, ...given }) => {
        const { id, kind, name, color, createdAt } = this.get(tagId);
        const changed = { id, createdAt, kind: given.kind ?? kind, name: given.name ?? name, color: given.color ?? color };
        const change = this.record(`“${name}” is now “${changed.name}”`, () => this.#put({ tags: [[id, changed]] }));
        return { tag: this.get(tagId), change };
      },
      merge: ({ tagIds, into }) => ({ change: this.#merge(tagIds, into) }),
      remove: ({ tagIds }) => ({
        change: this.record(tagIds.length === 1 ? `“${this.get(tagIds[0] as TagId).name}” removed` : `${tagIds.length} tags removed`, () =>
          this.#drop(tagIds),
        ),
      }),
      mark: (saying) => ({ change: this.mark({ ...saying, source: 'person' }) }),
      marks: ({ trackIds }) => this.marks().filter(({ trackId }) => trackIds.includes(trackId)),
      fieldValues: ({ field }) => [...this.#field(field)].map(([value, tracks]) => ({ value, tracks: tracks.length })),
      fromField: ({ field, values, kind }) => this.#fromField(field, values, kind),
      aboveActivation: ({ feature, atLeast }) => {
        const found = this.#world.above(feature, atLeast);
        return { segments: found.length, tracks: new Set(found.map(({ trackId }) => trackId)).size };
      },
      fromNeuron: ({ feature, atLeast, tagId, per }) => {
        const found = this.#world.above(feature, atLeast);
        const targets = per === 'segment' ? found : [...new Set(found.map(({ trackId }) => trackId))].map((trackId) => ({ trackId }));
        return { change: this.mark({ tagIds: [tagId], targets, answer: 'yes', source: 'neuron' }) };
      },
      changes: () => this.#changes.map(({ change }) => change).toReversed(),
      undo: ({ changeId }) => ({ change: this.undo(changeId) }),
    };
  }

  undo(changeId: ChangeId): Change | null {
    const found = this.#changes.find(({ change }) => change.id === changeId);
    if (found === undefined) throw new AppError('NOT_FOUND', `There is no change ${changeId}.`);
    return this.record(`Taken back: ${found.change.title}`, () => this.#put(found.before));
  }

  /** Carries a change out and keeps what was before; null when nothing is different. */
  record(title: string, run: () => void): Change | null {
    const was = this.#state;
    run();
    const is = this.#state;
    const differing = <Key, Value>(one: ReadonlyMap<Key, Value>, other: ReadonlyMap<Key, Value>) =>
      [...new Set([...one.keys(), ...other.keys()])].flatMap((key) =>
        one.get(key) === other.get(key) ? [] : [[key, one.get(key)] as const],
      );
    const before: Before = { tags: differing(was.tags, is.tags), marks: differing(was.marks, is.marks) };
    if (before.tags.length + before.marks.length === 0) return null;
    const change = { id: (this.#changes.length + 1) as ChangeId, title, at: this.now() };
    this.#changes.push({ change, before });
    this.#world.emit({ type: 'tags.changed' });
    return change;
  }

  #put(entries: Partial<Before>): void {
    const tags = new Map(this.#state.tags);
    const marks = new Map(this.#state.marks);
    for (const [id, tag] of entries.tags ?? [])
      if (tag === undefined) tags.delete(id);
      else tags.set(id, tag);
    for (const [key, mark] of entries.marks ?? [])
      if (mark === undefined) marks.delete(key);
      else marks.set(key, mark);
    this.#state = { tags, marks };
  }

  #drop(tagIds: readonly TagId[]): void {
    const marks = [...this.#state.marks].filter(([, { tagId }]) => tagIds.includes(tagId)).map(([key]) => [key, undefined] as const);
    this.#put({ tags: tagIds.map((id) => [id, undefined] as const), marks });
  }

  #merge(tagIds: readonly TagId[], into: TagId): Change | null {
    const others = tagIds.filter((id) => id !== into);
    const names = others.map((id) => `“${this.get(id).name}”`).join(', ');
    return this.record(`${names} merged into “${this.get(into).name}”`, () => {
      const moved = this.marks()
        .filter(({ tagId }) => others.includes(tagId))
        .map((mark) => [keyOf(into, mark.trackId, mark.startMs), { ...mark, tagId: into }] as const)
        .filter(([key]) => !this.#state.marks.has(key));
      this.#put({ marks: moved });
      this.#drop(others);
    });
  }

  #field(field: TagField): Map<string, Track[]> {
    const valueOf = (track: Track): string => {
      if (field === 'year') return track.year === null ? '' : String(track.year);
      if (field === 'decade') return track.year === null ? '' : `${Math.floor(track.year / 10) * 10}s`;
      if (field === 'folder') return track.path.split('/').at(-2) ?? '';
      return field === 'genre' || field === 'artist' || field === 'album' ? track[field] : '';
    };
    const found = Map.groupBy(this.#world.tracks, valueOf);
    found.delete('');
    return new Map([...found].toSorted((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0])));
  }

  #fromField(field: TagField, values: readonly string[], kind: string): { change: Change | null; tagIds: TagId[] } {
    const found = this.#field(field);
    const tagIds: TagId[] = [];
    const change = this.record(`${values.length} ${values.length === 1 ? 'tag' : 'tags'} made from ${field}`, () => {
      const firstOwn = this.#changes.length;
      for (const value of values) {
        const { tag } = this.create(kind, value);
        tagIds.push(tag.id);
        const targets = (found.get(value) ?? []).map(({ id }) => ({ trackId: id }));
        this.mark({ tagIds: [tag.id], targets, answer: 'yes', source: field === 'folder' ? 'folder' : 'file' });
      }
      // They are one change together.
      this.#changes.splice(firstOwn);
    });
    return { change, tagIds };
  }

  #fill(): void {
    const share: [string, string, number, number][] = [
      ['mood', 'rainy', 0.17, 0.08],
      ['mood', 'driving', 0.14, 0.05],
      ['mood', 'bright', 0.1, 0],
      ['', 'for sets', 0.022, 0],
      ['', 'has sax', 0.07, 0.06],
      ['', '🌧 late night, headphones on, nobody else awake', 0.05, 0],
    ];
    share.forEach(([kind, name, yes, no], i) => {
      const { tag } = this.create(kind, name);
      const targets = (least: number, most: number) =>
        this.#world.tracks.filter(({ id }) => noise(id, 700 + i) >= least && noise(id, 700 + i) < most).map(({ id }) => ({ trackId: id }));
      this.mark({ tagIds: [tag.id], targets: targets(0, yes), answer: 'yes', source: 'person' });
      this.mark({ tagIds: [tag.id], targets: targets(yes, yes + no), answer: 'no', source: 'person' });
      if (i === 4) {
        const passages = targets(0, 0.03).map(({ trackId }) => ({ trackId, startMs: 21_424, endMs: 29_458 }));
        this.mark({ tagIds: [tag.id], targets: passages, answer: 'yes', source: 'person' });
      }
    });
  }
}
