/** @file The window on a long list: what is fetched, what is held, what is dropped. */
import { describe, expect, it } from 'vitest';
import { WindowCache } from '../../../src-renderer/lib/window-cache.ts';

type Request = {
  offset: number;
  signal: AbortSignal;
  answer(total?: number, label?: string): Promise<void>;
  fail(error: unknown): Promise<void>;
};

function harness(keptPages = 4) {
  const requests: Request[] = [];
  const seen = { changes: 0, errors: [] as unknown[] };
  const cache = new WindowCache<string>({
    pageRows: 10,
    keptPages,
    keyOf: (row) => row,
    changed: () => seen.changes++,
    failed: (error) => seen.errors.push(error),
    fetch: (offset, limit, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<{ total: number; rows: string[] }>();
      requests.push({
        offset,
        signal,
        answer: async (total = 1000, label = 'row') => {
          const count = Math.max(0, Math.min(limit, total - offset));
          resolve({ total, rows: Array.from({ length: count }, (_, i) => `${label} ${offset + i}`) });
          await promise;
          await Promise.resolve();
        },
        fail: async (error) => {
          reject(error);
          await promise.catch(() => undefined);
          await Promise.resolve();
        },
      });
      return promise;
    },
  });
  return { cache, requests, seen };
}

describe('a window on a list', () => {
  it('fetches only the first page until it knows the length', async () => {
    const { cache, requests } = harness();
    cache.want(0, 35);
    expect(requests.map(({ offset }) => offset)).toEqual([0]);
    await requests[0]?.answer();
    expect(cache.total).toBe(1000);
    expect(cache.row(9)).toBe('row 9');
    expect(cache.row(10)).toBeUndefined();
  });

  it('fetches the pages in sight, each once', async () => {
    const { cache, requests } = harness();
    cache.want(0, 5);
    await requests[0]?.answer();
    cache.want(95, 112);
    cache.want(96, 113);
    expect(requests.slice(1).map(({ offset }) => offset)).toEqual([90, 100, 110]);
  });

  it('gives up requests that went out of sight', async () => {
    const { cache, requests, seen } = harness();
    cache.want(0, 5);
    await requests[0]?.answer();
    cache.want(500, 505);
    cache.want(900, 905);
    expect(requests[1]?.signal.aborted).toBe(true);
    await requests[1]?.fail(new Error('aborted'));
    expect(seen.errors).toEqual([]);
  });

  it('holds no more pages than it may, and keeps those in sight', async () => {
    const { cache, requests } = harness(3);
    cache.want(0, 5);
    await requests[0]?.answer();
    for (let page = 1; page < 8; page++) {
      cache.want(page * 10, page * 10 + 5);
      await requests.at(-1)?.answer();
    }
    const held = Array.from({ length: 8 }, (_, page) => cache.row(page * 10)).filter((row) => row !== undefined);
    expect(held).toHaveLength(3);
    expect(cache.row(70)).toBe('row 70');
  });

  it('shows the old rows until another query has its first answer, and then none of them', async () => {
    const { cache, requests } = harness();
    cache.want(0, 5);
    await requests[0]?.answer();
    cache.want(10, 15);
    await requests[1]?.answer();
    cache.reset();
    expect(cache.row(12)).toBe('row 12');
    await requests[2]?.answer(1000, 'other');
    expect(cache.row(12)).toBe('other 12');
    expect(cache.row(2)).toBeUndefined();
  });

  it('drops an answer to an earlier query that comes late', async () => {
    const { cache, requests } = harness();
    cache.want(0, 5);
    cache.reset();
    await requests[1]?.answer(7, 'new');
    await requests[0]?.answer(1000, 'old');
    expect(cache.total).toBe(7);
    expect(cache.row(0)).toBe('new 0');
  });

  it('replaces rows in place when the data changed', async () => {
    const { cache, requests } = harness();
    cache.want(0, 5);
    await requests[0]?.answer();
    cache.want(0, 15);
    await requests[1]?.answer();
    cache.refresh();
    await requests[2]?.answer(1000, 'fresh');
    expect(cache.row(3)).toBe('fresh 3');
    expect(cache.row(13)).toBe('row 13');
  });

  it('moves back in sight of rows when the list became shorter', async () => {
    const { cache, requests } = harness();
    cache.want(0, 5);
    await requests[0]?.answer();
    cache.want(990, 999);
    await requests[1]?.answer();
    cache.refresh();
    await requests[2]?.answer(15);
    cache.refresh();
    expect(requests.at(-1)?.offset).toBe(10);
  });

  it('tells of a page that failed, and tries it again when it is wanted again', async () => {
    const { cache, requests, seen } = harness();
    cache.want(0, 5);
    await requests[0]?.fail(new Error('no'));
    expect(seen.errors).toHaveLength(1);
    cache.want(0, 5);
    expect(requests).toHaveLength(2);
  });

  it('finds where a held row stands', async () => {
    const { cache, requests } = harness();
    cache.want(0, 5);
    await requests[0]?.answer();
    cache.want(30, 35);
    await requests[1]?.answer();
    expect(cache.indexOf((row) => row === 'row 34')).toBe(34);
    expect(cache.indexOf((row) => row === 'row 500')).toBeNull();
  });
});
