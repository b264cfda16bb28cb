/** @file The states of Similar on a seeded core: queries, answers, files, paths, the radio. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EncoderId, Handlers, SimilarQuery, TrackId } from '../../../src-main/contract/index.ts';
import { AppError } from '../../../src-main/base/index.ts';
import { createRouter } from '../../../src-main/rpc/index.ts';
import type { Client } from '../../../src-main/rpc/index.ts';
import { alignedStart, offsetText } from '../../../src-renderer/view/similar/aligned.ts';
import { MusicPathState } from '../../../src-renderer/state/music-path.svelte.ts';
import { PassageState } from '../../../src-renderer/state/passage.svelte.ts';
import { QueryFilesState } from '../../../src-renderer/state/query-files.svelte.ts';
import { RadioState } from '../../../src-renderer/state/radio.svelte.ts';
import type { RadioSource } from '../../../src-renderer/state/radio.svelte.ts';
import { SimilarQueryState, freshSimilarMemory, openFilter } from '../../../src-renderer/state/similar-query.svelte.ts';
import type { Example, SimilarMemory } from '../../../src-renderer/state/similar-query.svelte.ts';
import { SimilarState } from '../../../src-renderer/state/similar.svelte.ts';
import { clientOf, seededTests, undoOfTest } from '../../support/connected.ts';
import { writeSeedAudio } from '../../support/seed/audio.ts';
import type { SeededCore } from '../../support/seed/core.ts';
import { waitFor } from '../../support/wait-for.ts';

const encoderId = 1 as EncoderId;

/** Asked once, so that what is looked through for neighbours is in every copy. */
const connected = seededTests({
  tracks: 80,
  prepare: ({ similar }) => similar.find(asked()),
});

function track(id: number): Example {
  return { item: { kind: 'track', trackId: id as TrackId }, label: `Track ${id}`, note: '' };
}

function memory(kept: Partial<SimilarMemory> = {}) {
  const holder = {
    current: { ...freshSimilarMemory, ...kept },
    set: (change: Partial<SimilarMemory>): void => {
      holder.current = { ...holder.current, ...change };
    },
  };
  return holder;
}

function asked(change: Partial<SimilarQuery> = {}): SimilarQuery {
  const query = new SimilarQueryState(memory(), undoOfTest());
  query.add('like', [track(1)]);
  const made = query.forEncoder(encoderId);
  if (made === null) throw new Error('There is no query.');
  return { ...made, ...change };
}

describe('a query', () => {
  it('asks nothing without an example, and for what is like and unlike with them', () => {
    const query = new SimilarQueryState(memory(), undoOfTest());
    expect(query.forEncoder(encoderId)).toBeNull();
    query.add('unlike', [track(9)]);
    expect(query.forEncoder(encoderId)).toBeNull();
    query.add('like', [track(1), track(2), track(1)]);
    expect(query.forEncoder(encoderId)).toMatchObject({
      like: [
        { kind: 'track', trackId: 1 },
        { kind: 'track', trackId: 2 },
      ],
      unlike: [{ kind: 'track', trackId: 9 }],
    });
  });

  it('has an example on one side only', () => {
    const query = new SimilarQueryState(memory(), undoOfTest());
    query.add('like', [track(1), track(2)]);
    query.move(track(1));
    expect([query.like, query.unlike]).toEqual([[track(2)], [track(1)]]);
    query.add('like', [track(1)]);
    expect([query.like, query.unlike]).toEqual([[track(2), track(1)], []]);
    query.remove(track(2));
    expect(query.like).toEqual([track(1)]);
  });

  it('begins anew with examples of its own, and comes back with all it had', async () => {
    const undo = undoOfTest();
    const query = new SimilarQueryState(memory(), undo);
    query.add('like', [track(1)]);
    query.add('unlike', [track(2)]);
    query.setWeight(5, 0);
    query.only([track(3)]);
    expect([query.like, query.unlike, query.weights]).toEqual([[track(3)], [], []]);
    await undo.undo();
    expect([query.like, query.unlike, query.weight(5)]).toEqual([[track(1)], [track(2)], 0]);
  });

  it('keeps weights within 0 to 4, and forgets one that is 1 again', () => {
    const query = new SimilarQueryState(memory(), undoOfTest());
    query.setWeight(5, 9);
    query.setWeight(6, -1);
    expect([query.weight(5), query.weight(6), query.weight(7)]).toEqual([4, 0, 1]);
    query.setWeight(5, 1);
    expect(query.weights).toEqual([{ feature: 6, weight: 0 }]);
    query.resetWeights();
    expect(query.weights).toEqual([]);
  });

  it('lets everything pass when what was kept is no filter', () => {
    for (const filter of [null, 'all', { year: 'old' }, { genres: 7 }]) {
      const query = new SimilarQueryState(memory({ filter, perArtist: -3, level: 'bars' }), undoOfTest());
      expect([query.filter, query.perArtist, query.level]).toEqual([openFilter, null, 'tracks']);
    }
  });

  it('counts the rules that are set, and drops them all at once', () => {
    const query = new SimilarQueryState(memory(), undoOfTest());
    query.setFilter({ genres: ['jazz', 'rock'], year: { least: 1990 } });
    query.setCaps({ perArtist: 2 });
    expect(query.filterCount).toBe(4);
    query.resetFilter();
    expect([query.filterCount, query.filter]).toEqual([0, openFilter]);
  });
});

