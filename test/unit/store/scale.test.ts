/** @file What keeps large libraries quick, by its mechanism: indexes that are read in order, pages that read no more than themselves, changes in steps. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { tagFields } from '../../../src-main/contract/index.ts';
import type { TagId, TrackId } from '../../../src-main/contract/index.ts';
import { indexSql } from '../../../src-main/store/encoders.ts';
import { entriesOfStep, playlistPageSql } from '../../../src-main/store/playlist-lists.ts';
import type { Store } from '../../../src-main/store/index.ts';
import { fieldSql } from '../../../src-main/store/tag-fields.ts';
import { countsSql } from '../../../src-main/store/tag-counts.ts';
import { sortedColumns } from '../../../src-main/store/track-order.ts';
import type { TrackSort } from '../../../src-main/store/track-order.ts';
import { missingSql } from '../../../src-main/store/track-reads.ts';
import { sizesSql, stateOrderSql, tracksOfStep, walkSql } from '../../../src-main/store/track-ranks.ts';
import { temporaryDirectory, temporaryStore, trackFile } from '../../support/store-data.ts';

const many = 2600;

function libraryOf(count: number, directory = temporaryDirectory()): { store: Store; trackIds: TrackId[]; directory: string } {
  const store = temporaryStore(directory);
  const trackIds = store.transaction(() =>
    Array.from({ length: count }, (_, i) => store.tracks.upsert(trackFile(store, `track ${i}`, { year: i % 3 === 0 ? null : i })).id),
  );
  return { store, trackIds, directory };
}

function planOf(store: Store, sql: string, ...parameters: (string | number | Record<string, string | number>)[]): string[] {
  const database = new Database(store.paths.database, { readonly: true });
  try {
    const plan = database.prepare<typeof parameters, { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
    return plan.map(({ detail }) => detail);
  } finally {
    database.close();
  }
}

function entriesIn(store: Store): number {
  const database = new Database(store.paths.database, { readonly: true });
  const count = database.prepare<[], number>('SELECT count(*) FROM playlist_tracks').pluck().get() ?? 0;
  database.close();
  return count;
}

function tagOf(store: Store, name: string): TagId {
  return store.tags.create({ kind: '', name }).tag.id;
}

function answersOf(store: Store, tagId: TagId): number {
  return store.tags.allMarks().filter((mark) => mark.tagId === tagId).length;
}

describe('an order of the table', () => {
  it('is read from an index of its column alone, and never sorted', () => {
    const { store } = libraryOf(1);
    for (const column of sortedColumns)
      for (const [walk, ...parameters] of [['first'], ['within', 'a', 1], ['after', 'a'], ['unknown', 1]] as const) {
        const plans = [planOf(store, walkSql(column, 'id', walk), ...parameters)];
        if (walk === 'first' || walk === 'after') plans.push(planOf(store, sizesSql(column, walk), ...parameters));
        for (const plan of plans.map((steps) => steps.join('; '))) {
          expect(plan).toMatch(
            walk === 'unknown' ? /USING (COVERING INDEX|INTEGER PRIMARY KEY)/ : /(SCAN|SEARCH) tracks USING COVERING INDEX/,
          );
          expect(plan).not.toContain('TEMP B-TREE');
        }
      }
    expect(planOf(store, stateOrderSql, 1, 0, 9)[0]).toBe('SEARCH t USING COVERING INDEX tracks_in_short (id>? AND id<?)');
  });

  it('keeps unknown years last in both directions', () => {
    const { store } = libraryOf(7);
    const years = (descending: boolean): (number | null)[] =>
      store.tracks.query({ search: '', sort: [{ key: 'year', descending }], offset: 0, limit: 10 }, null).rows.map(({ year }) => year);
    expect(years(false)).toEqual([1, 2, 4, 5, null, null, null]);
    expect(years(true)).toEqual([5, 4, 2, 1, null, null, null]);
  });
});

describe('what the table reads of all tracks', () => {
  /** A library of more tracks than a step takes, and a pause that counts the steps. */
  function longLibrary(): { store: Store; pause: () => Promise<void>; steps: () => number; rename: (key: string) => void } {
    const { store } = libraryOf(2 * tracksOfStep + 5);
    let steps = 0;
    const rename = (key: string): void => {
      const database = new Database(store.paths.database);
      database.prepare('UPDATE tracks SET title_key = ?, library_key = ? WHERE id = 1').run(key, key);
      database.prepare(`UPDATE track_search SET text = 'other'`).run();
      database.close();
    };
    return { store, rename, steps: () => steps, pause: async () => void steps++ };
  }

  it('is read in steps, between which others have their turn', async () => {
    const { store, pause, steps } = longLibrary();
    const asked = { search: 'track 8001', sort: [{ key: 'year' as const, descending: true }] };
    await store.tracks.prepare(asked, null, pause);
    // Three for the library's order, four for the column's, one to sort by it, three to read the texts, three to search them.
    expect(steps()).toBeGreaterThanOrEqual(12);
    expect(store.tracks.query({ ...asked, offset: 0, limit: 9 }, null).rows.map(({ title }) => title)).toEqual(['track 8001']);
  });

  it('is made ahead, so that the first time is as quick as the second', async () => {
    const { store, pause, rename } = longLibrary();
    await store.tracks.warmUp(pause);
    // Behind the back of the store, so that what is read now shows.
    rename('zzz');
    const first = (sort: TrackSort[]): number | undefined =>
      store.tracks.query({ search: 'track', sort, offset: 0, limit: 1 }, null).rows[0]?.id;
    expect(first([{ key: 'title', descending: false }])).toBe(1);
    expect(first([])).toBe(1);
  });

  it('is kept while folders change, since the tracks are what they were', async () => {
    const { store, pause, rename } = longLibrary();
    await store.tracks.warmUp(pause);
    rename('zzz');
    const other = store.folders.add('/elsewhere').id;
    store.folders.remove(other);
    const page = store.tracks.query({ search: 'track', sort: [{ key: 'title', descending: false }], offset: 0, limit: 1 }, null);
    expect(page).toMatchObject({ total: 2 * tracksOfStep + 5, rows: [{ id: 1 }] });
  });

  it('gives every order of any column the ranks that its values have, whatever step they were read in', () => {
    const { store } = longLibrary();
    const page = store.tracks.query({ search: '', sort: [{ key: 'year', descending: false }], offset: 0, limit: 3 * tracksOfStep }, null);
    const years = page.rows.map(({ year }) => year);
    const known = years.filter((year) => year !== null);
    expect(known).toEqual(known.toSorted((a, b) => a - b));
    expect(years.slice(known.length).every((year) => year === null)).toBe(true);
    const byFormat = store.tracks.query(
      { search: '', sort: [{ key: 'format', descending: true }], offset: 0, limit: 3 * tracksOfStep },
      null,
    );
    const inOrder = store.tracks.query({ search: '', sort: [], offset: 0, limit: 3 * tracksOfStep }, null);
    expect(byFormat.rows.map(({ id }) => id)).toEqual(inOrder.rows.map(({ id }) => id));
  });
});

