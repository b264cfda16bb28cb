// @vitest-environment happy-dom
/** @file Listen's filter as it is mounted: rules by the keyboard, chips, counts, rows of a track, and what is gone from the library. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { TagId } from '../../../../src-main/contract/index.ts';
import { library } from '../../../../src-renderer/state/app.svelte.ts';
import { choice, listenMemory } from '../../../../src-renderer/state/listening.svelte.ts';
import { playlists } from '../../../../src-renderer/state/retrieval.svelte.ts';
import { tags } from '../../../../src-renderer/state/tagging.svelte.ts';
import FilterStrip from '../../../../src-renderer/view/listen/FilterStrip.svelte';
import { knownRules, listenRules } from '../../../../src-renderer/view/listen/filter-rules.ts';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers } from '../../../support/page-client.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const tag = (id: number, name: string): object => ({
  id,
  kind: 'mood',
  name,
  color: 1,
  createdAt: 0,
  tracks: 24,
  passages: 0,
  yes: 24,
  no: 0,
});
const folder = (id: number, path: string): object => ({
  ...{ id, path, tracks: 9, state: 'ready', message: '', movedTo: null },
  ...{ watched: true, isDemo: false, addedAt: 0, scannedAt: null },
});
const playlist = (id: number, name: string, tracks: number | null): object => ({
  id,
  name,
  smart: null,
  tracks,
  createdAt: 0,
  updatedAt: 0,
});

beforeEach(async () => {
  answers['tags.list'] = () => [tag(3, 'rainy'), tag(4, 'driving')];
  answers['library.folders'] = () => [folder(1, '/music/games')];
  answers['library.summary'] = () => ({
    ...{ folders: 1, tracks: 9, missing: 0, problems: 0, audioMs: 1, ownTracks: 9 },
    ...{ ownAudioMs: 1, firstAddedAt: 0 },
  });
  answers['library.problems'] = () => [];
  answers['playlists.list'] = () => [playlist(2, 'Sets', 5)];
  await Promise.all([tags.load(), library.load(), playlists.load(), listenMemory.load()]);
  choice.filter.clear();
});

const words = (place: HTMLElement): string => (place.textContent ?? '').replaceAll(/\s+/g, ' ');

function type(field: HTMLInputElement, text: string): void {
  act(() => {
    field.focus();
    field.dispatchEvent(new FocusEvent('focus'));
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function press(field: HTMLElement, key: string): void {
  act(() => field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })));
}

describe('the filter of Listen', () => {
  it('offers tags, playlists and folders for a few letters, and takes one with Enter', () => {
    const { place } = show(FilterStrip as never, {});
    const field = place.querySelector('[role="combobox"]') as HTMLInputElement;
    type(field, 'rai');
    expect(words(place.querySelector('[role="listbox"]') as HTMLElement)).toContain('mood: rainy');
    press(field, 'Enter');
    expect(choice.filter.rules.tagIds).toEqual([3]);
    type(field, 'sets');
    press(field, 'Enter');
    type(field, 'games');
    press(field, 'Enter');
    expect(choice.filter.rules).toEqual({ folderIds: [1], tagIds: [3], playlistIds: [2] });
    const rules = place.querySelector('[aria-label="Rules of the filter"]') as HTMLElement;
    expect(words(rules)).toContain('games');
    type(field, 'rai');
    expect(words(place)).toContain('No folder, tag or playlist is called so.');
    act(() => (rules.querySelector('[aria-label="Drop “mood: rainy”"]') as HTMLElement).click());
    expect(choice.filter.rules.tagIds).toEqual([]);
    act(() => [...rules.querySelectorAll('button')].find((button) => words(button).trim() === 'Drop all')?.click());
    expect(choice.filter.isSet).toBe(false);
  });

  it('leaves out rules whose tag is gone, and says which track is shown alone', async () => {
    choice.filter.addTag(3 as TagId);
    choice.filter.addTag(9 as TagId);
    choice.filter.showOnly({ id: 1, title: 'Knolls' });
    expect(listenRules().map(({ label }) => label)).toEqual(['mood: rainy', 'only Knolls']);
    expect(knownRules(choice.filter.rules)?.tagIds).toEqual([3]);
    answers['tags.list'] = () => [tag(4, 'driving')];
    await tags.load();
    expect(knownRules(choice.filter.rules)).toBeUndefined();
  });

  it('switches what hovering does, behind its button', async () => {
    const { place } = show(FilterStrip as never, {});
    expect(place.querySelector('[role="switch"]')).toBeNull();
    act(() => [...place.querySelectorAll('button')].find((button) => words(button).trim() === 'View')?.click());
    await expect.poll(() => document.querySelector('[role="switch"]')).not.toBeNull();
    const hovering = document.querySelector('[role="switch"]') as HTMLElement;
    expect(choice.hoverPlays).toBe(false);
    act(() => hovering.click());
    expect(choice.hoverPlays).toBe(true);
    act(() => hovering.click());
  });
});
