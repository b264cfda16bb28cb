/** @file Tagging from other views in a real browser on a seeded core: by key, by menu, by drag, in the panel, from the palette and the player. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tag } from '../../src-main/contract/index.ts';
import { eventually, lookAt } from '../support/look-at.ts';
import type { SeededCore } from '../support/seed/core.ts';
import { SeededPages } from '../support/seed/pages.ts';

let pages: SeededPages;
let core: SeededCore;
let page: Page;

beforeAll(async () => {
  pages = await SeededPages.launch();
  ({ core, page } = await pages.open({ tags: true }, 'Library'));
});

afterAll(() => pages?.close());

async function look(name: string): Promise<void> {
  await lookAt(page, `tagging-${name}`);
}

const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
const row = (name: RegExp): Locator => page.getByRole('complementary', { name: 'Tags' }).getByRole('button', { name });
/** A cell by its row (from 1) and column (from 1). */
const cell = (table: string, line: number, column: number): Locator =>
  page.getByRole('grid', { name: table, exact: true }).locator(`[aria-rowindex="${line + 1}"] [aria-colindex="${column}"]`);

/** What the core says of a tag. */
async function tagOf(name: string): Promise<Tag | undefined> {
  const list = await core.handlers.tags.list(undefined, new AbortController().signal);
  return list.find((tag) => tag.name === name);
}

