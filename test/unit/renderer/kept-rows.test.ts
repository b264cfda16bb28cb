/** @file While a job brings tracks, rows that are looked at keep their places, and the table says how many are new. */
import { describe, expect, it } from 'vitest';
import { leastTagExamples } from '../../../src-main/contract/index.ts';
import type { EncoderId, HeadId, SegmentPage, SegmentQuery, SimilarQuery, Tag, Track } from '../../../src-main/contract/index.ts';
import { toBase64, waveformBars } from '../../../src-main/contract/index.ts';
import { fewestExamples } from '../../../src-main/learn/heads/settings.ts';
import { SegmentsState } from '../../../src-renderer/state/segments.svelte.ts';
import { SimilarState } from '../../../src-renderer/state/similar.svelte.ts';
import { SuggestionsState } from '../../../src-renderer/state/suggestions.svelte.ts';
import { examplesMissing } from '../../../src-renderer/state/tags.svelte.ts';
import { TracksState } from '../../../src-renderer/state/tracks.svelte.ts';
import type { UndoState } from '../../../src-renderer/state/undo.svelte.ts';

const undo = {} as UndoState;

/** Tracks by their numbers, as the core has them now. */
function library(numbers: number[]) {
  const held = { numbers, state: 'waiting' };
  const tracks = ({ offset, limit }: { offset: number; limit: number }) =>
    Promise.resolve({
      total: held.numbers.length,
      rows: held.numbers.slice(offset, offset + limit).map((id) => ({ id, state: held.state }) as unknown as Track),
    });
  const state = new TracksState({ library: { tracks } });
  const shown = (count: number): (number | undefined)[] => Array.from({ length: count }, (_, i) => state.row(i)?.id);
  return { held, state, shown };
}

const upTo = (count: number, from = 1): number[] => Array.from({ length: count }, (_, i) => from + i);

describe('a table of tracks', () => {
  it('keeps the rows in sight while a scan goes on, shows what is new of them, and says how many came', async () => {
    const { held, state, shown } = library(upTo(200, 100));
    state.want(0, 20);
    await expect.poll(() => state.total).toBe(200);
    held.numbers = [...upTo(12), ...held.numbers];
    held.state = 'indexed';
    await state.follow(true);
    expect(shown(3)).toEqual([100, 101, 102]);
    expect(state.row(0)?.state).toBe('indexed');
    expect(state.fresh).toBe(12);
    state.refresh();
    await expect.poll(() => shown(3)).toEqual([1, 2, 3]);
    expect(state.fresh).toBeNull();
  });

  it('takes what comes below the rows in sight, and into a list whose end is in sight', async () => {
    const { held, state, shown } = library(upTo(200));
    state.want(0, 20);
    await expect.poll(() => state.total).toBe(200);
    held.numbers = [...held.numbers, 999];
    await state.follow(true);
    expect([state.fresh, state.total]).toEqual([null, 201]);
    const short = library([5, 6]);
    short.state.want(0, 20);
    await expect.poll(() => short.state.total).toBe(2);
    short.held.numbers = [1, 5, 6];
    await short.state.follow(true);
    await expect.poll(() => short.shown(3)).toEqual([1, 5, 6]);
    expect(shown(2)).toEqual([1, 2]);
  });

  it('goes on to keep them after the job, and shows at once what a person does when all is shown', async () => {
    const { held, state, shown } = library(upTo(200, 100));
    state.want(0, 20);
    await expect.poll(() => state.total).toBe(200);
    state.keep();
    held.numbers = [...upTo(3), ...held.numbers];
    await state.follow(false);
    expect([state.fresh, shown(1)[0]]).toEqual([3, 100]);
    state.refresh();
    await expect.poll(() => shown(1)[0]).toBe(1);
    await state.follow(false);
    held.numbers = held.numbers.slice(10);
    await state.follow(false);
    await expect.poll(() => shown(1)[0]).toBe(107);
    expect(state.fresh).toBeNull();
  });
});

