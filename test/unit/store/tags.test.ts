import { describe, expect, it } from 'vitest';
import type { Change, Tag, TagId, TrackId } from '../../../src-main/contract/index.ts';
import { keptChanges } from '../../../src-main/store/index.ts';
import type { Store } from '../../../src-main/store/index.ts';
import { temporaryDirectory, temporaryStore, trackFile } from '../../support/store-data.ts';

const person = { source: 'person' } as const;

function tracks(store: Store, count: number): TrackId[] {
  return Array.from({ length: count }, (_, i) => store.tracks.upsert(trackFile(store, `track ${i}`)).id);
}

function make(store: Store, text: string): Tag {
  return store.tags.create({ kind: '', name: text, isTyped: true }).tag;
}

function yes(store: Store, tagId: TagId, trackIds: readonly TrackId[]): Change {
  const change = store.tags.mark({ tagIds: [tagId], targets: trackIds.map((trackId) => ({ trackId })), answer: 'yes', ...person });
  expect(change).not.toBeNull();
  return change as Change;
}

/** Everything that a person can see of tags, without times. */
function seen(store: Store, trackIds: readonly TrackId[]): unknown {
  return { tags: store.tags.list(), marks: store.tags.marksOf(trackIds).map(({ at: _, ...mark }) => mark) };
}

/** Takes a change back, does it again, and takes it back again; each time everything must be as it was then. */
function goesBackAndForth(store: Store, trackIds: readonly TrackId[], work: () => Change | null): void {
  const before = seen(store, trackIds);
  let change = work() as Change;
  const after = seen(store, trackIds);
  expect(after).not.toEqual(before);
  for (const expected of [before, after, before, after]) {
    change = store.tags.undo(change.id) as Change;
    expect(seen(store, trackIds)).toEqual(expected);
    expect(store.tags.changes()[0]).toEqual(change);
  }
}

describe('words', () => {
  it('part kind and name at the first colon with something on both sides', () => {
    const store = temporaryStore();
    const cases = {
      'mood: rainy': ['mood', 'rainy'],
      ' mood :  very   rainy ': ['mood', 'very rainy'],
      'for sets': ['', 'for sets'],
      'ratio 3:2': ['ratio 3', '2'],
      'open:': ['', 'open:'],
      ': odd': ['', ': odd'],
      ':a:b': [':a', 'b'],
    };
    for (const [text, [kind, name]] of Object.entries(cases)) expect(make(store, text)).toMatchObject({ kind, name });
    expect(store.tags.create({ kind: 'album', name: 'Blade: Runner' }).tag).toMatchObject({ kind: 'album', name: 'Blade: Runner' });
    expect(store.tags.findTyped('MOOD:rainy')).toMatchObject({ kind: 'mood', name: 'rainy' });
  });

  it('may hold anything that can be seen, and come back as they were typed', () => {
    const store = temporaryStore();
    const names = [
      `"; DROP TABLE tags; --`,
      `it's "quoted" “so”`,
      '雨の日',
      'дождь',
      'مطر',
      '👩‍👩‍👧‍👦 family',
      '🎷',
      '%_\\',
      'x'.repeat(200),
      '🎷'.repeat(200),
    ];
    for (const name of names) expect(make(store, name)).toMatchObject({ kind: '', name });
    expect(store.tags.list()).toHaveLength(names.length);
    expect(make(store, 'a\tb\nc\u0000d')).toMatchObject({ name: 'a b c d' });
    expect(make(store, 'half \ud83d')).toMatchObject({ name: 'half \ufffd' });
  });

  it('are the same in other case, with other blanks, and in other forms of Unicode', () => {
    const store = temporaryStore();
    const first = make(store, 'Café Noir');
    for (const text of ['  café  noir ', 'CAFÉ NOIR', 'Cafe\u0301 Noir', 'Ｃａｆé Noir', 'café\u00a0noir'])
      expect(store.tags.create({ kind: '', name: text, isTyped: true })).toEqual({ tag: first, change: null });
    expect(make(store, 'mood: Café Noir').id).not.toBe(first.id);
    expect(store.tags.find('MOOD', 'cafe noir')).toMatchObject({ kind: 'mood' });
    expect(store.tags.find('', 'nothing')).toBeNull();
  });

  it('are refused when they are blank or too long, with a sentence', () => {
    const store = temporaryStore();
    for (const name of ['', '   ', '\u200b', '\t\n', '\u00a0']) expect(() => make(store, name)).toThrow(/needs a name that can be seen/);
    expect(() => make(store, 'x'.repeat(10_000))).toThrow(/may have 200 characters; this one has 10000/);
    expect(() => store.tags.create({ kind: 'y'.repeat(201), name: 'a' })).toThrow(/kind of a tag may have 200/);
    expect(store.tags.changes()).toEqual([]);
  });
});

