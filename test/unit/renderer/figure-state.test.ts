/** @file A figure of Inspect: made once for a wish, followed, ended, outdated; and the way of arrow keys over it. */
import { describe, expect, it } from 'vitest';
import type { EncoderId } from '../../../src-main/contract/index.ts';
import { FigureState } from '../../../src-renderer/state/figure.svelte.ts';
import { cellAfter, pageColour } from '../../../src-renderer/view/inspect/figures/shown-figure.ts';

const encoderId = 3 as EncoderId;
type Wish = { encoderId: EncoderId; most: number };

function figure(answers: (wish: Wish) => Promise<string>): { state: FigureState<Wish, string>; asked: Wish[] } {
  const asked: Wish[] = [];
  const state = new FigureState<Wish, string>('profile', (wish) => {
    asked.push(wish);
    return answers(wish);
  });
  return { state, asked };
}

describe('a figure', () => {
  it('is made once for a wish, and again for another or when the person asks', async () => {
    const { state, asked } = figure(async ({ most }) => `${most}`);
    await state.show({ encoderId, most: 1 });
    await state.show({ encoderId, most: 1 });
    expect([asked.length, state.answer]).toEqual([1, '1']);
    state.hear({ type: 'index.changed', encoderId: 4 as EncoderId });
    expect(state.isOutdated).toBe(false);
    state.hear({ type: 'tags.changed' });
    expect(state.isOutdated).toBe(true);
    await state.again();
    expect([asked.length, state.isOutdated]).toEqual([2, false]);
    await state.show({ encoderId, most: 2 });
    expect([asked.length, state.answer]).toEqual([3, '2']);
  });

  it('stays while another is made, unless that is of another encoder', async () => {
    const late = Promise.withResolvers<string>();
    const { state } = figure(({ most }) => (most === 1 ? Promise.resolve('first') : late.promise));
    await state.show({ encoderId, most: 1 });
    const second = state.show({ encoderId, most: 2 });
    expect([state.answer, state.isLooking]).toEqual(['first', true]);
    const third = state.show({ encoderId: 4 as EncoderId, most: 3 });
    expect(state.answer).toBeNull();
    late.resolve('late');
    await Promise.all([second, third]);
    expect([state.answer, state.isLooking]).toEqual(['late', false]);
  });

  it('hears how far it is, of its own kind and encoder alone, and ends at once', async () => {
    const late = Promise.withResolvers<string>();
    const { state } = figure(() => late.promise);
    const made = state.show({ encoderId, most: 1 });
    const looking = { encoderId, about: 'profile', done: 1, total: 2 } as const;
    state.hear({ type: 'inspect.looking', looking: { ...looking, about: 'neurons' } });
    expect(state.progress).toBeNull();
    state.hear({ type: 'inspect.looking', looking });
    expect(state.progress?.done).toBe(1);
    state.stop();
    late.resolve('late');
    await made;
    expect([state.answer, state.isLooking, state.progress, state.error]).toEqual([null, false, null, null]);
  });

  it('tells why it failed, and is tried again for the same wish', async () => {
    let isBroken = true;
    const { state } = figure(() => (isBroken ? Promise.reject(new Error('no index')) : Promise.resolve('made')));
    await state.show({ encoderId, most: 1 });
    expect([(state.error as Error).message, state.answer]).toEqual(['no index', null]);
    isBroken = false;
    await state.show({ encoderId, most: 1 });
    expect([state.error, state.answer]).toEqual([null, 'made']);
  });
});

describe('a place in a figure', () => {
  it('moves by arrow keys within it', () => {
    const size = { columns: 30, rows: 4 };
    const at = { column: 29, row: 0 };
    expect(cellAfter('ArrowRight', at, size)).toEqual(at);
    expect(cellAfter('ArrowLeft', at, size)).toEqual({ column: 28, row: 0 });
    expect(cellAfter('ArrowUp', at, size)).toEqual(at);
    expect(cellAfter('PageDown', at, size)).toEqual({ column: 29, row: 3 });
    expect(cellAfter('PageUp', at, { columns: 30, rows: 1 })).toEqual({ column: 19, row: 0 });
    expect(cellAfter('Home', at, size)).toEqual({ column: 0, row: 0 });
    expect(cellAfter('a', at, size)).toBeNull();
  });

  it('has a colour in both themes', () => {
    expect(pageColour('first')).toBe('var(--series-a)');
    expect(pageColour('heat-1')).toBe('light-dark(#d1f0f1, #1b1c30)');
  });
});
