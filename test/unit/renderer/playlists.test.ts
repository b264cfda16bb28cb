/** @file Playlists on a seeded core: changed and brought back; lists that play on; what a drag carries; the text of lists. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FolderId, Track, TrackId } from '../../../src-main/contract/index.ts';
import { askForFileDrag } from '../../../src-renderer/client/file-drag.ts';
import { carriesTracks, readTracks, rememberDrag, tracksMime, writeTracks } from '../../../src-renderer/lib/drag.ts';
import { movedRows, placeAfterMove, withoutRows } from '../../../src-renderer/lib/list-changes.ts';
import { ListOrder } from '../../../src-renderer/lib/list-order.ts';
import type { PlayOrder, PlayerEngine } from '../../../src-renderer/lib/playable.ts';
import { DuplicatesState } from '../../../src-renderer/state/duplicates.svelte.ts';
import { PlayerState } from '../../../src-renderer/state/player.svelte.ts';
import { PlaylistsState } from '../../../src-renderer/state/playlists.svelte.ts';
import { listText } from '../../../src-renderer/view/playlists/playlist-text.ts';
import { seededTests } from '../../support/connected.ts';
import { waitFor } from '../../support/wait-for.ts';

const seeded = seededTests({ tracks: 40, encoders: 'none' });

function connected() {
  const all = seeded();
  return { ...all, state: new PlaylistsState(all.api, all.undo) };
}

const ids = (...numbers: number[]): TrackId[] => numbers as TrackId[];
const shown = (state: PlaylistsState): number[] | undefined => state.rows?.map(({ id }) => id);

async function opened(...numbers: number[]) {
  const all = connected();
  const made = await all.state.create('Evening', { trackIds: ids(...numbers) });
  all.state.show(made.id);
  await waitFor(() => expect(all.state.rows).not.toBeNull());
  return { ...all, made };
}

describe('a playlist', () => {
  it('is saved, renamed and removed, and each is taken back', async () => {
    const { state, undo } = connected();
    const made = await state.create('Evening', { trackIds: ids(3, 1) });
    expect(state.list).toMatchObject([{ name: 'Evening', tracks: 2 }]);
    await state.rename(made, 'Night');
    expect(state.list?.[0]?.name).toBe('Night');
    await undo.undo();
    expect(state.list?.[0]?.name).toBe('Evening');
    await state.remove(made);
    expect(state.list).toEqual([]);
    await undo.undo();
    expect(state.list).toHaveLength(1);
    await undo.undo();
    expect(state.list).toEqual([]);
  });

  it('closes when it is removed, and opens when it comes back', async () => {
    const { state, undo, made } = await opened(3, 1);
    await state.remove(made);
    expect([state.open, state.rows]).toEqual([null, null]);
    await undo.undo();
    await waitFor(() => expect(shown(state)).toEqual([3, 1]));
  });

  it('is put in order, at once and in the core', async () => {
    const { state, undo, core, made } = await opened(1, 2, 3, 4, 5);
    const change = state.moveRows([{ first: 3, last: 4 }], 1);
    expect(shown(state)).toEqual([1, 4, 5, 2, 3]);
    await change;
    const kept = await core.handlers.playlists.tracks({ playlistId: made.id }, new AbortController().signal);
    expect(kept.rows.map(({ id }) => id)).toEqual([1, 4, 5, 2, 3]);
    await undo.undo();
    expect(shown(state)).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends as the last of several quick changes left it', async () => {
    const { state } = await opened(1, 2, 3, 4);
    const changes = [
      state.moveRows([{ first: 0, last: 0 }], 2),
      state.moveRows([{ first: 1, last: 1 }], 3),
      state.moveRows([{ first: 2, last: 2 }], 4),
    ];
    await Promise.all(changes);
    await waitFor(() => expect(shown(state)).toEqual([2, 3, 4, 1]));
  });

  it('is shortened and filled, and brought back; a track may be in it twice', async () => {
    const { state, undo, made } = await opened(1, 2, 1, 4);
    await state.removeRows([{ first: 0, last: 0 }]);
    expect(shown(state)).toEqual([2, 1, 4]);
    await state.add(made, ids(9, 2), 1);
    expect(shown(state)).toEqual([2, 9, 2, 1, 4]);
    await undo.undo();
    await undo.undo();
    expect(shown(state)).toEqual([1, 2, 1, 4]);
  });

  it('says nothing of a change that changes nothing', async () => {
    const { state, undo } = await opened(1, 2, 3);
    const label = undo.nextLabel;
    await state.moveRows([{ first: 1, last: 1 }], 2);
    expect([shown(state), undo.nextLabel]).toEqual([[1, 2, 3], label]);
  });

  it('becomes plain when it was smart, and smart again', async () => {
    const { state, undo } = connected();
    const filter = { search: 'harbour', tagIds: [], withoutTagIds: [], genres: [], year: {}, durationMs: {}, folderId: 1 as FolderId };
    const made = await state.create('Harbours', { smart: { kind: 'filter', filter, sort: null, limit: 5 } });
    state.show(made.id);
    await waitFor(() => expect(state.rows).toHaveLength(5));
    const before = shown(state);
    await state.moveRows([{ first: 0, last: 0 }], 3);
    expect(shown(state)).toEqual(before);
    await state.freeze(made);
    expect(state.open).toMatchObject({ smart: null, tracks: 5 });
    expect(shown(state)).toEqual(before);
    await undo.undo();
    expect(state.open?.smart?.kind).toBe('filter');
  });

  it('is read from a list, and tells what was not found', async () => {
    const { state, core } = connected();
    const track = core.tracks()[6];
    const { notFound } = await state.importM3u('Old', `#EXTM3U\n${track?.path}\nGone.mp3\n`);
    expect(notFound).toEqual(['Gone.mp3']);
    await waitFor(() => expect(shown(state)).toEqual([track?.id]));
  });
});

describe('rows of a list', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'];

  it('move as a block, wherever they were', () => {
    expect(movedRows(rows, [{ first: 0, last: 1 }], 4)).toEqual(['c', 'd', 'a', 'b', 'e']);
    const apart = [
      { first: 0, last: 0 },
      { first: 3, last: 3 },
    ];
    expect(movedRows(rows, apart, 5)).toEqual(['b', 'c', 'e', 'a', 'd']);
    expect(movedRows(rows, apart, 2)).toEqual(['b', 'a', 'd', 'c', 'e']);
    expect(withoutRows(rows, apart)).toEqual(['b', 'c', 'e']);
  });

  it('are found where they went', () => {
    for (let first = 0; first < 5; first++)
      for (let last = first; last < 5; last++)
        for (let before = 0; before <= 5; before++) {
          const moved = movedRows(rows, [{ first, last }], before);
          const place = placeAfterMove([{ first, last }], before);
          expect(moved.slice(place.first, place.last + 1)).toEqual(rows.slice(first, last + 1));
        }
  });
});

describe('a list that plays', () => {
  function player(): { state: PlayerState; started: number[] } {
    const started: number[] = [];
    const engine: PlayerEngine = {
      start: (trackId) => void started.push(trackId),
      prepare: () => undefined,
      seek: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      setVolume: () => undefined,
    };
    const state = new PlayerState();
    state.attach(engine);
    return { state, started };
  }
  const track = (id: number): Track => ({ id: id as TrackId, title: `T${id}`, artist: '', durationMs: 1000 }) as Track;

  it('goes on to the next track by itself, up to the end', async () => {
    const { state, started } = player();
    const list = [track(4), track(7), track(4)];
    state.follow(new ListOrder(() => list, 0));
    state.playTrack(track(4));
    for (const expected of [
      [4, 7],
      [4, 7, 4],
      [4, 7, 4],
    ]) {
      state.heardEnd();
      await waitFor(() => expect(started).toEqual(expected));
    }
  });

  it('follows changes of the list', async () => {
    const { state, started } = player();
    let list = [track(1), track(2), track(3)];
    state.follow(new ListOrder(() => list, 0));
    state.playTrack(track(1));
    list = [track(3), track(1), track(9)];
    await state.next();
    expect(started).toEqual([1, 9]);
    list = [track(3)];
    await state.next();
    expect(started).toEqual([1, 9]);
  });

  it('does not go on in a table, nor while it repeats a track', async () => {
    const { state, started } = player();
    const table: PlayOrder = { neighbour: () => Promise.resolve(null) };
    const asked = vi.spyOn(table, 'neighbour');
    state.follow(table);
    state.playTrack(track(1));
    state.heardEnd();
    expect(asked).not.toHaveBeenCalled();
    state.follow(new ListOrder(() => [track(1), track(2)], 0));
    state.toggleLoop();
    state.heardEnd();
    await Promise.resolve();
    expect(started).toEqual([1, 1]);
  });

  it('tells its order whether the next one was asked for', async () => {
    const { state } = player();
    const reasons: string[] = [];
    state.follow({
      continues: true,
      neighbour: (_now, _step, reason) => {
        reasons.push(reason);
        return Promise.resolve(null);
      },
    });
    state.playTrack(track(1));
    await state.next();
    state.heardEnd();
    expect(reasons).toEqual(['asked', 'ended']);
  });
});

describe('what a drag carries', () => {
  /** As much of a drag as is used. */
  function drag(types: string[] = []): DataTransfer {
    const data = new Map(types.map((type) => [type, '']));
    return {
      get types() {
        return [...data.keys()];
      },
      setData: (type: string, text: string) => void data.set(type, text),
      getData: (type: string) => data.get(type) ?? '',
    } as unknown as DataTransfer;
  }
  const page = new EventTarget();
  const moved = (buttons: number): void => void page.dispatchEvent(Object.assign(new Event('pointermove'), { buttons }));
  afterEach(() => moved(0));

  it('is read as it was written', () => {
    const transfer = drag();
    writeTracks(transfer, [3, 9]);
    expect([carriesTracks(transfer), readTracks(transfer)]).toEqual([true, [3, 9]]);
  });

  it('is nothing when it comes from elsewhere or is damaged', () => {
    expect([carriesTracks(null), readTracks(null)]).toEqual([false, []]);
    expect([carriesTracks(drag(['Files'])), readTracks(drag(['Files']))]).toEqual([false, []]);
    for (const text of ['{', '{"a":1}', '"3"', 'null']) {
      const transfer = drag();
      transfer.setData(tracksMime, text);
      expect(readTracks(transfer), text).toEqual([]);
    }
    const mixed = drag();
    mixed.setData(tracksMime, '[3, -1, 2.5, "4", null, 8]');
    expect(readTracks(mixed)).toEqual([3, 8]);
  });

  it('is known again when the window’s own files come back over it, until the pointer is free', () => {
    rememberDrag(page, [5, 6]);
    moved(1);
    expect([carriesTracks(drag(['Files'])), readTracks(drag(['Files']))]).toEqual([true, [5, 6]]);
    moved(0);
    expect([carriesTracks(drag(['Files'])), readTracks(drag(['Files']))]).toEqual([false, []]);
  });

  it('leaves the window as numbers of tracks alone', () => {
    const postMessage = vi.fn();
    askForFileDrag({ postMessage, location: { origin: 'earmark-app://app' } as Location }, [5, 6]);
    expect(postMessage.mock.calls).toEqual([[{ type: 'earmark-drag', trackIds: [5, 6] }, 'earmark-app://app']]);
  });
});

describe('the text of a list', () => {
  it('is UTF-8 where it can be, and Windows-1252 where it cannot', async () => {
    expect(await listText(new Blob(['Café.mp3']))).toBe('Café.mp3');
    expect(await listText(new Blob([Uint8Array.of(0x43, 0x61, 0x66, 0xe9)]))).toBe('Café');
    expect(await listText(new Blob([Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)]))).toBe('a');
    const large = { size: 49e6, arrayBuffer: () => Promise.reject(new Error('it was read')) };
    await expect(listText(large)).rejects.toThrow('too large for a list');
  });
});

describe('duplicates', () => {
  it('are looked for, dismissed, and brought back', async () => {
    const { core, api, undo } = connected();
    const state = new DuplicatesState(api, undo);
    await state.load();
    expect([state.found, state.isLoaded]).toEqual([null, true]);
    await state.find();
    await waitFor(() => expect(core.services.activeJobs()).toEqual([]));
    await state.load();
    const group = state.found?.groups[0];
    expect(state.found?.groups).toHaveLength(3);
    if (group === undefined) throw new Error('There is no group.');
    await state.dismiss(group);
    expect(state.found?.groups).toHaveLength(2);
    await undo.undo();
    expect(state.found?.groups).toHaveLength(3);
  });
});
