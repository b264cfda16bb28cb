/** @file Tables while jobs go on, in a real browser on a seeded core: nothing pushes them, no row moves under the hand, and they use the width. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../src-main/contract/index.ts';
import { columnOf, eventually } from '../support/look-at.ts';
import type { SeededCore } from '../support/seed/core.ts';
import { SeededPages } from '../support/seed/pages.ts';

let pages: SeededPages;
let core: SeededCore;
let page: Page;

beforeAll(async () => {
  pages = await SeededPages.launch();
  ({ core, page } = await pages.open({}, 'Library'));
});

afterAll(() => pages?.close());

const grid = (name: string): Locator => page.getByRole('grid', { name, exact: true });
const titles = (): Promise<string[]> => columnOf(page, 'Tracks', 1, 12);
const quiet = new AbortController().signal;
const jobsOf = (kind: Job['kind'], state: Job['state']): number =>
  core.services.jobs.list().filter((job) => job.kind === kind && job.state === state).length;

describe('the Library while jobs go on', () => {
  it('keeps its table where it is and its rows in their places, and says how many are new', async () => {
    await grid('Tracks').getByRole('columnheader', { name: 'Title' }).click();
    await eventually(async () => (await titles())[0]).toMatch(/^Battle/);
    await eventually(() => page.getByText('More like this').isVisible()).toBe(true);
    const [box, before] = [await grid('Tracks').boundingBox(), await titles()];
    const files = core.tracks().slice(20, 32);
    for (const [i, { path }] of files.entries()) copyFileSync(path, join(core.root, 'Music', `00 New ${i}.wav`));
    core.pace.set({ tracks: 0 });
    const { services, handlers } = core;
    await handlers.library.scan({}, quiet);
    await eventually(() => services.store.tracks.summary().tracks).toBe(149);
    await handlers.encoders.index({ encoderId: services.store.settings.get().encoderId ?? (1 as never) }, quiet);
    await eventually(() => page.getByRole('region', { name: /^Index with/ }).isVisible()).toBe(true);
    await eventually(() => page.getByRole('button', { name: '12 new – show' }).isVisible()).toBe(true);
    await eventually(() => grid('Tracks').boundingBox()).toEqual(box);
    await eventually(() => titles()).toEqual(before);
    core.pace.set({ tracks: null });
    await eventually(() => jobsOf('index', 'done')).toBeGreaterThan(0);
    await eventually(() => page.getByText('More like this').isVisible()).toBe(true);
    await eventually(() => grid('Tracks').boundingBox()).toEqual(box);
    await eventually(() => titles()).toEqual(before);
    await page.getByRole('button', { name: '12 new – show' }).click();
    await eventually(async () => (await titles())[0]).toBe('00 New 0');
    await eventually(() => page.getByRole('button', { name: /new – show$/ }).count()).toBe(0);
  });

  it('fills a wide window with its columns', async () => {
    await page.setViewportSize({ width: 1920, height: 1080 });
    for (const [view, name, last] of [
      ['Library', 'Tracks', 'Path'],
      ['Listen', 'Segments', '400'],
    ] as const) {
      await page.getByRole('link', { name: view, exact: true }).click();
      const header = grid(name).getByRole('columnheader', { name: new RegExp(`^${last}`) });
      await eventually(async () => {
        const box = await header.boundingBox();
        return box === null ? 0 : Math.round(box.x + box.width);
      }).toBeGreaterThanOrEqual(1900);
    }
  });

  it('has had nothing to complain about', () => {
    expect(pages.complaints).toEqual([]);
  });
});
