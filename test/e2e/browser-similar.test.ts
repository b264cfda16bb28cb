/** @file Similar in a real browser on a seeded core: examples, results and why, passages, a file, a path, the radio; by mouse and keyboard. */
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/look-at.ts';
import { openSimilar } from '../support/similar-page.ts';

const { pages, core, page, look, button, tab, grid, titles, shownTitles, press } = await openSimilar();

const examples = (side: string): Locator => page.getByRole('group', { name: side });
const hasFocus = (place: Locator): Promise<boolean> => place.evaluate((element) => element === document.activeElement);

describe('Similar in a browser', () => {
  it('offers something to begin with', async () => {
    await eventually(() => page.getByRole('heading', { name: 'Choose something you like' }).isVisible()).toBe(true);
    await eventually(() => page.getByRole('region', { name: 'Added lately' }).getByRole('button').count()).toBe(8);
    await look('first');
  });

  it('finds what is like a track that is named by a few letters', async () => {
    const field = page.getByRole('combobox', { name: 'Add to “More like”' });
    await field.fill('battle');
    await eventually(() => examples('More like').getByRole('option').count()).toBeGreaterThan(1);
    await look('type-ahead', '.query');
    await press('ArrowDown', 'ArrowUp', 'Enter');
    await eventually(() => examples('More like').getByRole('listitem').count()).toBe(1);
    await eventually(async () => (await titles('Results')).length).toBe(6);
    await eventually(() => field.inputValue()).toBe('');
    await look('results');
  });

  it('takes more examples by key, and moves one to the other row', async () => {
    await grid('Results').focus();
    await press('Home', 'ArrowDown', 's');
    await eventually(() => examples('More like').getByRole('listitem').count()).toBe(2);
    await grid('Results').focus();
    await press('ArrowDown', 'ArrowDown', 'Shift+S');
    await eventually(() => examples('Less like').getByRole('listitem').count()).toBe(1);
    const before = await shownTitles('Results');
    await examples('Less like').getByRole('listitem').getByRole('button').first().click();
    await page.getByRole('menuitem', { name: 'More like this' }).click();
    await eventually(() => examples('More like').getByRole('listitem').count()).toBe(3);
    await eventually(() => titles('Results')).not.toEqual(before);
    await examples('More like').getByRole('listitem').last().getByRole('button').first().focus();
    await press('Delete');
    await eventually(() => examples('More like').getByRole('listitem').count()).toBe(2);
  });

  it('says why, and orders the list anew when a neuron is muted or counts more', async () => {
    await grid('Results').focus();
    await press('w');
    const panel = page.getByRole('complementary', { name: 'Why' });
    await eventually(() => panel.getByText(/^\s*For “/).isVisible()).toBe(true);
    await panel.getByRole('button', { name: 'All results' }).click();
    const neurons = panel.getByRole('list', { name: 'Neurons' }).getByRole('listitem');
    await eventually(() => neurons.count()).toBe(24);
    await look('why', 'aside');
    const [before, first] = [await shownTitles('Results', 12), neurons.first()];
    await first.getByRole('button', { name: /^Mute neuron/ }).click();
    await eventually(() => titles('Results', 12)).not.toEqual(before);
    await eventually(() => page.getByText(/^[↑↓]\d+$/).count()).toBeGreaterThan(0);
    await eventually(() => panel.getByRole('button', { name: /^Let neuron \d+ count again$/ }).count()).toBe(1);
    await panel.getByRole('slider').nth(1).focus();
    await press('End');
    await eventually(() => panel.getByText('×4').isVisible()).toBe(true);
    await panel.getByRole('button', { name: 'Reset' }).click();
    await eventually(() => titles('Results', 12)).toEqual(before);
    await grid('Results').focus();
    await press('Escape');
    await eventually(() => panel.count()).toBe(0);
  });

  it('opens Listen sorted by a neuron that is clicked', async () => {
    const neuron = grid('Results')
      .getByRole('button', { name: /^Neuron \d+$/ })
      .first();
    const number = (await neuron.textContent())?.trim() ?? '';
    await neuron.click();
    await eventually(() => grid('Segments').isVisible()).toBe(true);
    await eventually(() => grid('Segments').locator('[role="columnheader"][aria-sort="descending"]').textContent()).toContain(number);
    await page.getByRole('link', { name: 'Similar' }).click();
    await eventually(() => hasFocus(grid('Results'))).toBe(true);
  });

  it('finds passages, and plays both that match', async () => {
    await page.getByText('Passages', { exact: true }).click();
    const here = grid('Results').getByTitle('Play the passage here').first();
    await eventually(() => here.isVisible()).toBe(true);
    await here.click();
    await eventually(() => button('Pause').first().isVisible()).toBe(true);
    const played = page.getByRole('region', { name: 'Player' });
    await eventually(() => played.getByText(/^segment \d+/).isVisible()).toBe(true);
    await grid('Results').getByTitle('Play the passage of the query').first().click();
    await look('passages', '.body');
    await page.getByText('Tracks', { exact: true }).click();
    await eventually(() => here.count()).toBe(0);
  });

  it('keeps to a filter, each rule of which can be dropped', async () => {
    await button('Filter').click();
    const panel = page.getByRole('dialog', { name: 'Filter' });
    await panel.getByRole('textbox', { name: 'From the year' }).fill('1990');
    await panel.getByRole('textbox', { name: 'At most so many per artist' }).fill('1');
    await look('filter', '[role="dialog"]');
    await press('Escape');
    const rules = page.getByRole('list', { name: 'Rules of the filter' });
    await eventually(() => rules.getByRole('listitem').count()).toBe(2);
    await eventually(() => grid('Results').getAttribute('aria-rowcount').then(Number)).toBeLessThan(20);
    await rules.getByRole('button', { name: 'Drop “1 per artist”' }).click();
    await rules.getByRole('button', { name: 'Drop “from 1990”' }).click();
    await eventually(() => grid('Results').getAttribute('aria-rowcount').then(Number)).toBeGreaterThan(80);
  });

  it('takes a file from anywhere, also dropped on the window, and says what is no audio', async () => {
    const sound = readFileSync(core.tracks()[7]?.path ?? '');
    const audio = { name: 'Nowhere.wav', mimeType: 'audio/wav', buffer: sound };
    await page.locator('input[type="file"]').first().setInputFiles(audio);
    await eventually(() => examples('More like').getByText('Nowhere.wav').isVisible()).toBe(true);
    const drop = (type: string, name: string): Promise<void> =>
      page.evaluate(
        ({ type, name, bytes }) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(bytes)], name));
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
        },
        { type, name, bytes: name.endsWith('.txt') ? [...Buffer.from('Some words.')] : [...sound] },
      );
    await drop('dragenter', 'Dropped.wav');
    await eventually(() => page.getByText('Drop a file here to find what is like it').isVisible()).toBe(true);
    await drop('drop', 'Dropped.wav');
    await eventually(() => examples('More like').getByText('Dropped.wav').isVisible()).toBe(true);
    await drop('drop', 'notes.txt');
    await eventually(() =>
      page
        .getByText(/^notes\.txt .+/)
        .first()
        .isVisible(),
    ).toBe(true);
    for (const name of ['Nowhere.wav', 'Dropped.wav']) await button(`Remove ${name}`).click();
    await eventually(() => examples('More like').getByRole('listitem').count()).toBe(2);
  });

  it('saves results and the query itself as playlists', async () => {
    await button('Save…').click();
    await page.getByRole('menuitem', { name: 'Save as playlist' }).click();
    await eventually(() => page.getByText(/^Playlist “Like .*” saved$/).count()).toBe(1);
    await button('Save…').click();
    await page.getByRole('menuitem', { name: 'Save as smart playlist' }).click();
  });

  it('follows a path from one track to another', async () => {
    await tab(/^Path/).click();
    await eventually(() => grid('Path').getAttribute('aria-rowcount')).toBe('9');
    await page.getByRole('textbox', { name: 'Tracks, both ends included' }).fill('5');
    await eventually(() => grid('Path').getAttribute('aria-rowcount')).toBe('6');
    const before = await shownTitles('Path', 5);
    await button('Go the other way').click();
    await eventually(async () => (await titles('Path', 5)).at(0)).toBe(before.at(-1));
    await eventually(async () => (await titles('Path', 5)).at(-1)).toBe(before.at(0));
    await page.getByRole('textbox', { name: 'Tracks, both ends included' }).fill('2');
    await eventually(() => page.getByText('3 to 100.').isVisible()).toBe(true);
    await page.getByRole('textbox', { name: 'Tracks, both ends included' }).fill('7');
    await eventually(() => grid('Path').getAttribute('aria-rowcount')).toBe('8');
    await look('path');
    await button('Save as playlist').click();
    await eventually(() => page.getByText(/^Playlist “From .* to .*” saved$/).count()).toBe(1);
  });

  it('plays a radio that moves away from what is skipped', async () => {
    await tab(/^Radio/).click();
    await page.getByRole('button', { name: /^Start from / }).click();
    await eventually(() => grid('Radio').getByText('playing').isVisible()).toBe(true);
    await grid('Radio').focus();
    await press('Shift+ArrowRight');
    await eventually(() => grid('Radio').getByText('skipped').count()).toBe(1);
    await eventually(() => grid('Radio').getByText('playing').isVisible()).toBe(true);
    const next = (await shownTitles('Radio', 6)).slice(2);
    await page.getByRole('slider', { name: 'Diversity' }).focus();
    await press('End');
    await eventually(async () => (await titles('Radio', 6)).slice(2)).not.toEqual(next);
    await look('radio');
    await button('Stop the radio').click();
    await eventually(() => page.getByRole('heading', { name: /^An endless list from / }).isVisible()).toBe(true);
  });
});

