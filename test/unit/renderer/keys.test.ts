// @vitest-environment happy-dom
/** @file The registry of actions and keys. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isCombination, isTakenByControl, KeyRegistry, keyNames } from '../../../src-renderer/lib/keys.ts';
import type { Action, KeyPress } from '../../../src-renderer/lib/keys.ts';

function press(key: string, modifiers: Partial<KeyPress> = {}): KeyPress {
  return { key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...modifiers };
}

function action(id: string, keys: string[], more: Partial<Action> = {}): Action {
  return { id, label: id, group: 'Test', keys, run: () => undefined, ...more };
}

describe('a combination of keys', () => {
  it('takes Mod as Ctrl, and as Command on a Mac', () => {
    expect(isCombination(press('k', { ctrlKey: true }), 'Mod+K', false)).toBe(true);
    expect(isCombination(press('k', { metaKey: true }), 'Mod+K', true)).toBe(true);
    expect(isCombination(press('k', { ctrlKey: true }), 'Mod+K', true)).toBe(false);
    expect(isCombination(press('k'), 'Mod+K', false)).toBe(false);
  });

  it('tells a shifted arrow from a plain one', () => {
    expect(isCombination(press('ArrowDown', { shiftKey: true }), 'ArrowDown', false)).toBe(false);
    expect(isCombination(press('ArrowDown', { shiftKey: true }), 'Shift+ArrowDown', false)).toBe(true);
  });

  it('names a character by itself, however it is typed', () => {
    expect(isCombination(press('?', { shiftKey: true }), '?', false)).toBe(true);
    expect(isCombination(press('+', { shiftKey: true }), '+', false)).toBe(true);
    expect(isCombination(press(' '), 'Space', false)).toBe(true);
  });

  it('is not met with a modifier too many', () => {
    expect(isCombination(press('z', { ctrlKey: true, shiftKey: true }), 'Mod+Z', false)).toBe(false);
    expect(isCombination(press('n', { altKey: true }), 'n', false)).toBe(false);
  });

  it('is written as on the keyboard', () => {
    expect(keyNames('Mod+Z', false)).toEqual(['Ctrl', 'Z']);
    expect(keyNames('Mod+Shift+ArrowUp', true)).toEqual(['⌘', '⇧', '↑']);
    expect(keyNames('l', false)).toEqual(['L']);
    expect(keyNames('+', false)).toEqual(['+']);
    expect(keyNames('Mod++', false)).toEqual(['Ctrl', '+']);
  });
});

describe('a control under the keyboard', () => {
  /** An element as far as selectors of one name go: `tag`, and what else it matches. */
  class StandIn extends EventTarget {
    readonly #matched: readonly string[];
    readonly #floats: boolean;
    blurred = false;
    constructor(matched: readonly string[], floats = false) {
      super();
      this.#matched = matched;
      this.#floats = floats;
    }
    matches(selector: string): boolean {
      return selector.split(', ').some((part) => this.#matched.some((name) => part === name || part.startsWith(`${name}:not`)));
    }
    closest(): object | null {
      return this.#floats ? {} : null;
    }
    blur(): void {
      this.blurred = true;
    }
  }

  beforeEach(() => {
    vi.stubGlobal('Element', StandIn);
    vi.stubGlobal('HTMLElement', StandIn);
  });
  afterEach(() => vi.unstubAllGlobals());

  it('has the space bar when the keyboard came to it by the keyboard, and not after a click', () => {
    const button = new StandIn(['button']);
    expect(isTakenByControl(button, press(' '))).toBe(true);
    expect(isTakenByControl(button, press(' '), button)).toBe(false);
    expect(isTakenByControl(button, press('Enter'), button)).toBe(true);
  });

  it('has no use for the space bar when it is a link', () => {
    expect(isTakenByControl(new StandIn(['a[href]']), press(' '))).toBe(false);
    expect(isTakenByControl(new StandIn(['a[href]']), press('Enter'))).toBe(true);
  });

  it('has every letter and the space bar when it is typed into, and all keys when it floats', () => {
    expect(isTakenByControl(new StandIn(['input']), press(' '))).toBe(true);
    expect(isTakenByControl(new StandIn(['textarea']), press('m'))).toBe(true);
    expect(isTakenByControl(new StandIn(['button'], true), press(' '))).toBe(true);
  });

  function played(target: StandIn, isClicked: boolean): { before: boolean; plays: number; stopped: boolean } {
    const registry = new KeyRegistry(false);
    let plays = 0;
    registry.add([action('play', ['Space'], { run: () => plays++ })]);
    if (isClicked) registry.pointer.press(null);
    registry.pointer.focus(target);
    registry.pointer.release();
    let stopped = false;
    const event = { ...press(' '), target, preventDefault: () => undefined, stopPropagation: () => (stopped = true) };
    const before = registry.handleBefore(event as unknown as KeyboardEvent);
    return { before, plays, stopped };
  }

  it('does not hear of a space bar that plays', () => {
    const button = new StandIn(['button']);
    expect(played(button, true)).toEqual({ before: true, plays: 1, stopped: true });
    expect(button.blurred).toBe(true);
  });

  it('that the keyboard was on when it was clicked counts as clicked, until the keyboard moves', () => {
    const { pointer } = new KeyRegistry(false);
    const button = new StandIn(['button']);
    pointer.focus(button);
    expect(pointer.clicked).toBeNull();
    pointer.press(button);
    pointer.release();
    expect(pointer.clicked).toBe(button);
    pointer.focus(new StandIn(['button']));
    expect(pointer.clicked).toBeNull();
  });

  it('hears of the space bar first when it wants it, and wherever it is no button', () => {
    expect(played(new StandIn(['button']), false)).toEqual({ before: false, plays: 0, stopped: false });
    expect(played(new StandIn([]), true)).toEqual({ before: false, plays: 0, stopped: false });
  });
});

