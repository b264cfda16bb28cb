/** @file The keyboard stays where a person works, also when what has it is taken away or moved: a button that gives way to what it began, a row that goes. */
import type { Attachment } from 'svelte/attachments';

const controls = 'a[href], button, input, select, textarea, summary, [tabindex]';

/**
 * To be attached to a part of the page: what has the keyboard in it and is taken away gives it to what stands in its place now, else to the control nearest
 * to it, of the smallest part around it that has one; what is moved keeps it. Where a whole view goes, nothing takes it: its table, or the page, does.
 */
export const keepFocus: Attachment<HTMLElement> = (root) => {
  let own: Element | null = null;
  const { ownerDocument: page } = root;
  const isNowhere = (): boolean => page.activeElement === null || page.activeElement === page.body;

  const take = ({ target }: FocusEvent): void => {
    if (target instanceof Element) own = target;
  };
  const mend = (records: readonly MutationRecord[]): void => {
    if (own === null) return;
    const gone = own;
    const holds = (node: Node): boolean => node.contains(gone);
    if (gone.isConnected) {
      const isMoved = records.some(({ addedNodes }) => [...addedNodes].some(holds));
      if (isMoved && isNowhere() && gone instanceof HTMLElement) gone.focus();
      return;
    }
    own = null;
    const record = records.find(({ target, removedNodes }) => target.isConnected && [...removedNodes].some(holds));
    if (record !== undefined && isNowhere()) nearest(record, records, root)?.focus();
  };
  const observer = new MutationObserver(mend);
  // Browsers tell that the keyboard has gone also where the element is taken away or moved at that very moment.
  const leave = (): void =>
    queueMicrotask(() => {
      mend(observer.takeRecords());
      if (own?.isConnected === true && isNowhere()) own = null;
    });

  observer.observe(root, { childList: true, subtree: true });
  root.addEventListener('focusin', take);
  root.addEventListener('focusout', leave);
  return () => {
    observer.disconnect();
    root.removeEventListener('focusin', take);
    root.removeEventListener('focusout', leave);
  };
};

/** Lets Tab go on from the beginning of a part of the page, which does not keep the keyboard itself. */
export function goOnFrom(part: HTMLElement): void {
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.blur();
  part.removeAttribute('tabindex');
}

/** The control nearest to where something was taken away: behind it, before it, then around it; none where the root's own content went. */
function nearest(record: MutationRecord, records: readonly MutationRecord[], root: Element): HTMLElement | undefined {
  const { target } = record;
  const wasRow = [...record.removedNodes].some((node) => node instanceof HTMLLIElement);
  const children = target instanceof Element ? [...target.children] : [];
  let at = endOf(record, records, children);
  for (let part = target; part instanceof Element && part !== root; part = part.parentElement ?? root) {
    const beside = [...part.children];
    const isRow = part === target && wasRow;
    for (const one of [...beside.slice(at), ...beside.slice(0, at).toReversed()]) {
      const control = controlOf(one, isRow && one instanceof HTMLLIElement);
      if (control !== undefined) return control;
    }
    if (part instanceof HTMLElement && isControl(part)) return part;
    at = part.parentElement === null ? 0 : [...part.parentElement.children].indexOf(part) + 1;
  }
  return undefined;
}

/** How many of the children stand before the place where something was taken away. */
function endOf(record: MutationRecord, records: readonly MutationRecord[], children: readonly Element[]): number {
  let before = record.previousSibling;
  // What stood before it may have gone after it.
  for (let at = records.indexOf(record) + 1; before !== null && before.parentNode !== record.target && at < records.length; at++) {
    const later = records[at];
    if (later !== undefined && [...later.removedNodes].includes(before)) before = later.previousSibling;
  }
  while (before !== null && !(before instanceof Element)) before = before.previousSibling;
  return children.findIndex((child) => child === before) + 1;
}

/** The first control of a part that can be reached; in a list that arrow keys go through, those count that Tab passes by. */
function controlOf(part: Element, isRow: boolean): HTMLElement | undefined {
  const all = [...(part.matches(controls) ? [part] : []), ...part.querySelectorAll(controls)].filter((one) => one instanceof HTMLElement);
  return all.find(isControl) ?? (isRow ? all.find(isShown) : undefined);
}

function isControl(element: HTMLElement): boolean {
  return element.matches(controls) && element.tabIndex >= 0 && isShown(element);
}

function isShown(element: HTMLElement): boolean {
  return !element.matches(':disabled') && element.checkVisibility();
}
