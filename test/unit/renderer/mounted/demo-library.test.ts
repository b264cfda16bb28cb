// @vitest-environment happy-dom
/** @file The demo library where it is offered, and where it is taken out again. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Folder, FolderId } from '../../../../src-main/contract/index.ts';
import { library } from '../../../../src-renderer/state/app.svelte.ts';
import AddMusicButtons from '../../../../src-renderer/view/library/AddMusicButtons.svelte';
import FoldersPanel from '../../../../src-renderer/view/library/FoldersPanel.svelte';
import { libraryActions } from '../../../../src-renderer/view/library/library-actions.ts';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers, timesAsked } from '../../../support/page-client.ts';
import { waitFor } from '../../../support/wait-for.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const about = { state: 'ready' as const, message: '', movedTo: null, watched: true, addedAt: 0, scannedAt: 0 };
const own: Folder = { ...about, id: 1 as FolderId, path: '/home/ada/Music', tracks: 3, isDemo: false };
const demo: Folder = { ...about, id: 2 as FolderId, path: '/opt/Earmark/resources/demo', tracks: 60, isDemo: true };
let folders: Folder[];

beforeEach(async () => {
  folders = [];
  answers['library.folders'] = () => folders;
  answers['library.problems'] = () => [];
  answers['library.addDemo'] = () => {
    folders = [...folders, demo];
    return { folder: demo, jobId: 7 };
  };
  answers['library.removeDemo'] = () => {
    folders = folders.filter(({ isDemo }) => !isDemo);
    return { folder: demo };
  };
  await library.load();
});

const words = (): string => document.body.textContent?.replace(/\s+/g, ' ') ?? '';

function button(name: string | RegExp): HTMLButtonElement | undefined {
  const isNamed = (text: string): boolean => (typeof name === 'string' ? text === name : name.test(text));
  return [...document.querySelectorAll('button')].find((one) => isNamed(one.getAttribute('aria-label') ?? one.textContent?.trim() ?? ''));
}

function action(id: string): ReturnType<typeof libraryActions>[number] | undefined {
  return libraryActions().find((one) => one.id === id && (one.when?.() ?? true));
}

describe('the demo library', () => {
  it('is added by one press where there is no music, and is offered no more once it is there', async () => {
    show(AddMusicButtons as never, {});
    expect(action('library.removeDemo')).toBeUndefined();
    act(() => button('Try the demo library')?.click());
    await waitFor(() => expect(button('Try the demo library')).toBeUndefined());
    expect(timesAsked('library.addDemo')).toBe(1);
    expect(button('Add folder')).toBeDefined();
    expect([action('library.addDemo'), action('library.removeDemo')?.label]).toEqual([undefined, 'Remove the demo library']);
  });

  it('stands among the folders by its name, without its path, and a folder of one’s own by its path', async () => {
    folders = [own, demo];
    await library.load();
    show(FoldersPanel as never, {});
    expect(words()).toContain('Demo library');
    expect(words()).not.toContain('/opt/Earmark');
    expect(words()).toContain('/home/ada/Music');
    expect(button('Add the demo library')).toBeUndefined();
    expect(button(/^Remove the demo library from the library/)).toBeDefined();
  });

  it('is never said to have moved', async () => {
    const gone = { state: 'unavailable' as const, message: 'It is not there.' };
    folders = [
      { ...own, ...gone },
      { ...demo, ...gone },
    ];
    await library.load();
    show(FoldersPanel as never, {});
    expect([...document.querySelectorAll('button')].filter((one) => one.textContent?.includes('This folder moved to…'))).toHaveLength(1);
  });

  it('is taken out and brought from the palette', async () => {
    folders = [demo];
    await library.load();
    act(() => action('library.removeDemo')?.run());
    await waitFor(() => expect(library.demo).toBeUndefined());
    act(() => action('library.addDemo')?.run());
    await waitFor(() => expect(library.demo?.id).toBe(demo.id));
  });
});