describe('the registry', () => {
  it('gives a key to the action that was added last', () => {
    const registry = new KeyRegistry(false);
    registry.add([action('frame.home', ['Home'])]);
    const remove = registry.add([action('table.home', ['Home'])]);
    expect(registry.find(press('Home'))?.id).toBe('table.home');
    remove();
    expect(registry.find(press('Home'))?.id).toBe('frame.home');
  });

  it('passes over actions that cannot be done now', () => {
    let canUndo = false;
    const registry = new KeyRegistry(false);
    registry.add([action('undo', ['Mod+Z'], { when: () => canUndo })]);
    expect(registry.find(press('z', { ctrlKey: true }))).toBeUndefined();
    expect(registry.offered()).toEqual([]);
    canUndo = true;
    expect(registry.find(press('z', { ctrlKey: true }))?.id).toBe('undo');
  });

  it('does nothing for a key whose action cannot be done now, and lets the browser do nothing either', () => {
    let [canUndo, undone] = [false, 0];
    const registry = new KeyRegistry(false);
    registry.add([action('undo', ['Mod+Z'], { when: () => canUndo, run: () => undone++, isKept: true })]);
    const prevented = (): boolean => {
      const event = new Event('keydown', { cancelable: true });
      registry.handle(Object.assign(event, press('z', { ctrlKey: true })) as KeyboardEvent);
      return event.defaultPrevented;
    };
    expect([prevented(), undone]).toEqual([true, 0]);
    canUndo = true;
    expect([prevented(), undone]).toEqual([true, 1]);
  });

  it('lists every key once, with what it means now', () => {
    let hasRows = true;
    const registry = new KeyRegistry(false);
    registry.add([action('like.playing', ['s', 'F2'], { when: () => true }), action('undo', ['Mod+Z'], { when: () => false })]);
    registry.add([action('like.selected', ['s'], { when: () => hasRows })]);
    const listed = (): string[] => registry.withKeys.map(({ id, keys }) => `${id}: ${keys.join(' ')}`);
    expect(listed()).toEqual(['like.playing: F2', 'undo: Mod+Z', 'like.selected: s']);
    hasRows = false;
    expect(listed()).toEqual(['like.playing: s F2', 'undo: Mod+Z']);
  });

  it('keeps actions that only keys can do out of the palette', () => {
    const registry = new KeyRegistry(false);
    registry.add([action('move', ['ArrowDown'], { isKeyOnly: true }), action('open', [])]);
    expect(registry.offered().map(({ id }) => id)).toEqual(['open']);
    expect(registry.all).toHaveLength(2);
  });
});