describe('the ways to Similar from elsewhere', () => {
  it('are a key and a menu in the Library', async () => {
    await page.getByRole('link', { name: 'Library' }).click();
    const table = grid('Tracks');
    await table.getByRole('gridcell').first().click();
    await press('ArrowDown', 'Shift+F10');
    await page.getByRole('menuitem', { name: 'Only like this' }).click();
    await eventually(() => examples('More like').getByRole('listitem').count()).toBe(1);
    await page.getByRole('link', { name: 'Library' }).click();
    await table.getByRole('gridcell').first().click();
    await press('s');
    await eventually(() => examples('More like').getByRole('listitem').count()).toBe(2);
  });

  it('leave the letters of a typed word to the table', async () => {
    await page.getByRole('link', { name: 'Library' }).click();
    await grid('Tracks').getByRole('gridcell').first().click();
    await page.keyboard.type('di');
    await page.keyboard.type('s');
    await eventually(() => grid('Tracks').locator('[aria-selected="true"]').textContent()).toMatch(/Distant/);
  });

  it('are passages of Listen, and what is marked on the player’s waveform', async () => {
    await page.getByRole('link', { name: 'Listen', exact: true }).click();
    await grid('Segments').getByRole('gridcell').first().click();
    await press('Space');
    const wave = page.getByRole('slider', { name: 'Position in the track' });
    await eventually(() => wave.getAttribute('aria-disabled')).toBe('false');
    await eventually(async () => Number(await wave.getAttribute('aria-valuemax'))).toBeGreaterThan(10);
    const box = await wave.boundingBox();
    if (box === null) throw new Error('There is no waveform.');
    await page.mouse.move(box.x + box.width * 0.3, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await eventually(() => button('Find passages like this').isVisible()).toBe(true);
    await look('marked', '.dock');
    await button('Find passages like this').click();
    await eventually(() => examples('More like').getByRole('listitem').count()).toBe(3);
    await eventually(() => grid('Results').getByTitle('Play the passage here').first().isVisible()).toBe(true);
    await page.getByText('Tracks', { exact: true }).click();
  });

  it('stand in the command palette', async () => {
    await press('Control+k');
    await page.keyboard.type('new query');
    await press('Enter');
    await eventually(() => page.getByRole('heading', { name: 'Choose something you like' }).isVisible()).toBe(true);
    await press('Control+z');
    await eventually(() => examples('More like').getByRole('listitem').count()).toBe(3);
  });

  it('ask for an index first where there is none', async () => {
    const bare = await pages.open({ encoders: 'unindexed' }, 'Similar');
    await eventually(() => bare.page.getByRole('button', { name: 'Index now' }).isVisible()).toBe(true);
  });

  it('have had nothing to complain about', () => {
    expect(pages.complaints).toEqual([]);
  });
});
