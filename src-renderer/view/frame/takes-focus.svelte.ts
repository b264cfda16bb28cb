/** @file A view's table takes the keyboard when the view is opened. */
import { watch } from '../../lib/effects.svelte.ts';
import { route } from '../../state/app.svelte.ts';
import { focusedElement } from '../../state/focus-wish.svelte.ts';

/**
 * Lets a table take the keyboard when its view was opened, as soon as it is there. Call while a component is made.
 * @param isReady whether the table has something to move in
 */
export function takesFocus(table: () => { focus(): void } | undefined, isReady: () => boolean = () => true): void {
  watch([() => (route.focus.isOpen && isReady() ? table() : undefined)], (asked) => {
    if (asked !== undefined && route.focus.settle(focusedElement())) asked.focus();
  });
}
