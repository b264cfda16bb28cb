/** @file Evaluate in a real browser on a seeded core: a data set chosen by its path, an evaluation, its table, labels and files, removed and brought back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  const field = page.getByRole('textbox', { name: 'Folder on this machine' });
  // The home folder comes first, as a person sees it.
  await eventually(() => field.inputValue()).not.toBe('');
  await field.fill(path);
  await page.keyboard.press('Enter');
}

describe('Evaluate in a browser', () => {
  it('says what an evaluation is where nothing was evaluated, and what a folder is that holds no data set', async () => {
    await page.getByText(/^Nothing was evaluated yet/).waitFor();
    await lookAt(page, 'evaluate-empty');
    const other = temporaryDirectory();
    writeFileSync(join(other, 'notes.txt'), 'no table of a data set');
    await chooseFolder(other);
    await eventually(() => page.getByRole('alert').first().textContent()).toMatch(/looks like none of the data sets/);
  });

  it('evaluates an encoder on a data set, and shows its labels and what papers report', async () => {
    const folder = makeTaggedSet();
    await chooseFolder(folder);
    await page.getByText(/^12 clips to learn from, 4 to validate, 8 to test/).waitFor();
    await page.getByRole('checkbox', { name: /^Untrained twins/ }).uncheck();
    await page.getByRole('checkbox', { name: /trained from scratch/ }).check();
    await page.getByText(/^It ends sooner where it is no better/).waitFor();
    await lookAt(page, 'evaluate-form');
    await page.getByRole('checkbox', { name: /trained from scratch/ }).uncheck();
    await button('Evaluate').click();
    await table().getByRole('row').nth(1).waitFor();
    await eventually(() =>
      table()
        .getByRole('row', { name: /^CLMR, linear/ })
        .textContent(),
    ).toMatch(/35\.4.*88\.5/);
    await table().getByRole('rowheader').first().getByRole('button').click();
    const figure = page.getByRole('region', { name: /^Average precision of each label: CLMR MagnaTagATune$/ });
    await figure.getByRole('slider').focus();
    const read: string[] = [];
    for (const key of ['Home', 'ArrowDown', 'ArrowDown']) {
      await page.keyboard.press(key);
      read.push((await figure.getByRole('slider').getAttribute('aria-valuetext')) ?? '');
    }
    expect(read.map((one) => one.replace(/ \(.*/, '')).toSorted()).toEqual(['classical', 'flute', 'rock']);
    expect(read[0]).toMatch(/\(4 clips to test\): CLMR MagnaTagATune \d+\.\d/);
    await lookAt(page, 'evaluate-table');
    await page.getByRole('radio', { name: 'Parameters' }).check({ force: true });
    await page.getByRole('region', { name: 'Average precision against parameters' }).waitFor();
    await page.getByRole('radio', { name: 'Checkpoints' }).check({ force: true });
    await page.getByText(/^Make encoders of two checkpoints of a run/).waitFor();
  });

  it('writes the table as CSV, and brings back what was removed', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), table().getByRole('button', { name: 'CSV' }).click()]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^contestant,kind,.*\n.*,encoder,/);
    const [report] = await Promise.all([page.waitForEvent('download'), button('Report page').click()]);
    expect(readFileSync(await report.path(), 'utf8')).toMatch(/^<!doctype html>[^]*MagnaTagATune[^]*<svg /);
    const [results] = await Promise.all([page.waitForEvent('download'), button('results.json').click()]);
    expect(JSON.parse(readFileSync(await results.path(), 'utf8'))).toMatchObject({ format: 'earmark-results', version: 1 });
    await table().getByRole('button', { name: 'Remove' }).click();
    await page.getByText(/^Nothing was evaluated yet/).waitFor();
    await page.keyboard.press('Control+z');
    await table().getByRole('row').nth(1).waitFor();
  });

  it('shows experiments of papers: what is left, folders that nobody has named, and published rows', async () => {
    await page.getByRole('radio', { name: 'Experiments' }).check({ force: true });
    await page.getByRole('list', { name: 'Experiments that come with Earmark' }).getByRole('button', { name: /label/i }).first().click();
    await page
      .getByText(/^Nobody has said where it lies\.$/)
      .first()
      .waitFor();
    await page
      .getByRole('rowheader', { name: /, published$/ })
      .first()
      .waitFor();
    await page.getByText(/runs? and \d+ evaluations are left/).waitFor();
    await lookAt(page, 'evaluate-experiment');
    await button('All experiments').click();
    await page.getByRole('textbox', { name: 'Path of an experiment’s file' }).fill('/nowhere/none.json');
    await button('Open').click();
    await page.getByRole('alert').filter({ hasText: 'none.json' }).waitFor();
    expect(pages.complaints).toEqual([]);
  });
});
