/**
 * @file Mounts components in a document without a browser. A test file that does begins with `// @vitest-environment happy-dom`; nothing is laid out or
 * painted there, so sizes and positions are for the browser tests.
 */
import { flushSync, mount, unmount } from 'svelte';
import type { Component } from 'svelte';
import { afterEach } from 'vitest';
import Stage from './Stage.svelte';

const shown: (() => void)[] = [];

/** A mounted component. */
export type Mounted<Properties> = {
  /** What it stands in. */
  readonly place: HTMLElement;
  /** What the component exports. */
  readonly made: unknown;
  /** Changes properties, as a parent would, and waits for all that follows. */
  set(change: Partial<Properties>): void;
  /** The button or other control of a name. */
  control(label: string): HTMLElement;
  remove(): void;
};

/** Mounts a component; it goes by itself when the test is over. */
export function show<Properties extends Record<string, unknown>>(
  component: Component<Properties>,
  properties: Properties,
): Mounted<Properties> {
  const held = $state({ ...properties });
  const place = document.createElement('main');
  document.body.append(place);
  const drawn = component as unknown as Component<Record<string, unknown>>;
  const stage = mount(Stage, { target: place, props: { component: drawn, properties: held } }) as { shown(): unknown };
  flushSync();
  const remove = (): void => {
    if (!place.isConnected) return;
    void unmount(stage);
    place.remove();
  };
  shown.push(remove);
  return {
    place,
    get made() {
      return stage.shown();
    },
    remove,
    set: (change) => {
      Object.assign(held, change);
      flushSync();
    },
    control: (label) => {
      const found = place.querySelector<HTMLElement>(`[aria-label="${label}"]`);
      if (found === null) throw new Error(`There is no control “${label}” in: ${place.innerHTML}`);
      return found;
    },
  };
}

/** Does something to the page or a state, and waits for all that follows from it in the components. */
export function act(run: () => void): void {
  run();
  flushSync();
}

afterEach(() => {
  for (const remove of shown.splice(0)) remove();
});
