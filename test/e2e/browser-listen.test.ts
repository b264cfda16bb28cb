/** @file Listen's table in a real browser on a seeded core: sorted by any column, filtered, so many rows a track, tags beside neurons; by mouse and keyboard. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnOf, eventually, lookAt } from '../support/look-at.ts';
import { SeededPages } from '../support/seed/pages.ts';

let pages: SeededPages;
let page: Page;

beforeAll(async () => {
  pages = await SeededPages.launch();
  ({ page } = await pages.open({ tags: true }, 'Listen'));
});

afterAll(() => pages?.close());

const header = (name: string): Locator => page.getByRole('columnheader', { name, exact: true });
const filter = (): Locator => page.getByRole('combobox', { name: 'Filter by folder, tag or playlist' });
const counts = (): Promise<string> => page.getByText(/ segments? of .* tracks?$/).innerText();
const panel = (): Locator => page.getByRole('dialog', { name: 'View' });
/** Words of the first rows of a column, from 1. */
const cells = (column: number, rows = 8): Promise<string[]> => columnOf(page, 'Segments', column, rows);
const labels = (): Promise<string[]> => cells(5);
const titles = async (): Promise<string[]> => (await cells(2)).map((words) => words.trim());

describe('Listen in a browser', () => {
  it('sorts by track, number and label, by a click and again the other way', async () => {
    await header('Track').click();
    await eventually(() => header('Track').getAttribute('aria-sort')).toBe('ascending');
    const sorted = await titles();
    expect(sorted.length).toBe(8);
    await header('Track').click();
    await eventually(() => header('Track').getAttribute('aria-sort')).toBe('descending');
    await eventually(async () => (await titles())[0] !== sorted[0]).toBe(true);
    await header('Seg.').click();
    await eventually(async () => new Set(await cells(3))).toEqual(new Set(['0']));
    await header('Labels').click();
    await eventually(() => header('Labels').getAttribute('aria-sort')).toBe('ascending');
    await lookAt(page, 'listen-labels');
  });

  it('filters by tag from the keyboard alone, says how many are left, and gives the rule up again', async () => {
    const all = await counts();
    await filter().focus();
    await page.keyboard.type('rainy');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('button', { name: 'Drop “mood: rainy”' }).isVisible()).toBe(true);
    await eventually(counts).not.toBe(all);
    await eventually(async () => (await labels()).every((words) => words.includes('mood: rainy'))).toBe(true);
    await page.keyboard.type('sax');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('button', { name: 'Drop all' }).isVisible()).toBe(true);
    await lookAt(page, 'listen-filtered');
    await page.getByRole('button', { name: 'Drop “mood: rainy”' }).press('Enter');
    await eventually(async () => (await labels()).every((words) => words.includes('has sax'))).toBe(true);
    await page.getByRole('button', { name: 'Drop “has sax”' }).press('Enter');
    await eventually(counts).toBe(all);
  });

  it('shows at most so many rows of a track', async () => {
    await page.getByLabel(/^Rows of a track: /).click();
    await page.getByRole('option', { name: '1 row a track' }).click();
    await eventually(async () => /^(.+) segments of \1 tracks$/.test(await counts())).toBe(true);
    const first = await titles();
    expect(new Set(first).size).toBe(first.length);
  });

  it('puts tags beside the neurons, sorts by them, and finds them in the search', async () => {
    await page.getByRole('button', { name: /^Tags: 0 of / }).click();
    await page.getByRole('checkbox', { name: 'mood: rainy' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('list', { name: 'Chosen neurons' }).getByRole('button', { name: 'mood: rainy', exact: true }).click();
    await header('mood: rainy').click();
    await eventually(() => header('mood: rainy').getAttribute('aria-sort')).toBe('descending');
    const at = Number(await header('mood: rainy').getAttribute('aria-colindex'));
    await eventually(async () => new Set(await cells(at))).toEqual(new Set(['yes']));
    await lookAt(page, 'listen-tags');
    await page.getByRole('textbox', { name: 'Search segments' }).fill('rainy');
    await eventually(async () => (await labels()).every((words) => words.includes('mood: rainy'))).toBe(true);
    await page.getByRole('textbox', { name: 'Search segments' }).fill('');
  });

  it('plays the row under the pointer once that is wished, and space plays the row of the keyboard', async () => {
    const rowOf = (index: number): Locator =>
      page.getByRole('grid', { name: 'Segments' }).locator(`[aria-rowindex="${index}"] [aria-colindex="2"]`);
    const played = page.getByRole('region', { name: 'Player' });
    await page.getByRole('button', { name: 'View', exact: true }).press('Enter');
    await eventually(() => panel().evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByRole('switch', { name: 'Hover plays' }).press('Space');
    await lookAt(page, 'listen-view', '[role="dialog"]');
    await page.keyboard.press('Escape');
    await eventually(() => panel().count()).toBe(0);
    await rowOf(4).hover();
    await eventually(() => played.getByText(/^segment \d+/).isVisible()).toBe(true);
    await eventually(async () => (await rowOf(4).innerText()).includes(await played.locator('.title').innerText())).toBe(true);
    await page.getByRole('button', { name: 'View', exact: true }).click();
    await page.getByRole('switch', { name: 'Hover plays' }).click();
    await page.keyboard.press('Escape');
    await eventually(() => panel().count()).toBe(0);
    await rowOf(6).click();
    await page.keyboard.press('Space');
    await eventually(async () => (await rowOf(6).innerText()).includes(await played.locator('.title').innerText())).toBe(true);
  });

  it('keeps what is seldom changed behind one button, all of it by keys', async () => {
    await page.getByRole('button', { name: 'Audition top 10', exact: true }).waitFor();
    await page.getByRole('button', { name: 'View', exact: true }).press('Enter');
    const count = panel().getByRole('textbox', { name: 'Segments to audition' });
    await count.fill('0');
    await eventually(() => panel().getByRole('alert').textContent()).toBe('Type a whole number from 1 to 500.');
    await count.fill('3');
    await eventually(() => panel().getByRole('alert').count()).toBe(0);
    await panel().getByRole('radio', { name: 'Per column' }).press('ArrowRight');
    await eventually(() => panel().getByText('All columns share one scale').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Audition top 3', exact: true }).press('Enter');
    await eventually(() => page.getByRole('region', { name: 'Player' }).getByText('Audition 1 of 3').isVisible()).toBe(true);
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Stop' }).click();
  });

  it('has no errors on its pages', () => {
    expect(pages.complaints).toEqual([]);
  });
});
