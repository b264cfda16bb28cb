/** @file Evaluate in a real browser on a seeded core: a data set chosen by its path, an evaluation, its table, labels and files, removed and brought back. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTaggedSet } from '../support/datasets/tagged-set.ts';
import { eventually, lookAt } from '../support/look-at.ts';
import { SeededPages } from '../support/seed/pages.ts';
import { temporaryDirectory } from '../support/store-data.ts';

let pages: SeededPages;
let page: Page;

beforeAll(async () => {
  pages = await SeededPages.launch();
  ({ page } = await pages.open({ tracks: 12 }, 'Evaluate'));
});

afterAll(() => pages?.close());

const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
const table = (): Locator => page.getByRole('region', { name: 'MagnaTagATune, Fifty most frequent tags' });

async function chooseFolder(path: string): Promise<void> {
  await button(/data set$/).click();
  await page.getByRole('textbox', { name: 'Folder on this machine' }).fill(path);
  await page.keyboard.press('Enter');
}

describe('Evaluate in a browser', () => {
  it('says what an evaluation is where nothing was evaluated, and what a folder is that holds no data set', async () => {
    await page.getByText(/^Nothing was evaluated yet/).waitFor();
    await lookAt(page, 'evaluate-empty');
    const empty = temporaryDirectory();
    await chooseFolder(empty);
    await eventually(() => page.getByRole('alert').first().textContent()).toMatch(/looks like none of the data sets/);
  });

  it('evaluates an encoder on a data set, and shows its labels and what papers report', async () => {
    const folder = makeTaggedSet();
    await chooseFolder(folder);
    await page.getByText(/12 clips to learn from, 4 to validate, 8 to test/).waitFor();
    await page.getByRole('checkbox', { name: /^Untrained twins/ }).uncheck();
    await lookAt(page, 'evaluate-form');
    await button('Evaluate').click();
    await table().getByRole('row').nth(1).waitFor();
    await eventually(() =>
      table()
        .getByRole('row', { name: /^CLMR, linear/ })
        .textContent(),
    ).toMatch(/35\.4.*88\.5/);
    await table().getByRole('rowheader').first().getByRole('button').click();
    await eventually(() =>
      page
        .getByRole('region', { name: /^Labels of/ })
        .getByRole('listitem')
        .count(),
    ).toBe(3);
    await lookAt(page, 'evaluate-table');
  });

  it('writes the table as CSV, and brings back what was removed', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), table().getByRole('button', { name: 'CSV' }).click()]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^contestant,kind,.*\n.*,encoder,/);
    await table().getByRole('button', { name: 'Remove' }).click();
    await page.getByText(/^Nothing was evaluated yet/).waitFor();
    await page.keyboard.press('Control+z');
    await table().getByRole('row').nth(1).waitFor();
    expect(pages.complaints).toEqual([]);
  });
});
