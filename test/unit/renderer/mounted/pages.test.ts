// @vitest-environment happy-dom
/** @file Pages ask the core when what they are about changes, and not when something else is loaded again. */
import { flushSync } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { encoders, library, reportError, route, settings, undo } from '../../../../src-renderer/state/app.svelte.ts';
import { musicPath, similarPlace, similarQuery } from '../../../../src-renderer/state/retrieval.svelte.ts';
import FileBrowser from '../../../../src-renderer/view/browse/FileBrowser.svelte';
import { bringFiles } from '../../../../src-renderer/view/similar/bring-files.ts';
import PathPage from '../../../../src-renderer/view/similar/PathPage.svelte';
import { trackExample } from '../../../../src-renderer/view/similar/examples.ts';
import TagsView from '../../../../src-renderer/view/tags/TagsView.svelte';
import Toasts from '../../../../src-renderer/ui/Toasts.svelte';
import TypeAhead from '../../../../src-renderer/ui/TypeAhead.svelte';
import { act, show } from '../../../support/mount.svelte.ts';
import { ClientError, answers, asked, timesAsked } from '../../../support/page-client.ts';
import { waitFor } from '../../../support/wait-for.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const encoder = (id: number, segments: number) => ({
  ...{ id, name: 'CLMR', origin: 'a file', index: { segments, hopSamples: 1 }, head: null, spaces: [] },
});
let segments = 10;

beforeEach(async () => {
  asked.length = 0;
  segments = 10;
  answers['encoders.list'] = () => [encoder(1, segments), encoder(2, segments)];
  answers['settings.get'] = () => ({ encoderId: 1 });
  answers['settings.set'] = (change: object) => ({ encoderId: 1, ...change });
  answers['heads.list'] = () => [];
  answers['tags.list'] = () => [];
  answers['host.browse'] = ({ path }: { path: string | null }) => ({ path: path ?? '/home', parent: null, entries: [], musicFiles: 0 });
  await Promise.all([settings.load(), encoders.load(), library.load().catch(() => undefined)]);
  asked.length = 0;
});

/** The index has grown: the core tells of the encoders again, each as another object. */
async function grow(): Promise<void> {
  segments++;
  await encoders.load();
  flushSync();
}

describe('the page of paths', () => {
  it('asks for a path once while its encoder goes on indexing, and again for another encoder', async () => {
    const end = (id: number) => trackExample({ trackId: id, title: `Track ${id}`, artist: 'Someone' } as never);
    musicPath.setEnd('from', end(1));
    musicPath.setEnd('to', end(2));
    answers['similar.path'] = () => [];
    show(PathPage, {});
    for (let i = 0; i < 3; i++) await grow();
    expect(timesAsked('similar.path')).toBe(1);
    await encoders.choose(2 as never);
    flushSync();
    expect(timesAsked('similar.path')).toBe(2);
  });
});

describe('the view of tags', () => {
  it('asks for the heads of its encoder once while that goes on indexing', async () => {
    show(TagsView, {});
    for (let i = 0; i < 3; i++) await grow();
    expect(timesAsked('heads.list')).toBe(1);
  });
});

describe('the file browser', () => {
  it('stays in its folder when what it shows is another kind of files', async () => {
    const browser = show(FileBrowser as never, { files: 'none', onfolder: () => undefined });
    await waitFor(() => expect(browser.place.textContent).not.toBe(''));
    browser.set({ files: 'weights' });
    expect(timesAsked('host.browse')).toBe(1);
  });
});