describe('a table of tracks in a library that was empty when the scan began', () => {
  async function growing() {
    const { held, state, shown } = library([]);
    state.want(0, 20);
    await expect.poll(() => state.total).toBe(0);
    const grow = async (numbers: number[], isAtWork = true, isNew = true): Promise<void> => {
      held.numbers = numbers;
      await state.follow(isAtWork, isNew);
    };
    await grow(upTo(40, 100));
    await expect.poll(() => state.total).toBe(40);
    return { state, shown, grow };
  }

  it('fills by itself, also with what comes when the scan is over', async () => {
    const { state, shown, grow } = await growing();
    await grow([...upTo(12), ...upTo(40, 100)]);
    await expect.poll(() => shown(2)).toEqual([1, 2]);
    await grow([0, ...upTo(12), ...upTo(40, 100)], false, false);
    await expect.poll(() => [state.fresh, state.total, ...shown(1)]).toEqual([null, 53, 0]);
    await grow([-1, 0, ...upTo(12), ...upTo(40, 100)], true, false);
    expect([state.fresh, ...shown(1)]).toEqual([1, 0]);
  });

  it('keeps its rows once a person has taken hold of it', async () => {
    const { state, shown, grow } = await growing();
    state.touch();
    await grow([...upTo(12), ...upTo(40, 100)]);
    expect([state.fresh, ...shown(1)]).toEqual([12, 100]);
    state.refresh();
    await expect.poll(() => shown(1)).toEqual([1]);
    state.setSort([{ key: 'title', descending: false }]);
    await expect.poll(() => state.total).toBe(52);
    await grow([0, ...upTo(12), ...upTo(40, 100)]);
    expect([state.fresh, ...shown(1)]).toEqual([1, 1]);
  });
});

describe('the table of segments', () => {
  it('keeps its rows while indexing goes on, until the new ones are asked for', async () => {
    const core = { total: 500, first: 0 };
    const page = ({ offset, limit, features }: SegmentQuery): Promise<SegmentPage> => {
      const count = Math.max(0, Math.min(limit, core.total - offset));
      const rows = Array.from({ length: count }, (_, i) => ({
        ...{ row: i, trackId: 1, title: 'T', artist: 'A', segment: core.first + offset + i, startMs: 0, durationMs: 1, labels: [] },
      }));
      const values = toBase64(new Uint8Array(4 * count * features.length));
      return Promise.resolve({
        total: core.total,
        tracks: 1,
        rows,
        extras: '',
        values,
        waveforms: toBase64(new Uint8Array(count * waveformBars)),
      } as never);
    };
    const state = new SegmentsState({ segments: page }, () => undefined);
    state.look({ firstRow: 0, endRow: 20, features: [1] });
    state.show({ encoderId: 1 as EncoderId, sort: [], search: '' });
    await expect.poll(() => state.total).toBe(500);
    Object.assign(core, { total: 540, first: 7 });
    state.follow(true);
    await expect.poll(() => state.fresh).toBe(40);
    expect([state.total, state.at(0)?.segment]).toEqual([500, 0]);
    state.refresh();
    await expect.poll(() => state.at(0)?.segment).toBe(7);
    expect([state.total, state.fresh]).toEqual([540, null]);
  });
});

describe('suggestions and results', () => {
  it('say how many tracks came since the list was fetched', async () => {
    const core = { total: 30 };
    const rows = () => Promise.resolve({ total: core.total, rows: [] });
    const suggest = { tracks: rows, thresholds: () => Promise.resolve([]), answer: rows, acceptAbove: rows };
    const state = new SuggestionsState({ suggest, tags: { undo: rows } } as never, undo);
    state.show({ headId: 1 as HeadId, label: 0 });
    await expect.poll(() => state.total).not.toBeNull();
    await state.countFresh();
    expect(state.fresh).toBeNull();
    core.total = 42;
    await state.countFresh();
    expect(state.fresh).toBe(12);
    state.refresh();
    expect(state.fresh).toBeNull();
  });

  it('stay in their order while indexing goes on', async () => {
    const core = { ids: [1, 2, 3] };
    const find = () => Promise.resolve({ rows: core.ids.map((trackId, i) => ({ trackId, rank: i + 1, passage: null })) });
    const state = new SimilarState({ similar: { find, explain: find } } as never);
    state.show({ like: [], weights: [] } as unknown as SimilarQuery);
    const shown = (): number[] | undefined => state.answer?.rows.map(({ trackId }) => trackId);
    await expect.poll(shown).toEqual([1, 2, 3]);
    core.ids = [9, 1, 2];
    state.follow(true);
    await expect.poll(() => state.fresh).toBe(1);
    expect(shown()).toEqual([1, 2, 3]);
    state.refresh();
    await expect.poll(shown).toEqual([9, 1, 2]);
    expect(state.fresh).toBeNull();
  });
});

describe('a tag with few examples', () => {
  it('says how many of those that training needs there are', () => {
    expect(leastTagExamples).toBe(fewestExamples);
    const tag = (tracks: number, passages = 0): Tag => ({ tracks, passages }) as Tag;
    expect(examplesMissing(tag(4))).toBe('4 of 5');
    expect(examplesMissing(tag(1, 3))).toBe('3 of 5');
    expect(examplesMissing(tag(5))).toBeNull();
  });
});