describe('missing tracks', () => {
  it('are read from an index that holds them alone', () => {
    const { store } = libraryOf(1);
    expect(planOf(store, missingSql)).toEqual(['SCAN tracks USING INDEX tracks_missing']);
  });
});

describe('counts of an index', () => {
  it('walk over the tracks of that index and over a short form of the tracks', () => {
    const { store } = libraryOf(1);
    const plan = planOf(store, indexSql, { index: 1, first: 0, last: 9 });
    expect(plan.filter((step) => /^(SCAN|SEARCH) (it|t|tracks)\b/.test(step))).toEqual([
      'SEARCH it USING PRIMARY KEY (index_id=? AND track_id>? AND track_id<?)',
      expect.stringMatching(/^SEARCH t USING COVERING INDEX tracks_in_short|^SEARCH t USING INDEX tracks_in_short/),
      'SEARCH tracks USING COVERING INDEX tracks_in_short (id>? AND id<?)',
    ]);
  });
});

describe('values of a field', () => {
  it('are read by the number of their track, so that a step costs no more in a large library', () => {
    const { store } = libraryOf(1);
    for (const field of tagFields) {
      const plan = planOf(store, fieldSql(field), 0).join('; ');
      expect(plan).toContain('SEARCH t USING INTEGER PRIMARY KEY (rowid>?)');
      expect(plan).not.toContain('TEMP B-TREE');
    }
  });
});

describe('a search', () => {
  it('finds the tracks that have every word, however many', () => {
    const { store } = libraryOf(12);
    const found = (search: string): number => store.tracks.query({ search, sort: [], offset: 0, limit: 0 }, null).total;
    expect(found('track 1')).toBe(3);
    expect(found('t r a c k artist album 11')).toBe(1);
    expect(found('t r a c k artist album nothing')).toBe(0);
  });
});

describe('a page of a playlist', () => {
  it('is found by its positions, and reads no track before or after it', () => {
    const { store, trackIds } = libraryOf(40);
    const { id } = store.playlists.create({ name: 'All', trackIds: [...trackIds, ...trackIds], smart: null });
    expect(store.playlists.trackIds(id, { offset: 35, limit: 7 })).toEqual([...trackIds.slice(35), ...trackIds.slice(0, 2)]);
    expect(planOf(store, playlistPageSql, id, 0, 1).join()).toMatch(/USING PRIMARY KEY \(playlist_id=\? AND position>\?\)$/);
    expect(store.playlists.trackIds(id)).toHaveLength(80);
  });
});

