/** @file The table's window on the segments: what is asked for, what is shown meanwhile, and how little is kept. */
import { describe, expect, it } from 'vitest';
import type { EncoderId, SegmentPage, SegmentQuery, TrackId } from '../../../src-main/contract/index.ts';
import { toBase64, waveformBars } from '../../../src-main/contract/index.ts';
import { SegmentBlocks, blockRows } from '../../../src-renderer/lib/segment-blocks.ts';
import { SegmentsState } from '../../../src-renderer/state/segments.svelte.ts';

const encoderId = 1 as EncoderId;

/** A core whose row `i` holds `base + i + feature / 1000`; answers when it is told to. */
class FakeApi {
  readonly asked: SegmentQuery[] = [];
  readonly waiting: { query: SegmentQuery; answer: () => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
  total = 1000;
  base = 0;

  segments(query: SegmentQuery, { signal }: { signal: AbortSignal }): Promise<SegmentPage> {
    this.asked.push(query);
    const { promise, resolve, reject } = Promise.withResolvers<SegmentPage>();
    this.waiting.push({ query, answer: () => resolve(this.page(query)), fail: reject, signal });
    return promise;
  }

  page({ offset, limit, features }: SegmentQuery): SegmentPage {
    const count = Math.max(0, Math.min(limit, this.total - offset));
    const values = new Float32Array(count * features.length);
    const rows = Array.from({ length: count }, (_, i) => {
      features.forEach((feature, j) => (values[i * features.length + j] = feature + (offset + i) / 4 + this.base));
      return {
        row: offset + i + this.base,
        trackId: 1 as TrackId,
        title: 'T',
        artist: 'A',
        segment: offset + i,
        startMs: 0,
        durationMs: 1,
        labels: [],
      };
    });
    const waveforms = new Uint8Array(count * waveformBars).fill(9);
    return {
      total: this.total,
      tracks: 1,
      rows,
      extras: '',
      values: toBase64(new Uint8Array(values.buffer)),
      waveforms: toBase64(waveforms),
    };
  }

  /** Answers all that waits, and what is asked then, until nothing is. */
  async settle(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      next.answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function made(): { api: FakeApi; state: SegmentsState; runLater: () => void } {
  const api = new FakeApi();
  const later: (() => void)[] = [];
  const state = new SegmentsState(api, (run) => later.push(run));
  return { api, state, runLater: () => later.splice(0).forEach((run) => run()) };
}

const query = { encoderId, sort: [], search: '' };

describe('the window on the segments', () => {
  it('asks for the rows and features in sight only, and gives their values', async () => {
    const { api, state } = made();
    state.look({ firstRow: 60, endRow: 70, features: [5, 9] });
    state.show(query);
    await api.settle();
    expect(api.asked.map(({ offset, limit, features }) => [offset, limit, features])).toEqual([
      [0, blockRows, [5, 9]],
      [64, blockRows, [5, 9]],
    ]);
    expect(state.total).toBe(1000);
    expect(state.value(68, 9)).toBe(26);
    expect(state.value(68, 6)).toBeUndefined();
    expect(state.at(64)?.segment).toBe(64);
    expect(state.at(64)?.waveform).toHaveLength(waveformBars);
    expect(state.at(500)).toBeUndefined();
  });

  it('asks only for the features that are new when the view moves sideways', async () => {
    const { api, state } = made();
    state.look({ firstRow: 0, endRow: 10, features: [1, 2] });
    state.show(query);
    await api.settle();
    state.look({ firstRow: 0, endRow: 10, features: [2, 3] });
    await api.settle();
    expect(api.asked.at(-1)?.features).toEqual([3]);
    expect(state.value(4, 1)).toBe(2);
    expect(state.value(4, 3)).toBe(4);
  });

  it('has two requests under way at most, and goes on with what is in sight by then', async () => {
    const { api, state } = made();
    state.show(query);
    await api.settle();
    for (let at = 100; at < 900; at += 70) state.look({ firstRow: at, endRow: at + 30, features: [1] });
    expect(api.waiting).toHaveLength(2);
    await api.settle();
    expect(api.asked.length).toBeLessThanOrEqual(6);
    expect(state.value(875, 1)).toBeDefined();
  });

  it('shows the old rows until the new order is there, then all of it at once', async () => {
    const { api, state } = made();
    state.look({ firstRow: 60, endRow: 70, features: [1] });
    state.show(query);
    await api.settle();
    api.base = 5000;
    state.show({ ...query, sort: [{ feature: 1, descending: true }] });
    expect(state.isRenewing).toBe(true);
    api.waiting.shift()?.answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.at(60)?.row).toBe(60);
    await api.settle();
    expect(state.at(60)?.row).toBe(5060);
    expect(state.isRenewing).toBe(false);
  });

  it('does not wait longer than its patience for the whole of the new order', async () => {
    const { api, state, runLater } = made();
    state.look({ firstRow: 60, endRow: 70, features: [1] });
    state.show(query);
    await api.settle();
    api.base = 5000;
    state.show({ ...query, search: 'x' });
    api.waiting.shift()?.answer();
    await new Promise((resolve) => setImmediate(resolve));
    runLater();
    expect(state.at(60)?.row).toBe(5060);
    expect(state.at(64)).toBeUndefined();
  });

  it('drops an answer to a question that is no longer asked', async () => {
    const { api, state } = made();
    state.show(query);
    const stale = api.waiting.shift();
    state.show({ ...query, search: 'b' });
    api.base = 300;
    await api.settle();
    api.base = 0;
    stale?.answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect(stale?.signal.aborted).toBe(true);
    expect(state.at(0)?.row).toBe(300);
  });

  it('fetches the rows in sight anew in place when the index has grown', async () => {
    const { api, state } = made();
    state.look({ firstRow: 130, endRow: 140, features: [] });
    state.show(query);
    await api.settle();
    api.total = 2000;
    state.refresh();
    expect(state.at(135)?.row).toBe(135);
    await api.settle();
    expect(state.total).toBe(2000);
    expect(state.at(135)?.row).toBe(135);
  });

  it('is empty, and says so, when nothing matches', async () => {
    const { api, state } = made();
    api.total = 0;
    state.look({ firstRow: 400, endRow: 410, features: [1] });
    state.show({ ...query, search: 'nothing like it' });
    await api.settle();
    expect(state.total).toBe(0);
    expect(state.isRenewing).toBe(false);
  });

  it('tells of a failure and recovers from it', async () => {
    const { api, state } = made();
    state.show(query);
    api.waiting.shift()?.fail(new Error('gone'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.error).toMatchObject({ message: 'gone' });
    state.refresh();
    await api.settle();
    expect(state.error).toBeNull();
    expect(state.total).toBe(1000);
  });

  it('forgets another encoder’s rows at once', async () => {
    const { api, state } = made();
    state.show(query);
    await api.settle();
    state.show({ ...query, encoderId: 2 as EncoderId });
    expect(state.total).toBeNull();
    expect(state.at(0)).toBeUndefined();
  });

  it('gives the first rows for an audition without another request when they are held', async () => {
    const { api, state } = made();
    state.look({ firstRow: 0, endRow: 30, features: [] });
    state.show(query);
    await api.settle();
    const asked = api.asked.length;
    expect((await state.rows(0, 20)).map((row) => row.segment)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(api.asked).toHaveLength(asked);
    const far = state.rows(900, 2);
    await api.settle();
    expect((await far).map((row) => row.segment)).toEqual([900, 901]);
  });
});

describe('blocks of segments', () => {
  it('keep at most as many as they are told', () => {
    const api = new FakeApi();
    api.total = 1e6;
    const blocks = new SegmentBlocks(4);
    for (let block = 0; block < 10; block++) {
      const page = api.page({ ...query, features: [], offset: block * blockRows, limit: blockRows });
      blocks.store(block, [], { rows: page.rows, values: new Float32Array(0), waveforms: new Uint8Array(0) });
    }
    expect(blocks.size).toBe(4);
    expect(blocks.item(9 * blockRows)?.segment).toBe(9 * blockRows);
    expect(blocks.item(0)).toBeUndefined();
    expect(blocks.find(1, 9 * blockRows + 3)).toBe(9 * blockRows + 3);
    expect(blocks.find(1, 0)).toBe(-1);
  });

  it('forget values of rows that are others now', () => {
    const row = (at: number): SegmentPage['rows'][number] => ({
      row: at,
      trackId: 1 as TrackId,
      title: '',
      artist: '',
      segment: at,
      startMs: 0,
      durationMs: 1,
      labels: [],
    });
    const blocks = new SegmentBlocks();
    blocks.store(0, [1], { rows: [row(1)], values: Float32Array.of(4), waveforms: new Uint8Array(0) });
    blocks.store(0, [2], { rows: [row(2)], values: Float32Array.of(8), waveforms: new Uint8Array(0) });
    expect(blocks.value(0, 1)).toBeUndefined();
    expect(blocks.value(0, 2)).toBe(8);
  });
});
