// @vitest-environment happy-dom
/** @file Letters in a table: words go to rows, a letter alone does what it does everywhere. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys } from '../../../../src-renderer/lib/keys.ts';
import type { Action } from '../../../../src-renderer/lib/keys.ts';
import { Grid, arraySource } from '../../../../src-renderer/ui/grid/index.ts';
import type { RowRange } from '../../../../src-renderer/ui/grid/index.ts';
import { act, show } from '../../../support/mount.svelte.ts';
import type { Mounted } from '../../../support/mount.svelte.ts';

type Row = { title: string };
const titles = ['Anthem', 'Mute City', 'Siege of Laurelmor', 'Silence', 'The City Falls', 'The Deep Path', "Don't Stop", 'R.E.M.'];
const hearKeys = (event: KeyboardEvent): void => void keys.handle(event);

let done: string[];
let takeOut: () => void;
let table: Mounted<Record<string, unknown>>;
let selected: readonly RowRange[];

const letter = (key: string, more: Partial<Action> = {}): Action => ({
  id: `test.${key}`,
  label: key,
  group: 'Test',
  keys: [key],
  run: () => done.push(key),
  ...more,
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  done = [];
  selected = [];
  takeOut = keys.add([...['s', 't', 'm', '.', '-', '?'].map((key) => letter(key)), letter('a', { isQuick: true })]);
  window.addEventListener('keydown', hearKeys);
  table = show(Grid as never, {
    label: 'Tracks',
    columns: [{ id: 'title', title: 'Title', widthPx: 100, isName: true, text: (row: Row) => row.title }],
    source: arraySource(titles.map((title) => ({ title }))),
    onselect: (ranges: readonly RowRange[]) => (selected = ranges),
    onopen: () => done.push('open'),
    onkey: (event: KeyboardEvent) => event.key === ' ' && done.push('play') > 0,
  });
});

afterEach(() => {
  takeOut();
  window.removeEventListener('keydown', hearKeys);
  vi.useRealTimers();
});

function press(key: string, init: KeyboardEventInit = {}): void {
  act(() => table.control('Tracks').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })));
}

function type(text: string): void {
  for (const key of text) press(key);
}

const pause = (): void => act(() => vi.runAllTimers());
const row = (): string | undefined => titles[selected[0]?.first ?? -1];

describe('a table', () => {
  it.each([
    ['siege', 'Siege of Laurelmor'],
    ['sil', 'Silence'],
    ['the ci', 'The City Falls'],
    ['the d', 'The Deep Path'],
    ['mute', 'Mute City'],
    ["don't s", "Don't Stop"],
    ['r.e.m', 'R.E.M.'],
    ['SIEGE', 'Siege of Laurelmor'],
  ])('goes to the row that begins with “%s”, and does nothing else', (text, title) => {
    type(text);
    pause();
    expect(row()).toBe(title);
    expect(done).toEqual([]);
  });

  it('does nothing but stay for a word that no row begins with', () => {
    type('stamp');
    pause();
    expect(done).toEqual([]);
  });

  it('does what a letter does when none follows', () => {
    press('t');
    expect(done).toEqual([]);
    pause();
    expect(done).toEqual(['t']);
    press('s');
    pause();
    expect(done).toEqual(['t', 's']);
  });

  it('does it at once when another key follows', () => {
    press('t');
    press('ArrowDown');
    expect(done).toEqual(['t']);
    pause();
    expect(done).toEqual(['t']);
  });

  it('does it once however long the letter is held down', () => {
    press('m');
    for (let i = 0; i < 5; i++) press('m', { repeat: true });
    pause();
    expect(done).toEqual(['m']);
  });

  it('answers at once where letters answer', () => {
    type('aa');
    expect(done).toEqual(['a', 'a']);
  });

  it('goes at once to the row of a letter that does nothing', () => {
    press('d');
    expect(row()).toBe("Don't Stop");
  });

  it('leaves signs and the space bar their meaning outside words', () => {
    type('?.- ');
    expect(done).toEqual(['?', '.', '-', 'play']);
  });

  it('opens a row with Enter alone, and leaves Enter with Ctrl, ⌘ or Alt to what it means everywhere', () => {
    const everywhere = keys.add([letter('Mod+Shift+Enter')]);
    press('ArrowDown');
    press('Enter', { ctrlKey: true, shiftKey: true });
    press('Enter', { altKey: true });
    expect(done).toEqual(['Mod+Shift+Enter']);
    press('Enter');
    expect(done).toEqual(['Mod+Shift+Enter', 'open']);
    everywhere();
  });

  it('forgets a letter when the keyboard goes elsewhere', () => {
    press('t');
    act(() => table.control('Tracks').dispatchEvent(new FocusEvent('blur')));
    pause();
    expect(done).toEqual([]);
  });

  it('shows what has been typed, until the pause', () => {
    type('sie');
    expect(table.place.querySelector('.word')?.textContent).toBe('sie');
    pause();
    expect(table.place.querySelector('.word')).toBeNull();
  });
});