describe('counts of a tag', () => {
  it('are a walk over the marks of the tags that changed', () => {
    const { store, trackIds } = libraryOf(4);
    const plan = planOf(store, countsSql, { tags: '[1]', first: 0, last: 9 }).join('; ');
    expect(plan).toMatch(/SEARCH m USING PRIMARY KEY \(tag_id=\? AND track_id>\? AND track_id<\?\)/);
    expect(plan).not.toMatch(/SCAN m/);
    const [first, second] = [tagOf(store, 'first'), tagOf(store, 'second')];
    const targets = trackIds.map((trackId) => ({ trackId }));
    store.tags.mark({ tagIds: [first, second], targets, answer: 'yes', source: 'person' });
    store.tracks.markMissing(trackIds.slice(0, 1));
    expect(store.tags.list().map(({ tracks }) => tracks)).toEqual([3, 3]);
    store.tags.mark({ tagIds: [second], targets: targets.slice(2), answer: 'no', source: 'person' });
    expect(store.tags.list().map(({ tracks, rejected }) => [tracks, rejected])).toEqual([
      [3, 0],
      [1, 2],
    ]);
  });
});

describe('a long playlist', () => {
  const long = (): { store: Store; all: TrackId[]; directory: string } => {
    const { store, trackIds, directory } = libraryOf(3);
    return { store, directory, all: Array.from({ length: 2 * entriesOfStep + 1 }, (_, i) => trackIds[i % 3] as TrackId) };
  };

  it('is made in steps, and is there as soon as it is whole', async () => {
    const { store, all } = long();
    const seen: (number | null | undefined)[] = [];
    const playlist = await store.playlists.createInSteps({ name: 'All', trackIds: all, smart: null }, async () => {
      seen.push(store.playlists.list()[0]?.tracks);
    });
    expect(seen).toEqual([undefined, undefined, undefined]);
    expect(playlist.tracks).toBe(all.length);
    expect(store.playlists.trackIds(playlist.id)).toEqual(all);
  });

  it('is read as it was until its new order is whole, and leaves no entry of the former one', async () => {
    const { store, all } = long();
    const { id } = store.playlists.create({ name: 'All', trackIds: all, smart: null });
    const order = all.toReversed();
    const seen = new Set<string>();
    let steps = 0;
    await store.playlists.setTracksInSteps(id, order, async () => {
      steps++;
      seen.add(store.playlists.trackIds(id).join());
    });
    expect(steps).toBeGreaterThan(4);
    expect([...seen]).toEqual([all.join(), order.join()]);
    expect(store.playlists.trackIds(id, { offset: all.length - 2, limit: 10 })).toEqual(order.slice(-2));
    expect(entriesIn(store)).toBe(all.length);
  });

  it('waits for the one that is written before it', async () => {
    const { store, all } = long();
    const { id } = store.playlists.create({ name: 'All', trackIds: [], smart: null });
    const turns: string[] = [];
    const writing = (name: string, trackIds: TrackId[]): Promise<unknown> =>
      store.playlists.setTracksInSteps(id, trackIds, async () => void turns.push(name));
    await Promise.all([writing('first', all), writing('second', all.toReversed())]);
    expect(turns.lastIndexOf('first')).toBeLessThan(turns.indexOf('second'));
    expect(store.playlists.trackIds(id)).toEqual(all.toReversed());
  });

  it('stays as it was when a track that comes late is unknown, and a new one leaves nothing', async () => {
    const { store, all } = long();
    const { id } = store.playlists.create({ name: 'All', trackIds: all, smart: null });
    const bad = [...all, 999 as TrackId];
    const pause = (): Promise<void> => Promise.resolve();
    await expect(store.playlists.setTracksInSteps(id, bad, pause)).rejects.toThrow(/no track 999/);
    await expect(store.playlists.createInSteps({ name: 'Bad', trackIds: bad, smart: null }, pause)).rejects.toThrow(/no track 999/);
    expect(store.playlists.trackIds(id)).toEqual(all);
    expect(store.playlists.list()).toHaveLength(1);
    expect(entriesIn(store)).toBe(all.length);
  });

  it('is as it was when the process ends before its new order is whole', async () => {
    const { store, all, directory } = long();
    const { id } = store.playlists.create({ name: 'All', trackIds: all, smart: null });
    const copies: string[] = [];
    const keepCopy = async (): Promise<void> => {
      const copy = join(temporaryDirectory(), 'data');
      cpSync(directory, copy, { recursive: true, filter: (path) => !path.endsWith('lock') });
      copies.push(copy);
    };
    await store.playlists.setTracksInSteps(id, all.toReversed(), keepCopy);
    await store.playlists.createInSteps({ name: 'Other', trackIds: all, smart: null }, keepCopy);
    const lists = copies.map((copy) => {
      const again = temporaryStore(copy);
      expect(entriesIn(again)).toBe(all.length);
      expect(again.playlists.list()).toHaveLength(1);
      return again.playlists.trackIds(id).join();
    });
    expect(lists[0]).toBe(all.join());
    expect(lists.at(-1)).toBe(all.toReversed().join());
  });
});

