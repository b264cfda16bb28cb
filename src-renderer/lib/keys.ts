/** @file One list of everything that a key or the command palette can do. Views add their actions while they are shown. */

import { PointerFocus } from './pointer-focus.ts';

/** Something that a person can do. */
export type Action = {
  /** `subject.verb` */
  id: string;
  /** What it does, as a person says it. */
  label: string;
  /** The heading under which the list of keys shows it. */
  group: string;
  /** Combinations such as `Mod+K`, `Shift+ArrowDown`, `?`, `Space`; `Mod` is Ctrl, and Command on a Mac. */
  keys: readonly string[];
  run: (event?: KeyboardEvent) => void;
  /** It comes before others that the palette finds for the same number: what is called so, before what can be done with it. */
  isFirst?: boolean;
  /** Whether it can be done now. */
  when?: () => boolean;
  /** Where it cannot be done now, its keys do nothing, and the browser does not take them for something of its own either. */
  isKept?: boolean;
  /** Not offered by the palette (moving about, say); its keys are shown by `?` all the same. */
  isKeyOnly?: boolean;
  /** A letter that acts as soon as it is pressed, also in a table, where others wait for what may be a word. */
  isQuick?: boolean;
  /** Other words that the palette finds it by. */
  alsoCalled?: string;
};

/** What is used of a keyboard event. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Modifiers first, the key last; the key may itself be `+`. */
function partsOf(combination: string): string[] {
  const parts = combination.split(/\+(?=.)/);
  return combination === '+' ? ['+'] : parts;
}

/** True when the event is the combination. A shifted character (`?`) is named by itself, without `Shift`. */
export function isCombination(event: KeyPress, combination: string, isMac: boolean): boolean {
  const parts = partsOf(combination);
  const name = parts.at(-1) ?? '';
  const wants = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  const wantsMod = wants('Mod');
  if ((isMac ? event.metaKey : event.ctrlKey) !== wantsMod) return false;
  if ((isMac ? event.ctrlKey : event.metaKey) || event.altKey !== wants('Alt')) return false;
  const pressed = event.key === ' ' ? 'Space' : event.key;
  const isCharacter = pressed.length === 1 && pressed.toLowerCase() === pressed.toUpperCase();
  if (!isCharacter && event.shiftKey !== wants('Shift')) return false;
  return pressed.toLowerCase() === name.toLowerCase();
}

const symbols: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Enter: 'Enter',
  PageUp: 'Page up',
  PageDown: 'Page down',
};

/** The keys of a combination as they are printed on the keyboard, in order. */
export function keyNames(combination: string, isMac: boolean): string[] {
  return partsOf(combination).map((part) => {
    if (part === 'Mod') return isMac ? '⌘' : 'Ctrl';
    if (part === 'Shift') return isMac ? '⇧' : 'Shift';
    if (part === 'Alt') return isMac ? '⌥' : 'Alt';
    return symbols[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}

/** Controls that a press of the space bar works. */
const pressed = 'button, [role="button"], [role="switch"], [role="checkbox"], [role="tab"], [role="option"]';

/** Keys that a control under the focus needs for itself. */
const ownKeys: { keys: readonly string[]; controls: string }[] = [
  { keys: ['Enter'], controls: `${pressed}, a[href], summary, select` },
  { keys: [' '], controls: 'summary, select' },
  {
    keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'],
    controls: 'select, input[type="range"], [role="slider"], [role="tab"], [role="radio"], [role="combobox"], [role="tree"]',
  },
];

const typing =
  'input:not([type="range"]):not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, [contenteditable="true"]';
const floating = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/**
 * True when the focused element wants this key for itself. The space bar is a button's only when the keyboard came to it by the keyboard: after a click it plays and pauses
 * as everywhere.
 * @param clicked the element that has the keyboard because it was clicked
 */
export function isTakenByControl(target: EventTarget | null, event: KeyPress, clicked: EventTarget | null = null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(floating) !== null) return true;
  if (event.ctrlKey || event.metaKey) return target.matches(typing) && ['z', 'a', 'c', 'v', 'x', 'y'].includes(event.key.toLowerCase());
  if (target.matches(typing)) return true;
  if (event.key === ' ' && target.matches(pressed)) return target !== clicked;
  return ownKeys.some(({ keys, controls }) => keys.includes(event.key) && target.matches(controls));
}

/** The actions there are now. The last one added wins a key, so that a view can take one from the frame. */
export class KeyRegistry {
  readonly isMac: boolean;
  /** Tells a clicked button from one that the keyboard came to. */
  readonly pointer = new PointerFocus();
  #actions: Action[] = [];

  constructor(isMac: boolean) {
    this.isMac = isMac;
  }

  /** Adds actions; returns the way to take them out again. */
  add(actions: readonly Action[]): () => void {
    this.#actions = [...this.#actions, ...actions];
    return () => {
      this.#actions = this.#actions.filter((action) => !actions.includes(action));
    };
  }

  /** All actions, in the order in which they were added. */
  get all(): readonly Action[] {
    return this.#actions;
  }

  /** The actions that have keys, each with the keys that mean it now: what an action added later has taken is left out. */
  get withKeys(): Action[] {
    const meaning = (combination: string): Action | undefined => {
      const named = this.#actions.filter((action) => action.keys.includes(combination));
      return named.findLast((action) => action.when?.() !== false) ?? named.at(-1);
    };
    return this.#actions.flatMap((action) => {
      const own = action.keys.filter((combination) => meaning(combination) === action);
      return own.length === 0 ? [] : [{ ...action, keys: own }];
    });
  }

  /** The actions that can be done now and that the palette offers. */
  offered(): Action[] {
    return this.#actions.filter((action) => action.isKeyOnly !== true && action.when?.() !== false);
  }

  /** The action that a press means now. */
  find(event: KeyPress): Action | undefined {
    return this.#actions.findLast(
      (action) => action.keys.some((keys) => isCombination(event, keys, this.isMac)) && action.when?.() !== false,
    );
  }

  #isKept(event: KeyPress): boolean {
    return this.#actions.some((action) => action.isKept === true && action.keys.some((keys) => isCombination(event, keys, this.isMac)));
  }

  /**
   * Runs what the space bar means although the keyboard is on a button, where a click has left it. To be called before the button hears of it.
   * @returns whether it did
   */
  handleBefore(event: KeyboardEvent): boolean {
    const { target } = event;
    if (event.key !== ' ' || !(target instanceof HTMLElement) || !target.matches(pressed) || !this.handle(event)) return false;
    event.stopPropagation();
    // A button is pressed when the key comes up, unless it has lost the keyboard by then.
    target.blur();
    return true;
  }

  /** Runs what a press means, unless a control or another listener took it; tells whether it did. */
  handle(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing || isTakenByControl(event.target, event, this.pointer.clicked)) return false;
    const action = this.find(event);
    if (action === undefined && !this.#isKept(event)) return false;
    event.preventDefault();
    action?.run(event);
    return true;
  }
}

/** The page's one registry. */
export const keys = new KeyRegistry(typeof navigator !== 'undefined' && /Mac/.test(navigator.platform));
