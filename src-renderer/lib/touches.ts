/** @file When a person takes hold of what is shown in an element: a press, a key, or a scroll away from its beginning. */
import type { Attachment } from 'svelte/attachments';

/** Keys that only go by. */
const passing = new Set(['Tab', 'Shift', 'Control', 'Alt', 'Meta', 'Escape']);

/** Calls `touched` at every press, key and scroll inside an element. */
export function touches(touched: () => void): Attachment<HTMLElement> {
  return (element) => {
    const ended = new AbortController();
    const listening = { capture: true, passive: true, signal: ended.signal };
    element.addEventListener('pointerdown', touched, listening);
    element.addEventListener('keydown', ({ key }) => void (passing.has(key) || touched()), listening);
    const scrolled = ({ target }: Event): void => {
      if (target instanceof Element && target.scrollTop > 0) touched();
    };
    element.addEventListener('scroll', scrolled, listening);
    return () => ended.abort();
  };
}
