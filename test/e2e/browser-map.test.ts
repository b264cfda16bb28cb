/** @file A map in a real browser: drawn, looked at, walked over by keys, played from, chosen from, and opened at once the next time. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, lookAt } from '../support/look-at.ts';
import { SeededPages } from '../support/seed/pages.ts';

let pages: SeededPages;
let page: Page;

beforeAll(async () => {
  pages = await SeededPages.launch();
  ({ page } = await pages.open({ tracks: 24, tags: true }, 'Inspect'));
  await page.getByRole('radio', { name: 'Map', exact: true }).check({ force: true });
});

afterAll(() => pages?.close());

const map = (): Locator => page.getByRole('button', { name: /^Map of/ });
const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const choose = async (list: RegExp, name: RegExp): Promise<void> => {
  await page.getByLabel(list).click();
  await page.getByRole('option', { name }).click();
};
const read = async (): Promise<string> => (await page.locator('.place [aria-live]').textContent()) ?? '';

describe('A map', () => {
  it('says that it was not drawn, is drawn, and reads well in light and dark', async () => {
    await page.getByText('This map was not drawn yet.').waitFor();
    await lookAt(page, 'map-none', 'main');
    await button('Draw the map').click();
    await map().waitFor();
    await page.getByText('axes, sizes of groups and distances between them mean nothing').waitFor();
    await page.getByRole('list', { name: 'Colours' }).waitFor();
    await lookAt(page, 'map', 'main');
  });

  it('is walked over by arrow keys, and plays', async () => {
    await map().focus();
    await page.keyboard.press('ArrowRight');
    await eventually(read).not.toBe('');
    const first = await read();
    await page.keyboard.press('ArrowLeft');
    await eventually(read).not.toBe(first);
    const name = (await read()).split(' · ')[0] ?? '';
    await page.keyboard.press('Enter');
    await eventually(async () => await page.getByRole('region', { name: 'Player' }).textContent()).toContain(name);
  });

  it('gives what was chosen to tags, playlists and queries', async () => {
    await map().focus();
    await page.keyboard.press('Shift+Enter');
    await page.getByText('1 track chosen').waitFor();
    await button('Clear').click();
    const box = await map().boundingBox();
    const corners = [
      [0.02, 0.02],
      [0.98, 0.02],
      [0.98, 0.98],
      [0.02, 0.98],
      [0.02, 0.1],
    ].map(([x = 0, y = 0]) => ({ x: (box?.x ?? 0) + x * (box?.width ?? 0), y: (box?.y ?? 0) + y * (box?.height ?? 0) }));
    await page.getByRole('switch', { name: 'Lasso' }).click();
    const [start, ...rest] = corners;
    await page.mouse.move(start?.x ?? 0, start?.y ?? 0);
    await page.mouse.down();
    for (const { x, y } of rest) await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
    const all = /\d+ tracks/.exec((await map().getAttribute('aria-label')) ?? '')?.[0] ?? '';
    await page.getByText(`${all} chosen`).waitFor();
    await button('Do with them').click();
    for (const name of [`Tag ${all}…`, 'More like this', 'Add to playlist…'])
      await page.getByRole('menuitem', { name, exact: true }).waitFor();
    await lookAt(page, 'map-chosen', '[role="menu"]');
    await page.keyboard.press('Escape');
  });

  it('is coloured by a neuron, and opens at once when one comes back', async () => {
    await choose(/^Colour by:/, /^a neuron/);
    await page.getByRole('textbox', { name: 'Neuron' }).fill('1');
    await page.locator('.range').waitFor();
    await page.reload();
    await page.getByRole('radio', { name: 'Map', exact: true }).check({ force: true });
    await map().waitFor();
    await eventually(() => button('Draw the map').count()).toBe(0);
  });

  it('complained about nothing', () => expect(pages.complaints).toEqual([]));
});
