/** @file The keyboard stays where a person works, also when what has it is taken away: a button that gives way to what it began, a row that goes. */
import type { Attachment } from 'svelte/attachments';

const tabbable = 'a[href], button, input, select, textarea, [tabindex]';

/**
 * To be attached to a part of the page: what has the keyboard in it and is taken away gives it to the first control of the smallest part around it that is
 * still there. Where a whole view goes, nothing takes it: its table, or the page, does.
 */
export const keepFocus: Attachment<HTMLElement> = (root) => {
  let own: { element: Element; around: Element[] } | null = null;
  const { ownerDocument: page } = root;
  const isNowhere = (): boolean => page.activeElement === null || page.activeElement === page.body;

  const take = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element)) return;
    const around: Element[] = [];
    for (let one = target.parentElement; one !== null && one !== root; one = one.parentElement) around.push(one);
    own = { element: target, around };
  };
  // Browsers tell that the keyboard has gone also where the element is taken away at that very moment.
  const leave = (): void =>
    queueMicrotask(() => {
      if (own?.element.isConnected === true && isNowhere()) own = null;
    });
  const mend = (): void => {
    if (own === null || own.element.isConnected) return;
    const { around } = own;
    own = null;
    if (!isNowhere()) return;
    for (const part of around) {
      if (!part.isConnected) continue;
      const next = [...part.querySelectorAll<HTMLElement>(tabbable)].find(isReachable);
      if (next !== undefined) return next.focus();
    }
  };

  const observer = new MutationObserver(mend);
  observer.observe(root, { childList: true, subtree: true });
  root.addEventListener('focusin', take);
  root.addEventListener('focusout', leave);
  return () => {
    observer.disconnect();
    root.removeEventListener('focusin', take);
    root.removeEventListener('focusout', leave);
  };
};

function isReachable(element: HTMLElement): boolean {
  return !element.matches(':disabled') && element.tabIndex >= 0 && element.checkVisibility();
}