describe('an answer', () => {
  it('comes for the last query of a burst, and shows until the next one is there', async () => {
    const { api } = connected();
    const state = new SimilarState(api);
    state.show(asked({ limit: 3 }));
    state.show(asked({ limit: 5 }));
    await waitFor(() => expect(state.answer?.rows).toHaveLength(5));
    const before = state.answer;
    state.show(asked({ limit: 7 }));
    expect([state.answer, state.isAsking]).toEqual([before, true]);
    await waitFor(() => expect(state.answer?.rows).toHaveLength(7));
    state.show(null);
    expect([state.answer, state.isAsking]).toEqual([null, false]);
  });

  it('says where rows went when neurons are weighted otherwise, and nothing after another query', async () => {
    const { api } = connected();
    const state = new SimilarState(api);
    state.show(asked());
    await waitFor(() => expect(state.answer).not.toBeNull());
    const ranks = new Map(state.answer?.rows.map(({ trackId, rank }) => [trackId, rank]));
    expect(state.answer?.rows.map((row) => state.movedBy(row)).every((moved) => moved === 0)).toBe(true);
    const weights = (state.answer?.neurons ?? []).slice(0, 4).map(({ feature }) => ({ feature, weight: 0 }));
    state.show(asked({ weights }));
    await waitFor(() => expect(state.isAsking).toBe(false));
    const rows = state.answer?.rows ?? [];
    expect(rows.some((row) => state.movedBy(row) !== 0)).toBe(true);
    for (const row of rows) {
      const rank = ranks.get(row.trackId);
      expect(state.movedBy(row)).toBe(rank === undefined ? null : rank - row.rank);
    }
    state.show(asked({ weights, limit: 9 }));
    await waitFor(() => expect(state.answer?.rows).toHaveLength(9));
    expect(state.answer?.rows.map((row) => state.movedBy(row))).toEqual(new Array(9).fill(0));
  });

  it('gives way to the reason when there is none, and comes back', async () => {
    const failing: Record<string, AppError> = {};
    const { api } = connected({ failing });
    failing['similar.find'] = new AppError('INTERNAL', 'The index is being built.');
    const state = new SimilarState(api);
    state.show(asked());
    await waitFor(() => expect(state.error).toMatchObject({ message: 'The index is being built.' }));
    delete failing['similar.find'];
    state.refresh();
    await waitFor(() => expect(state.answer).not.toBeNull());
    expect(state.error).toBeNull();
  });

  it('is explained row by row', async () => {
    const { api } = connected();
    const state = new SimilarState(api);
    state.show(asked());
    await waitFor(() => expect(state.answer).not.toBeNull());
    const row = state.answer?.rows[2];
    if (row === undefined) throw new Error('There is no third row.');
    await state.explain(row);
    expect(state.explained?.neurons.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(row.cosine, 7);
    await state.explain(null);
    expect(state.explained).toBeNull();
  });
});

describe('a file that is brought', () => {
  /** Five minutes of sound, of which two pieces and a part are sent. */
  function soundFile(name: string): File {
    const path = join(mkdtempSync(join(tmpdir(), 'earmark-brought-')), name);
    onTestFinished(() => rmSync(dirname(path), { recursive: true }));
    writeSeedAudio(path, { recording: 500, seconds: 300, cover: null });
    return new File([readFileSync(path)], name);
  }

  /** A client of a core with others in the place of some of its procedures. */
  function clientWith({ handlers }: SeededCore, similar: Partial<Handlers['similar']>): Client {
    const changed = { ...handlers, similar: { ...handlers.similar, ...similar } };
    return clientOf({ router: createRouter(changed, () => undefined) });
  }

  it('arrives whole, piece by piece, and says how far it is', async () => {
    const { core } = connected();
    const pieces: number[] = [];
    const api = clientWith(core, {
      sendPiece: async (input, signal) => {
        pieces.push(files.current?.sent ?? -1);
        await core.handlers.similar.sendPiece(input, signal);
      },
    });
    const files = new QueryFilesState(api);
    const brought = await files.bring(soundFile('Far.wav'), encoderId);
    expect(brought).toMatchObject({ name: 'Far.wav', durationMs: 300_000 });
    expect(pieces).toEqual([0, 1_048_576, 2_097_152]);
    expect(files.current).toBeNull();
  });

  it('is forgotten when it is given up', async () => {
    const { core } = connected();
    const [opened, forgotten]: [number[], number[]] = [[], []];
    const api = clientWith(core, {
      openFile: async (input, signal) => {
        const { fileId } = await core.handlers.similar.openFile(input, signal);
        opened.push(fileId);
        return { fileId };
      },
      sendPiece: async (input, signal) => {
        files.cancel();
        await core.handlers.similar.sendPiece(input, signal);
      },
      forgetFile: async (input, signal) => {
        forgotten.push(input.fileId);
        await core.handlers.similar.forgetFile(input, signal);
      },
    });
    const files = new QueryFilesState(api);
    expect(await files.bring(soundFile('Far.wav'), encoderId)).toBeNull();
    expect(opened).toHaveLength(1);
    expect(forgotten).toEqual(opened);
    expect(files.current).toBeNull();
  });

  it('is refused with a sentence when it is no audio or empty', async () => {
    const files = new QueryFilesState(connected().api);
    await expect(files.bring(new File(['Nothing to hear here.'.repeat(9)], 'notes.txt'), encoderId)).rejects.toThrow('notes.txt');
    await expect(files.bring(new File([], 'Nothing.flac'), encoderId)).rejects.toThrow('Nothing.flac is empty.');
    expect(files.current).toBeNull();
  });
});

describe('a path', () => {
  it('is there when both ends are, and goes when one is taken away', async () => {
    const path = new MusicPathState(connected().api);
    const rules = { filter: openFilter, perArtist: null };
    path.setEnd('from', track(3));
    await path.find(encoderId, rules);
    expect(path.rows).toBeNull();
    path.setEnd('to', track(8));
    path.setSteps(6);
    await path.find(encoderId, rules);
    expect(path.rows?.map(({ trackId }) => trackId)).toEqual([3, ...new Array<unknown>(4).fill(expect.any(Number)), 8]);
    expect(path.rows?.[0]?.fromBefore).toBeNull();
    path.turn();
    expect([path.from, path.to]).toEqual([track(8), track(3)]);
    path.setEnd('to', null);
    expect(path.rows).toBeNull();
  });

  it('has 3 to 100 tracks', () => {
    const path = new MusicPathState(connected().api);
    path.setSteps(1);
    expect(path.steps).toBe(3);
    path.setSteps(1000);
    expect(path.steps).toBe(100);
  });
});

describe('the radio', () => {
  const source: RadioSource = { encoderId, seeds: [track(1).item], title: 'Track 1', filter: openFilter, perArtist: null };
  const ids = (radio: RadioState): number[] => radio.rows.map(({ trackId }) => trackId);

  async function started(heardShare: () => number, change: Partial<RadioSource> = {}): Promise<RadioState> {
    const radio = new RadioState(connected().api, heardShare, () => 0.5);
    await radio.start({ ...source, ...change });
    return radio;
  }

  it('goes on without an end, and plays nothing twice', async () => {
    const radio = await started(() => 1);
    for (let i = 0; i < 40; i++) {
      const now = radio.playable(radio.at);
      if (now === null) throw new Error('The radio has ended.');
      await radio.neighbour(now, 1, 'ended');
      await waitFor(() => expect(radio.isAsking).toBe(false));
    }
    expect(radio.at).toBe(40);
    expect(new Set(ids(radio)).size).toBe(radio.rows.length);
    expect(radio.rows.length).toBeGreaterThan(40);
  });

  it('moves away from what is skipped early, and not from what was heard', async () => {
    let share = 0.9;
    const radio = await started(() => share);
    const [first, second] = ids(radio);
    const before = ids(radio);
    const now = radio.playable(0);
    if (now === null) throw new Error('The radio is empty.');
    const next = await radio.neighbour(now, 1, 'asked');
    expect([radio.isSkipped(first as TrackId), next?.trackId]).toEqual([false, second]);
    share = 0.1;
    const after = await radio.neighbour(next ?? now, 1, 'asked');
    expect(radio.isSkipped(second as TrackId)).toBe(true);
    expect(ids(radio).slice(0, 2)).toEqual(before.slice(0, 2));
    expect(ids(radio)).not.toEqual(before);
    expect(after?.trackId).toBe(ids(radio)[2]);
  });

  it('asks anew for what comes when it is to be more varied', async () => {
    const radio = await started(() => 1);
    const before = ids(radio);
    await radio.setDiversity(1);
    expect(ids(radio)[0]).toBe(before[0]);
    expect(ids(radio)).not.toEqual(before);
  });

  it('says when no other track passes the filter', async () => {
    const radio = await started(() => 1);
    const now = radio.playable(0);
    if (now === null) throw new Error('The radio is empty.');
    await radio.start({ ...source, filter: { ...openFilter, year: { least: 2100 } } });
    expect([radio.isAtEnd, radio.rows]).toEqual([true, []]);
    expect(await radio.neighbour(now, 1, 'ended')).toBeNull();
  });

  it('is silent about what it was once it is stopped', async () => {
    const radio = await started(() => 1);
    const now = radio.playable(0);
    radio.stop();
    expect([radio.source, radio.rows]).toEqual([null, []]);
    expect(now === null ? null : await radio.neighbour(now, 1, 'asked')).toBeNull();
  });
});

describe('a marked passage', () => {
  it('has its ends in order, and is nothing when it is a slip of the hand', () => {
    const state = new PassageState();
    state.mark(4, 9000, 2000);
    expect(state.passage).toEqual({ trackId: 4, startMs: 2000, endMs: 9000 });
    state.mark(4, 2000, 2100);
    expect(state.passage).toBeNull();
  });

  it('is marked end by end', () => {
    const state = new PassageState();
    state.markStart(4, 3000);
    expect(state.passage).toBeNull();
    state.markEnd(4, 8000);
    expect(state.passage).toEqual({ trackId: 4, startMs: 3000, endMs: 8000 });
    state.markStart(4, 5000);
    expect(state.passage).toEqual({ trackId: 4, startMs: 5000, endMs: 8000 });
    state.markEnd(7, 6000);
    expect(state.passage).toEqual({ trackId: 7, startMs: 0, endMs: 6000 });
  });
});

describe('files of the same recording', () => {
  const files = [
    { offsetMs: 0, durationMs: 200_000 },
    { offsetMs: 3000, durationMs: 206_000 },
    { offsetMs: -1500, durationMs: 30_000 },
  ] as const;

  it('play from the moment that is heard in another of them', () => {
    expect(alignedStart(files, files[1], { offsetMs: 0, positionMs: 60_000 })).toBe(63_000);
    expect(alignedStart(files, files[0], { offsetMs: 3000, positionMs: 63_000 })).toBe(60_000);
    expect(alignedStart(files, files[2], { offsetMs: 0, positionMs: 60_000 })).toBe(30_000);
    expect(alignedStart(files, files[0], { offsetMs: 3000, positionMs: 1000 })).toBe(0);
  });

  it('play from a moment that all have when none is heard', () => {
    const starts = files.map((file) => alignedStart(files, file, null) - file.offsetMs);
    expect(starts).toEqual([7875, 7875, 7875]);
  });

  it('say where their sound begins', () => {
    expect([0, 1480, -204].map(offsetText)).toEqual(['0 s', '+1.48 s', '−0.20 s']);
  });
});
