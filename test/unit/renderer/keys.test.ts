/** @file The registry of actions and keys. */
import { describe, expect, it } from 'vitest';
import { isCombination, KeyRegistry, keyNames } from '../../../src-renderer/lib/keys.ts';
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

  it('keeps actions that only keys can do out of the palette', () => {
    const registry = new KeyRegistry(false);
    registry.add([action('move', ['ArrowDown'], { isKeyOnly: true }), action('open', [])]);
    expect(registry.offered().map(({ id }) => id)).toEqual(['open']);
    expect(registry.all).toHaveLength(2);
  });
});
