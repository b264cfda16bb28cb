// @vitest-environment happy-dom
/** @file What stands in the list of views is in the rail, the palette, the keys, the menus of rows and the ways of jobs, without another list of them. */
import { describe, expect, it, vi } from 'vitest';
import type { Job, JobId, TrackId } from '../../../../src-main/contract/index.ts';
import { dialogs, route } from '../../../../src-renderer/state/app.svelte.ts';
import { viewNames } from '../../../../src-renderer/state/route.svelte.ts';
import Dialogs from '../../../../src-renderer/view/frame/Dialogs.svelte';
import { frameActions } from '../../../../src-renderer/view/frame/frame-actions.ts';
import { openJob } from '../../../../src-renderer/view/frame/job-links.ts';
import Rail from '../../../../src-renderer/view/frame/Rail.svelte';
import { contributeRowEntries, rowEntries } from '../../../../src-renderer/view/row-entries.ts';
import { orderedViews } from '../../../../src-renderer/view/views.ts';
import { act, show } from '../../../support/mount.svelte.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const rows = { examples: () => [], tracks: 2, trackIds: () => Promise.resolve([1, 2] as TrackId[]) };

function job(kind: Job['kind']): Job {
  const progress = { done: 0, total: null, unit: 'tracks', audioSeconds: 0, rate: 0, secondsLeft: null, detail: '', failed: 0 };
  const about = { id: 7 as JobId, kind, title: 'A job', subject: '', waitsFor: null, state: 'running' as const };
  return { ...about, progress, message: '', startedAt: 0, updatedAt: 0, endedAt: null, seen: false } as Job;
}

describe('the list of views', () => {
  it('is the rail, in its order, with what stands apart at the end', () => {
    show(Rail as never, {});
    const links = [...document.querySelectorAll('nav a')].map((link) => [link.getAttribute('href'), link.textContent?.trim()]);
    expect(links).toEqual(orderedViews.map(({ name, title }) => [`#/${name}`, title]));
    expect(orderedViews.map(({ name }) => name)).toEqual(viewNames);
  });

  it('gives every view a key of its own and a way to it from everywhere', () => {
    const actions = frameActions();
    const keys = actions.flatMap((action) => action.keys);
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    expect(orderedViews.flatMap(({ key }) => keys.filter((one) => one === key))).toEqual(orderedViews.map(({ key }) => key));
    actions.find(({ label }) => label === 'Go to Duplicates')?.run();
    expect(route.view).toBe('duplicates');
  });

  it('brings the entries of views into the menus of rows, behind a line', () => {
    contributeRowEntries([]);
    expect(rowEntries(rows)).toEqual([]);
    contributeRowEntries(orderedViews);
    expect(rowEntries(rows).map(({ label, separated }) => [label, separated ?? false])).toEqual([
      ['More like this', true],
      ['Add to playlist…', false],
    ]);
    act(() => rowEntries(rows).at(-1)?.run());
    expect(dialogs.current).toMatchObject({ kind: 'addToPlaylist', count: 2 });
    act(() => dialogs.close());
  });

  it('leads from a job to the view that has its page, and nowhere where none has', () => {
    openJob(job('tag'))?.();
    expect(route.view).toBe('tags');
    expect(openJob(job('index'))).toBeNull();
    expect(openJob(job('pretrain'))).toBeNull();
  });

  it('shows the dialog of a view, and the frame’s own', () => {
    show(Dialogs as never, {});
    act(() => dialogs.open({ kind: 'newUntrained' }));
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('New untrained encoder');
    act(() => dialogs.open({ kind: 'keys' }));
    expect(document.querySelectorAll('[role="dialog"]').length).toBeGreaterThan(0);
    act(() => dialogs.close());
  });
});