describe('changes', () => {
  it('of every kind go back and forth', () => {
    const store = temporaryStore();
    const ids = tracks(store, 4);
    const [a, b, c, d] = ids as [TrackId, TrackId, TrackId, TrackId];
    const both = (change: () => Change | null): void => goesBackAndForth(store, ids, change);
    both(() => store.tags.create({ kind: '', name: 'rainy' }).change);
    const rainy = make(store, 'rainy').id;
    both(() => yes(store, rainy, [a, b]));
    both(() => store.tags.mark({ tagIds: [rainy], targets: [{ trackId: b }, { trackId: c }], answer: 'no', ...person }));
    const passage = { trackId: d, startMs: 2678.1229504504504, endMs: 5356.245900900901 };
    both(() => store.tags.mark({ tagIds: [rainy], targets: [passage], answer: 'yes', source: 'neuron' }));
    both(() => store.tags.mark({ tagIds: [rainy], targets: [{ trackId: a }, passage], answer: 'none', ...person }));
    both(() => store.tags.update({ tagId: rainy, name: 'Wet', color: 7 }).change);
    both(() => store.tags.update({ tagId: rainy, name: 'Weather: wet' }).change);
    const other = make(store, 'drizzle').id;
    yes(store, other, [a, b, d]);
    both(() => store.tags.merge({ tagIds: [rainy, other], into: rainy }));
    expect(store.tags.changes().map(({ title }) => title)[0]).toBe('Done again: “drizzle” merged into “Weather: wet”');
    both(() => store.tags.remove([rainy]));
    expect(() => store.tags.get(rainy)).toThrow(/no tag with the number/);
  });

  it('can be one', () => {
    const store = temporaryStore();
    const ids = tracks(store, 2);
    goesBackAndForth(store, ids, () =>
      store.tags.asOne('2 tags made from genres', () => {
        for (const name of ['Jazz', 'Blues']) {
          const { tag, change } = store.tags.create({ kind: 'genre', name });
          expect(change).toBeNull();
          store.tags.mark({ tagIds: [tag.id], targets: [{ trackId: ids[0] as TrackId }], answer: 'yes', source: 'file' });
        }
      }),
    );
    expect(store.tags.changes().map(({ title }) => title)).toEqual(['Done again: 2 tags made from genres']);
  });

  it('say what they did', () => {
    const store = temporaryStore();
    const [a, b] = tracks(store, 2) as [TrackId, TrackId];
    const rainy = make(store, 'mood: rainy').id;
    const sax = make(store, 'sax').id;
    expect(yes(store, rainy, [a, b]).title).toBe('“mood: rainy” added to 2 tracks');
    expect(yes(store, sax, [a]).title).toBe('“sax” added to 1 track');
    const passage = { trackId: a, startMs: 0, endMs: 10 };
    expect(store.tags.mark({ tagIds: [sax], targets: [passage], answer: 'no', ...person })?.title).toBe('“sax” does not fit 1 passage');
    expect(store.tags.mark({ tagIds: [rainy, sax], targets: [{ trackId: a }], answer: 'none', ...person })?.title).toBe(
      '“mood: rainy” and “sax” taken off 1 track',
    );
    expect(store.tags.update({ tagId: sax, color: 11 }).change?.title).toBe('“sax” given another colour');
    expect(store.tags.remove([rainy, sax])?.title).toBe('“mood: rainy” and “sax” removed');
  });

  it('are none when nothing is different afterwards', () => {
    const store = temporaryStore();
    const [a] = tracks(store, 1) as [TrackId];
    const { id, name, color } = make(store, 'rainy');
    yes(store, id, [a]);
    const last = store.tags.lastChangeId();
    expect(
      store.tags.mark({ tagIds: [id, id], targets: [{ trackId: a }, { trackId: a }], answer: 'yes', source: 'suggestion' }),
    ).toBeNull();
    expect(store.tags.update({ tagId: id, name, color }).change).toBeNull();
    expect(store.tags.merge({ tagIds: [id], into: id })).toBeNull();
    expect(store.tags.marksOf([a])).toMatchObject([{ source: 'person' }]);
    expect(store.tags.lastChangeId()).toBe(last);
  });

  it('leave nothing behind when they fail', () => {
    const store = temporaryStore();
    const [a] = tracks(store, 1) as [TrackId];
    const { id } = make(store, 'rainy');
    const before = seen(store, [a]);
    const targets = [{ trackId: a }, { trackId: 99 as TrackId }];
    expect(() => store.tags.mark({ tagIds: [id], targets, answer: 'yes', ...person })).toThrow(/no track with the number 99/);
    expect(() => store.tags.mark({ tagIds: [id, 99 as TagId], targets: [{ trackId: a }], answer: 'yes', ...person })).toThrow(
      /no tag with/,
    );
    const many = Array.from({ length: 200_000 }, () => ({ trackId: a }));
    const tags = Array.from({ length: 11 }, (_, i) => make(store, `tag ${i}`).id);
    expect(() => store.tags.mark({ tagIds: tags, targets: many, answer: 'yes', ...person })).toThrow(/2200000 answers at once/);
    for (const made of tags) store.tags.remove([made]);
    const failing = (): void => {
      make(store, 'half done');
      throw new Error('stopped');
    };
    expect(() => store.tags.asOne('never', failing)).toThrow();
    expect(seen(store, [a])).toEqual(before);
  });

  it('are taken back once, and only while they are kept', () => {
    const store = temporaryStore();
    const ids = tracks(store, 1);
    const { change } = store.tags.create({ kind: '', name: 'first' });
    store.tags.undo((change as Change).id);
    expect(() => store.tags.undo((change as Change).id)).toThrow(/taken back already/);
    const { id } = make(store, 'rainy');
    const early = yes(store, id, ids);
    for (let i = 0; i < keptChanges; i++) store.tags.update({ tagId: id, name: `rainy ${i}` });
    expect(store.tags.changes()).toHaveLength(keptChanges);
    expect(() => store.tags.undo(early.id)).toThrow(/only the last 200 are kept/);
  });

  it('bring back a name only while no other tag has it', () => {
    const store = temporaryStore();
    const first = make(store, 'rainy');
    const removed = store.tags.remove([first.id]) as Change;
    const second = make(store, 'RAINY');
    expect(second.id).not.toBe(first.id);
    expect(() => store.tags.undo(removed.id)).toThrow(/another tag “RAINY” by now/);
    store.tags.update({ tagId: second.id, name: 'wet' });
    store.tags.undo(removed.id);
    expect(store.tags.list().map(({ name }) => name)).toEqual(['rainy', 'wet']);
    expect(() => store.tags.update({ tagId: second.id, name: ' Rainy' })).toThrow(/a tag “rainy” already/);
  });

  it('outlive the process', () => {
    const directory = temporaryDirectory();
    const store = temporaryStore(directory);
    const ids = tracks(store, 1);
    const { id } = make(store, 'rainy');
    const change = yes(store, id, ids);
    store.close();
    const again = temporaryStore(directory);
    expect(again.tags.changes()[0]).toEqual(change);
    again.tags.undo(change.id);
    expect(again.tags.marksOf(ids)).toEqual([]);
  });
});

