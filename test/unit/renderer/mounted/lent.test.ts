// @vitest-environment happy-dom
/** @file What views lend to the frame: the next view's counts, although it comes before the one it follows has gone. */
import type { Component } from 'svelte';
import { describe, expect, it } from 'vitest';
import { whileShown } from '../../../../src-renderer/lib/effects.svelte.ts';
import { Lent } from '../../../../src-renderer/lib/lent.svelte.ts';
import { SearchSlot } from '../../../../src-renderer/state/search.svelte.ts';
import { TagSourceSlot } from '../../../../src-renderer/state/tag-source.svelte.ts';
import { show } from '../../../support/mount.svelte.ts';
import View from '../../../support/View.svelte';

/** A view without content that begins something. */
const view = (begin: () => () => void): Component => (() => whileShown(begin)) as unknown as Component;
const nothing = view(() => () => undefined);

describe('what a view lends', () => {
  it('is there while the view is shown, also after another that lent something', () => {
    const place = new Lent<string>();
    const [library, listen] = ['library', 'listen'].map((name) => view(() => place.lend(name))) as [Component, Component];
    const shown = show(View, { view: library });
    expect(place.current).toBe('library');
    shown.set({ view: listen });
    expect(place.current).toBe('listen');
    shown.set({ view: library });
    expect(place.current).toBe('library');
    shown.set({ view: nothing });
    expect(place.current).toBeNull();
  });

  it('is its search and its selection', () => {
    const [search, tags] = [new SearchSlot(), new TagSourceSlot()];
    const views = ['Library', 'Listen'].map((label) =>
      view(() => {
        const ends = [
          search.lend({ label, value: () => '', set: () => undefined }),
          tags.lend(() => ({ what: label, targets: () => Promise.resolve([]) })),
        ];
        return () => ends.forEach((end) => end());
      }),
    );
    const shown = show(View, { view: views[0] as Component });
    shown.set({ view: views[1] as Component });
    expect([search.source?.label, tags.current()?.what]).toEqual(['Listen', 'Listen']);
    shown.remove();
    expect([search.source, tags.current()]).toEqual([null, null]);
  });
});