describe('the file browser, while a path is typed', () => {
  const listed = (place: HTMLElement): string[] => [...place.querySelectorAll('.entries .name')].map((name) => name.textContent ?? '');

  it('shows the folder that the path begins in, and what begins so', async () => {
    const folders = new Map([
      ['/home', ['Documents', 'Music', 'mumble']],
      ['/home/Music', ['Knolls']],
    ]);
    answers['host.browse'] = ({ path }: { path: string | null }) => {
      const folder = (path ?? '/home').replace(/(.)\/$/, '$1');
      const names = folders.get(folder);
      if (names === undefined) throw new Error(`There is no folder ${folder}. Check its spelling.`);
      const entries = names.map((name) => ({ name, path: `${folder}/${name}`, kind: 'folder', readable: true }));
      return { path: folder, parent: null, places: [], entries, audioFiles: 0 };
    };
    const heard: string[] = [];
    const browser = show(FileBrowser as never, { files: 'none', onfolder: (path: string) => heard.push(path) });
    await waitFor(() => expect(listed(browser.place)).toEqual(['Documents', 'Music', 'mumble']));
    const follow = (path: string): void => (browser.made as { follow(path: string): void }).follow(path);
    follow('/home/mu');
    await waitFor(() => expect(listed(browser.place)).toEqual(['Music', 'mumble']));
    follow('/home/Music');
    await waitFor(() => expect(listed(browser.place)).toEqual(['Knolls']));
    follow('/nowhere/at');
    await waitFor(() => expect(browser.place.textContent).toContain('There is no folder /nowhere. Check its spelling.'));
    // Of a folder that is not there nothing else is said.
    follow('/home/empty/');
    folders.set('/home/empty', []);
    await waitFor(() => expect(browser.place.textContent).toContain('No folders in here.'));
    folders.delete('/home/empty');
    follow('/gone');
    await waitFor(() => expect(browser.place.textContent).toContain('There is no folder /. Check its spelling.'));
    expect(browser.place.textContent).not.toContain('No folders in here.');
    const [trail, entries, count] = ['.trail', '.entries', '.count'].map((part) => browser.place.querySelector(part)?.textContent?.trim());
    expect([trail, entries, count]).toEqual(['', '', '']);
    expect(heard).toEqual(['/home']);
  });

  it('leaves the path alone when the home folder is told after the typing has begun', async () => {
    const told = Promise.withResolvers<undefined>();
    answers['host.browse'] = async ({ path }: { path: string | null }) => {
      if (path === null) await told.promise;
      return { path: path ?? '/home', parent: null, places: [], entries: [], audioFiles: 0 };
    };
    const heard: string[] = [];
    const browser = show(FileBrowser as never, { files: 'none', onfolder: (path: string) => heard.push(path) });
    await waitFor(() => expect(timesAsked('host.browse')).toBe(1));
    (browser.made as { follow(path: string): void }).follow('/home/Music');
    told.resolve(undefined);
    await waitFor(() => expect(timesAsked('host.browse')).toBe(2));
    expect(heard).toEqual([]);
  });
});

describe('a file that was dropped', () => {
  it('becomes an example and leaves the person where they are', async () => {
    answers['similar.openFile'] = () => ({ fileId: 4 });
    answers['similar.encodeFile'] = () => ({ fileId: 4, name: 'Dropped.mp3', truncated: false });
    route.go('similar');
    similarPlace.go('path');
    await bringFiles([new File(['sound'], 'Dropped.mp3')]);
    expect(similarPlace.page).toBe('path');
    expect(similarQuery.like.map(({ item }) => item)).toEqual([{ kind: 'file', fileId: 4 }]);
    expect(undo.toasts.at(-1)?.text).toContain('Dropped.mp3');
  });
});

describe('a field that offers what is typed', () => {
  it('takes the keyboard when it comes, and never later', () => {
    const field = show(TypeAhead as never, {
      label: 'Find',
      placeholder: '',
      items: [],
      typed: '',
      ontyped: () => undefined,
      onpick: () => undefined,
      isFirst: false,
    });
    act(() => field.set({ isFirst: true }));
    expect(document.activeElement).toBe(document.body);
    field.remove();
    show(TypeAhead as never, {
      label: 'Find again',
      placeholder: '',
      items: [],
      typed: '',
      ontyped: () => undefined,
      onpick: () => undefined,
      isFirst: true,
    });
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Find again');
  });
});

describe('an error that is told at the edge of the window alone', () => {
  const ofIndex = (): ClientError => new ClientError('DATABASE_DAMAGED', 'The index’s file is not whole.', { part: 'index' });

  it('stays with the repair of the index, where it is that which is damaged', async () => {
    answers['encoders.index'] = () => ({ jobId: 7 });
    reportError(new ClientError('BAD_INPUT', 'This is something else.'));
    expect(undo.toasts.at(-1)).not.toHaveProperty('offer');
    reportError(ofIndex());
    const toasts = show(Toasts as never, { messages: undo.toasts, ondismiss: (id: number) => undo.dismiss(id) });
    const repair = [...toasts.place.querySelectorAll('button')].filter(({ textContent }) => textContent.trim() === 'Repair the index');
    expect(repair).toHaveLength(1);
    repair[0]?.click();
    await waitFor(() => expect(timesAsked('encoders.index')).toBe(1));
    expect(asked.at(-1)).toEqual({ procedure: 'encoders.index', input: { encoderId: 1, repair: true } });
    expect(undo.toasts.filter(({ text }) => text === ofIndex().message)).toEqual([]);
  });
});