describe('a change of many marks', () => {
  it('is made in steps between which others read and write, and is there as a whole at its end', async () => {
    const { store, trackIds } = libraryOf(many);
    const [tagId, other] = [tagOf(store, 'all'), tagOf(store, 'other')];
    const targets = trackIds.map((trackId) => ({ trackId }));
    const seen: number[] = [];
    const titles = store.tags.changes().length;
    const change = await store.tags.markInSteps({ tagIds: [tagId], targets, answer: 'yes', source: 'person' }, async () => {
      seen.push(answersOf(store, tagId));
      expect(store.tags.changes()).toHaveLength(titles);
      store.transaction(() => store.settings.set({ watchFolders: false }));
    });
    expect(seen).toEqual([500, 1000, 1500, 2000, 2500]);
    expect(change?.title).toBe('“all” added to 2\u202f600 tracks');
    expect(store.tags.get(tagId).tracks).toBe(many);
    let pauses = 0;
    const pause = async (): Promise<void> => void pauses++;
    await store.tags.mergeInSteps({ tagIds: [tagId], into: other }, pause);
    expect([answersOf(store, other), pauses]).toEqual([many, 1]);
    const [merged] = store.tags.changes();
    await store.tags.undoInSteps(merged?.id as never, pause);
    await store.tags.undoInSteps(change?.id as never, pause);
    expect([answersOf(store, tagId), answersOf(store, other), pauses]).toEqual([0, 0, 13]);
  });

  it('waits for the one before it', async () => {
    const { store, trackIds } = libraryOf(many);
    const tagId = tagOf(store, 'all');
    const targets = trackIds.map((trackId) => ({ trackId }));
    const pause = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
    const wish = { tagIds: [tagId], targets, source: 'person' } as const;
    const [yes, none] = await Promise.all([
      store.tags.markInSteps({ ...wish, answer: 'yes' }, pause),
      store.tags.markInSteps({ ...wish, answer: 'none' }, pause),
    ]);
    expect([yes?.title, none?.title]).toEqual(['“all” added to 2\u202f600 tracks', '“all” taken off 2\u202f600 tracks']);
    expect(answersOf(store, tagId)).toBe(0);
  });

  it('leaves nothing behind when a step fails, or when the process ends before the last one', async () => {
    const { store, trackIds, directory } = libraryOf(many);
    const tagId = tagOf(store, 'all');
    store.tags.mark({ tagIds: [tagId], targets: [{ trackId: trackIds[7] as TrackId }], answer: 'no', source: 'person' });
    const before = store.tags.allMarks();
    const titles = store.tags.changes().map(({ title }) => title);
    const killed = temporaryDirectory();
    const wish = { tagIds: [tagId], targets: trackIds.map((trackId) => ({ trackId })), answer: 'yes', source: 'person' } as const;
    const failing = store.tags.markInSteps(wish, async () => {
      if (answersOf(store, tagId) < 1500) return;
      for (const name of ['earmark.db', 'earmark.db-wal']) cpSync(join(directory, name), join(killed, name));
      throw new Error('The disk is full.');
    });
    await expect(failing).rejects.toThrow('The disk is full.');
    const next = temporaryStore(killed);
    for (const one of [store, next]) {
      expect(one.tags.allMarks()).toEqual(before);
      expect(one.tags.changes().map(({ title }) => title)).toEqual(titles);
    }
  });

  it('says at once which track or tag is not there, and changes nothing', async () => {
    const { store, trackIds } = libraryOf(many);
    const tagId = tagOf(store, 'all');
    const targets = [...trackIds, 99_999 as TrackId].map((trackId) => ({ trackId }));
    await expect(
      store.tags.markInSteps({ tagIds: [tagId], targets, answer: 'yes', source: 'person' }, async () => undefined),
    ).rejects.toThrow(/no track with the number 99999/);
    expect(answersOf(store, tagId)).toBe(0);
  });
});
