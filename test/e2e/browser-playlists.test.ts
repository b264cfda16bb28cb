/** @file Playlists and duplicates in a real browser on a seeded core: named, put in order, played, read and written; by mouse and keyboard. */
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/look-at.ts';
import { openSimilar } from '../support/similar-page.ts';

const { pages, core, page, look, button, grid, titles, shownTitles, press } = await openSimilar({ tracks: 48 });

const view = (name: string): Locator => page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true });

describe('Playlists in a browser', () => {
  it('begin with what was found', async () => {
    await view('Playlists').click();
    await eventually(() => page.getByRole('heading', { name: 'No playlists yet' }).isVisible()).toBe(true);
    await look('no-playlists');
    await view('Similar').click();
    await page.getByRole('region', { name: 'Added lately' }).getByRole('button').first().click();
    await eventually(async () => (await titles('Results')).length).toBe(6);
    for (const what of ['Save as playlist', 'Save as smart playlist']) {
      await button('Save…').click();
      await page.getByRole('menuitem', { name: what }).click();
    }
    await eventually(() => page.getByText(/^Playlist “Like .*” saved$/).count()).toBeGreaterThan(0);
  });

  it('are renamed in their place', async () => {
    await view('Playlists').click();
    const list = page.getByRole('list', { name: 'Playlists' });
    await eventually(() => list.getByRole('button').count()).toBe(2);
    await list.getByRole('button').first().focus();
    await press('F2');
    await page.keyboard.type('For Sunday');
    await press('Enter');
    await eventually(() => list.getByText('For Sunday').isVisible()).toBe(true);
    await list.getByText('For Sunday').click();
    await eventually(async () => (await titles('Tracks of For Sunday')).length).toBe(6);
    await look('playlists');
  });

  it('are put in order with Alt and the arrows and by dragging, shortened, and brought back', async () => {
    const table = grid('Tracks of For Sunday');
    const before = await shownTitles('Tracks of For Sunday', 4);
    await table.focus();
    await press('Home', 'ArrowUp', 'ArrowDown', 'Alt+ArrowDown');
    await eventually(() => titles('Tracks of For Sunday', 4)).toEqual([before[1], before[0], before[2], before[3]]);
    await press('Alt+ArrowUp');
    await eventually(() => titles('Tracks of For Sunday', 4)).toEqual(before);
    const row = (at: number): Locator => table.locator(`[aria-rowindex="${at + 2}"] [aria-colindex="2"]`);
    await row(0).dragTo(row(3), { targetPosition: { x: 20, y: 4 } });
    await eventually(() => titles('Tracks of For Sunday', 4)).toEqual([before[1], before[2], before[0], before[3]]);
    await press('Delete');
    await eventually(() => titles('Tracks of For Sunday', 3)).toEqual([before[1], before[2], before[3]]);
    await press('Control+z', 'Control+z');
    await eventually(() => titles('Tracks of For Sunday', 4)).toEqual(before);
  });

  it('play one track after the other', async () => {
    await button('Play in order').click();
    const [first, second] = await shownTitles('Tracks of For Sunday', 2);
    const player = page.getByRole('region', { name: 'Player' });
    await eventually(() => player.getByText(first ?? '', { exact: true }).count()).toBe(1);
    await grid('Tracks of For Sunday').focus();
    await press('Shift+ArrowRight');
    await eventually(() => player.getByText(second ?? '', { exact: true }).count()).toBe(1);
  });

  it('leave as files', async () => {
    await button('Export…').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'M3U8, for players' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('For Sunday.m3u8');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toMatch(/^#EXTM3U\n#PLAYLIST:For Sunday\n#EXTINF:\d+,.+\n\/.+\.wav\n/);
  });

  it('are read from a list, and what is not in the library is listed', async () => {
    const path = core.tracks()[4]?.path ?? '';
    const list = {
      name: 'Old list.m3u',
      mimeType: 'audio/x-mpegurl',
      buffer: Buffer.from(`#EXTM3U\r\n${path}\r\nGone/Caf\xe9.mp3\r\n`, 'latin1'),
    };
    await page.locator('input[type="file"]').last().setInputFiles(list);
    await eventually(() => page.getByRole('heading', { name: 'Old list' }).isVisible()).toBe(true);
    await page.getByText('1 entry of the list is not in the library').click();
    await eventually(() => page.getByText('Gone/Café.mp3').isVisible()).toBe(true);
    await look('read');
  });

  it('stay live when they are smart, until they are made plain', async () => {
    const list = page.getByRole('list', { name: 'Playlists' });
    await list.getByText('smart').click();
    await eventually(() => page.getByText(/like 1 example, asked anew each time/).isVisible()).toBe(true);
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Make it a plain list' }).click();
    await eventually(() => list.getByText('smart').count()).toBe(0);
  });

  it('take the rows of a table, named by a few letters', async () => {
    await page.getByRole('link', { name: 'Library' }).click();
    await grid('Tracks').getByRole('gridcell').first().click();
    await press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Add to playlist…' }).click();
    await eventually(() => page.getByRole('dialog').getByRole('option').count()).toBeGreaterThan(2);
    await look('add-to-playlist', '[role="dialog"]');
    await page.keyboard.type('sunday');
    await press('Enter');
    await eventually(() => page.getByText('1 track added to “For Sunday”').isVisible()).toBe(true);
    await view('Playlists').click();
  });

  it('are removed, and brought back', async () => {
    const list = page.getByRole('list', { name: 'Playlists' });
    await list.getByRole('button').first().waitFor();
    const names = await list.getByRole('button').allInnerTexts();
    expect(names.length).toBeGreaterThan(2);
    await list.getByRole('button').nth(1).focus();
    await press('Delete');
    await eventually(() => list.getByRole('button').allInnerTexts()).toEqual(names.toSpliced(1, 1));
    // The keyboard is where the one that is gone stood, and not at the first of them.
    await eventually(() => list.locator('button:focus').allInnerTexts()).toEqual([names[2]]);
    await press('Control+z');
    await eventually(() => list.getByRole('button').allInnerTexts()).toEqual(names);
    await eventually(() => list.locator('button:focus').allInnerTexts()).toEqual([names[2]]);
  });

  it('keep the keyboard where another name moves them in the list', async () => {
    const list = page.getByRole('list', { name: 'Playlists' });
    const names = await list.getByRole('button').allInnerTexts();
    await list.getByRole('button').first().focus();
    await press('F2');
    await page.keyboard.type('zz, the last');
    await press('Enter');
    await eventually(async () => (await list.getByRole('button').allInnerTexts()).at(-1)).toContain('zz, the last');
    await eventually(async () => (await list.locator('button:focus').allInnerTexts()).join()).toContain('zz, the last');
    await press('Control+z');
    await eventually(() => list.getByRole('button').allInnerTexts()).toEqual(names);
    await eventually(() => list.locator('button:focus').allInnerTexts()).toEqual([names[0]]);
  });
});

describe('duplicates in a browser', () => {
  it('are looked for, heard from the same moment, dismissed, and brought back', async () => {
    await view('Duplicates').click();
    await button('Look for duplicates').click();
    const groups = page.getByRole('table', { name: /^Files of / });
    await eventually(() => groups.count()).toBe(3);
    await groups.first().getByRole('button').first().click();
    await eventually(() => groups.first().getByRole('button', { name: 'Pause' }).count()).toBe(1);
    await look('duplicates');
    await button('Not duplicates').first().click();
    await eventually(() => groups.count()).toBe(2);
    await press('Control+z');
    await eventually(() => groups.count()).toBe(3);
  });
});

describe('the page', () => {
  it('has had nothing to complain about', () => {
    expect(pages.complaints).toEqual([]);
  });
});