describe('Tagging from elsewhere', () => {
  it('tags the selected rows of the Library by a few letters', async () => {
    const grid = page.getByRole('grid', { name: 'Tracks' });
    await cell('Tracks', 1, 1).click();
    for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('t');
    const field = page.getByRole('combobox', { name: 'Tag 3 tracks' });
    await eventually(() => field.isVisible()).toBe(true);
    await look('chooser');
    await page.keyboard.type('for s');
    const before = (await tagOf('for sets'))?.tracks ?? 0;
    await page.keyboard.press('Enter');
    await eventually(async () => (await tagOf('for sets'))?.tracks).toBeGreaterThan(before);
    await eventually(() => page.getByRole('option', { name: /for sets/ }).getAttribute('aria-checked')).toBe('true');
    await page.keyboard.type('bright');
    await page.keyboard.press('Shift+Enter');
    await eventually(() => page.getByRole('option', { name: /bright/ }).textContent()).toContain('does not fit');
    await page.keyboard.type('for: sunday');
    await page.keyboard.press('Enter');
    await eventually(async () => (await tagOf('sunday'))?.tracks).toBe(3);
    await page.keyboard.press('Escape');
    await eventually(() => grid.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('shows tags as a column, and as chips in the panel of a track', async () => {
    await button('Tags').click();
    const grid = page.getByRole('grid', { name: 'Tracks' });
    await eventually(() => grid.getByRole('gridcell', { name: /sunday/ }).count()).toBe(3);
    await cell('Tracks', 1, 1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Details' }).click();
    const chips = page.getByRole('complementary', { name: 'Track' }).getByRole('list', { name: 'Tags' });
    await eventually(() => chips.getByText('for: sunday').isVisible()).toBe(true);
    await look('library');
    await chips.getByRole('button', { name: 'Take “for: sunday” off' }).click();
    await eventually(async () => (await tagOf('sunday'))?.tracks).toBe(2);
    await page.keyboard.press('Escape');
  });

  it('shows covers in the panel of a track, and fetches none where there is none', async () => {
    const fetched: string[] = [];
    page.on('request', (request) => request.url().includes('/media/picture/') && fetched.push(request.url()));
    const panel = page.getByRole('complementary', { name: 'Track' });
    await cell('Tracks', 2, 1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Details' }).click();
    const shown: string[] = [];
    for (let line = 2; line < 8; line++) {
      const title = (await cell('Tracks', line, 1).textContent())?.trim() ?? '';
      await cell('Tracks', line, 1).click();
      await eventually(() => panel.getByRole('heading', { level: 3 }).textContent()).toBe(title);
      const picture = panel.locator('figure > *');
      await eventually(() => picture.count()).toBe(1);
      shown.push(await picture.evaluate((element) => element.tagName.toLowerCase()));
    }
    expect(new Set(shown)).toEqual(new Set(['img', 'svg']));
    await eventually(() => fetched.length).toBe(shown.filter((tag) => tag === 'img').length);
    expect(pages.complaints).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('tags segments of Listen as passages', async () => {
    await page.getByRole('link', { name: 'Listen' }).click();
    const grid = page.getByRole('grid', { name: 'Segments' });
    await eventually(() => grid.getByRole('row').count()).toBeGreaterThan(10);
    await cell('Segments', 2, 3).click();
    await page.keyboard.press('t');
    await eventually(() => page.getByRole('combobox', { name: 'Tag 1 segment' }).isVisible()).toBe(true);
    await page.keyboard.type('bridge');
    await page.keyboard.press('Enter');
    await eventually(async () => (await tagOf('bridge'))?.passages).toBe(1);
    await page.keyboard.press('Escape');
    await grid.getByRole('columnheader', { name: /^61\b/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Make a tag from neuron 61…' }).click();
    await eventually(() => page.getByRole('dialog').getByRole('textbox', { name: 'Neuron' }).inputValue()).toBe('61');
    await page.keyboard.press('Escape');
  });

  it('takes tracks that are dragged onto Tags, and onto a tag', async () => {
    await page.getByRole('link', { name: 'Library' }).click();
    const first = cell('Tracks', 2, 1);
    await first.click();
    await first.dragTo(page.getByRole('link', { name: 'Tags' }));
    await eventually(() => page.getByRole('combobox', { name: 'Tag 1 track' }).isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Tags' }).click();
    await row(/^bridge/).click();
    await page.getByText('Tracks', { exact: true }).click();
    const before = (await tagOf('driving'))?.tracks ?? 0;
    await page
      .getByRole('grid', { name: 'Tracks with bridge' })
      .getByRole('gridcell')
      .first()
      .dragTo(row(/^driving/));
    await eventually(async () => (await tagOf('driving'))?.tracks).toBe(before + 1);
  });

  it('puts a tag on what is selected from the command palette', async () => {
    await cell('Tracks with bridge', 1, 1).click();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Tag: sunday');
    await eventually(() => page.getByRole('option', { name: /Tag: for: sunday/ }).isVisible()).toBe(true);
    await look('palette');
    await page.keyboard.press('Enter');
    await eventually(async () => (await tagOf('sunday'))?.tracks).toBe(3);
  });

  it('tags what plays, and a passage that was marked on its waveform, from the player', async () => {
    await cell('Tracks with bridge', 1, 1).click();
    await page.keyboard.press('Space');
    await button('Tag what plays (T)').click();
    await eventually(() => page.getByRole('combobox', { name: /^Tag “/ }).isVisible()).toBe(true);
    await look('player');
    await page.keyboard.type('heard');
    await page.keyboard.press('Enter');
    await eventually(async () => (await tagOf('heard'))?.tracks).toBe(1);
    await page.keyboard.press('Escape');
    const position = page.getByRole('slider', { name: 'Position in the track' });
    await eventually(() => position.getAttribute('aria-disabled')).toBe('false');
    const wave = await position.boundingBox();
    if (wave === null) throw new Error('There is no waveform.');
    await page.mouse.move(wave.x + 100, wave.y + 20);
    await page.mouse.down();
    await page.mouse.move(wave.x + 160, wave.y + 20, { steps: 5 });
    await page.mouse.up();
    await button('Tag it').click();
    await eventually(() => page.getByRole('combobox', { name: /^Tag \d:\d\d–\d:\d\d of “/ }).isVisible()).toBe(true);
    await page.keyboard.type('heard');
    await page.keyboard.press('Enter');
    await eventually(async () => (await tagOf('heard'))?.passages).toBe(1);
    await page.keyboard.press('Escape');
  });

  it('has had nothing to complain about', () => {
    expect(pages.complaints).toEqual([]);
  });
});