describe('merging', () => {
  it('keeps what the first says where they disagree, and else what was said last', () => {
    const store = temporaryStore();
    const ids = tracks(store, 3);
    const [a, b, c] = ids as [TrackId, TrackId, TrackId];
    const [into, one, two] = ['into', 'one', 'two'].map((name) => make(store, name).id) as [TagId, TagId, TagId];
    const say = (tagId: TagId, trackId: TrackId, answer: 'yes' | 'no'): unknown =>
      store.tags.mark({ tagIds: [tagId], targets: [{ trackId }], answer, ...person });
    say(into, a, 'no');
    say(one, a, 'yes');
    say(one, b, 'yes');
    say(two, c, 'no');
    store.tags.merge({ tagIds: [one, two], into });
    expect(store.tags.marksOf(ids).map(({ tagId, trackId, answer }) => [tagId, trackId, answer])).toEqual([
      [into, a, 'no'],
      [into, b, 'yes'],
      [into, c, 'no'],
    ]);
    expect(store.tags.list()).toMatchObject([{ name: 'into', tracks: 1, rejected: 2 }]);
  });
});

describe('tags', () => {
  it('count tracks that can be shown, and keep the marks of those that cannot', () => {
    const store = temporaryStore();
    const ids = tracks(store, 3);
    const [a, b] = ids as [TrackId, TrackId];
    const { id } = make(store, 'rainy');
    yes(store, id, ids);
    store.tags.mark({ tagIds: [id], targets: [{ trackId: a, startMs: 5, endMs: 10 }], answer: 'yes', ...person });
    store.tags.mark({ tagIds: [id], targets: [{ trackId: b }], answer: 'no', ...person });
    expect(store.tags.get(id)).toMatchObject({ tracks: 2, passages: 1, rejected: 1 });
    store.tracks.markMissing([a]);
    expect(store.tags.get(id)).toMatchObject({ tracks: 1, passages: 0, rejected: 1 });
    expect(store.tags.tracksWith(id)).toEqual([ids[2]]);
    expect(store.tags.allMarks()).toHaveLength(2);
    const folder = store.folders.list()[0];
    store.folders.remove(folder?.id as never);
    expect(store.tags.get(id)).toMatchObject({ tracks: 0, passages: 0, rejected: 0 });
    store.folders.restore(folder?.id as never);
    store.tracks.markPresent([a]);
    expect(store.tags.get(id)).toMatchObject({ tracks: 2, passages: 1, rejected: 1 });
  });

  it('narrow the table of tracks', () => {
    const store = temporaryStore();
    const ids = tracks(store, 3);
    const { id } = make(store, 'rainy');
    const page = (): number[] =>
      store.tracks.query({ search: '', sort: [], offset: 0, limit: 10, tagId: id }, null).rows.map((row) => row.id);
    expect(page()).toEqual([]);
    const change = yes(store, id, ids.slice(1));
    store.tags.mark({ tagIds: [id], targets: [{ trackId: ids[2] as TrackId }], answer: 'no', ...person });
    expect(page()).toEqual([ids[1]]);
    expect(store.tags.trackSet(id).has(ids[1] as TrackId)).toBe(true);
    store.tags.undo(change.id);
    expect(page()).toEqual([]);
  });

  it('are given the colours that are used least', () => {
    const store = temporaryStore();
    const made = Array.from({ length: 24 }, (_, i) => make(store, `tag ${i}`));
    expect(made.map(({ color }) => color)).toEqual([...Array(24).keys()].map((i) => i % 12));
    store.tags.remove([(made[5] as Tag).id]);
    expect(make(store, 'next').color).toBe(5);
  });

  it('carry a hundred thousand marks, in one change that goes back', () => {
    const store = temporaryStore();
    const folderId = store.folders.add('/music').id;
    const ids = store.transaction(() =>
      Array.from({ length: 1000 }, (_, i) => store.tracks.upsert(trackFile(store, `${i}`, { folderId })).id),
    );
    const { id } = make(store, 'sax');
    const targets = ids.flatMap((trackId) => Array.from({ length: 100 }, (_, i) => ({ trackId, startMs: i / 3, endMs: (i + 1) / 3 })));
    const change = store.tags.mark({ tagIds: [id], targets, answer: 'yes', source: 'neuron' }) as Change;
    expect(change.title).toBe('“sax” added to 100\u202f000 passages');
    expect(store.tags.get(id)).toMatchObject({ tracks: 1000, passages: 100_000 });
    const marks = store.tags.allMarks();
    expect(marks).toHaveLength(100_000);
    expect(marks[101]).toEqual({ tagId: id, trackId: ids[1], startMs: 1 / 3, endMs: 2 / 3, answer: 'yes' });
    store.tags.undo(change.id);
    expect(store.tags.allMarks()).toEqual([]);
  });
});
