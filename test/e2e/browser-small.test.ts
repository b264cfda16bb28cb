/**
 * @file What opens over the views, looked at in both themes; and every view in a window of 640 by 400 (the smallest usual one at 200 %), where no control
 * may be out of reach.
 */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, lookAt, outOfReach } from '../support/look-at.ts';
import { SeededPages } from '../support/seed/pages.ts';

let pages: SeededPages;
let page: Page;

beforeAll(async () => {
  pages = await SeededPages.launch();
  ({ page } = await pages.open({ tracks: 24, runs: true, tags: true }, 'Listen'));

  await grid('Segments').getByRole('row').nth(1).waitFor();
});

afterAll(() => pages?.close());

const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
const grid = (name: string): Locator => page.getByRole('grid', { name, exact: true });
const view = async (name: string): Promise<void> =>
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }).click();
const menuItem = async (menu: RegExp, name: string): Promise<void> => {
  await page.getByRole('button', { name: menu }).first().click();
  await page.getByRole('menuitem', { name }).click();
};

/** Opens something, looks at it, and closes it again. */
async function over(name: string, within: string, open: () => Promise<void>): Promise<void> {
  await open();
  await page.locator(within).last().waitFor();
  await lookAt(page, `over-${name}`, within);
  await page.keyboard.press('Escape');
  await eventually(() => page.locator(within).count()).toBe(0);
}

describe('What opens over a view', () => {
  it('reads well in light and dark: jobs, keys, encoders, notes', async () => {
    // The hint over a button of the panel has the next Escape no more than the panel has.
    await over('jobs', '.jobs-panel', async () => {
      await page.getByRole('button', { name: /^Jobs/ }).click();
      await button('Seen').first().hover();
      await page.locator('.hint').waitFor();
    });
    await over('encoders', '[role="menu"]', () => page.getByRole('button', { name: /^Encoder:/ }).click());
    await grid('Segments').focus();
    await over('keys', '[role="dialog"]', () => page.keyboard.press('?'));
    await grid('Segments').focus();
    await over('note', 'main .editor', () => page.keyboard.press('n'));
  });

  it('reads well in light and dark: dialogs that bring encoders and music', async () => {
    const encoder = /^Encoder:/;
    await over('index', '[role="dialog"]', () => menuItem(encoder, 'Index layers, or with another hop…'));
    await over('import', '[role="dialog"]', () => menuItem(encoder, 'Import weights…'));
    await over('untrained', '[role="dialog"]', () => menuItem(encoder, 'New untrained encoder…'));
    await view('Settings');
    await over('export', '[role="dialog"]', () =>
      button(/^Export /)
        .first()
        .click(),
    );
    await view('Library');
    await over('folder', '[role="dialog"]', () => button('Add folder').first().click());
  });

  it('reads well in light and dark: the form of a run that predicts, with a passage that it hears', async () => {
    await view('Pretrain');
    await button(/^New run/)
      .first()
      .click();
    await page.getByRole('radio', { name: 'Try it: minutes', exact: true }).check({ force: true });
    await page.getByRole('radio', { name: 'CPC', exact: true }).check({ force: true });
    await button('Listen to what it hears').click();
    await button('Play the passage').waitFor();
    await button(/^Advanced/).click();
    await eventually(() => page.getByText('Hidden layers').count()).toBe(0);
    await lookAt(page, 'over-predicts', 'main');
  });
});

describe('A window of 640 by 400', () => {
  const small = { width: 640, height: 400 } as const;

  it('keeps the header in one line and some rows of the library below its bar', async () => {
    await page.setViewportSize(small);
    await view('Library');
    await grid('Tracks').getByRole('row').nth(4).waitFor();
    expect((await page.locator('header').first().boundingBox())?.height).toBeLessThan(56);
    const [table, player] = [await grid('Tracks').boundingBox(), await page.getByRole('region', { name: 'Player' }).boundingBox()];
    expect((player?.y ?? 0) - (table?.y ?? 0)).toBeGreaterThan(4 * 28);
  });

  it('keeps every control of every view within reach, also while something plays', async () => {
    await page.setViewportSize(small);
    await view('Listen');
    await grid('Segments').focus();
    await page.keyboard.press('Space');
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await page.keyboard.press('Space');
    const lost: Record<string, string[]> = {};
    const look = async (name: string, within?: string): Promise<void> => {
      const found = await outOfReach(page, within);
      if (found.length > 0) lost[name] = found;
    };
    await look('Listen');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await look('the menu of a row', '[role="menu"]');
    await page.keyboard.press('Escape');
    for (const name of ['Library', 'Similar', 'Tags', 'Playlists', 'Duplicates', 'Settings']) {
      await view(name);
      await page.getByRole('main', { name, exact: true }).waitFor();
      await look(name);
    }
    await view('Tags');
    await page.getByRole('complementary', { name: 'Tags' }).getByRole('button', { name: /rainy/ }).click();
    await button('More about this tag').waitFor();
    await look('a tag');
    await view('Pretrain');
    await page.getByRole('navigation', { name: 'Pretrain' }).getByRole('button', { name: /^Runs/ }).click();
    await look('runs');
    await grid('Runs').focus();
    await page.keyboard.press('Enter');
    await button('More').waitFor();
    await look('a run', 'main header');
    expect(lost).toEqual({});
  });

  it('has had nothing to complain about', () => {
    expect(pages.complaints).toEqual([]);
  });
});
