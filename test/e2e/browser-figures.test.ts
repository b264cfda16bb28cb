/** @file The figures of Inspect in a real browser on a seeded core: made, read and exported from the keyboard, in both themes. */
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually, lookAt } from '../support/look-at.ts';
import { SeededPages } from '../support/seed/pages.ts';

const pages = await SeededPages.launch();
afterAll(() => pages.close());
const { page } = await pages.open({ tags: true }, 'Inspect');

const plot = (name: RegExp): Locator => page.getByRole('slider', { name });
const reading = (place: Locator): Promise<string | null> => place.getAttribute('aria-valuetext');

async function open(tab: string): Promise<void> {
  await page.getByRole('group', { name: 'What is shown' }).getByRole('radio', { name: tab, exact: true }).check({ force: true });
}

/** A file that is exported. */
async function exported(kind: RegExp): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: kind }).click()]);
  return readFileSync(await download.path(), 'latin1');
}

describe('an activation profile in a browser', () => {
  it('is made of the whole library, and read by arrow keys', async () => {
    await open('Profile');
    await eventually(() => plot(/^Activation profile of/).isVisible()).toBe(true);
    const place = plot(/^Activation profile of/);
    await place.focus();
    await page.keyboard.press('ArrowRight');
    await eventually(() => reading(place)).toMatch(/^Place 1: The whole library/);
    await page.keyboard.press('End');
    await eventually(() => reading(place)).toMatch(/^Place 512: /);
    await lookAt(page, 'inspect-profile');
  });

  it('sets other music beside it, found by words, and sorts by neuron', async () => {
    await page.getByRole('combobox', { name: /^Other music: / }).click();
    await page.getByRole('option', { name: /^A search/ }).click();
    const words = page.getByRole('textbox', { name: 'Other music: words' });
    await words.fill('Vinyl');
    await words.press('Enter');
    await page.getByRole('radio', { name: 'By neuron' }).check({ force: true });
    const place = plot(/^Activation profile of/);
    await place.focus();
    await page.keyboard.press('Home');
    await eventually(() => reading(place)).toMatch(/^Neuron \d+.*: The whole library .*, Vinyl /);
    await lookAt(page, 'inspect-profile-two');
  });

  it('says what to do where nothing is found', async () => {
    const words = page.getByRole('textbox', { name: 'Other music: words' });
    await words.fill('no such music');
    await words.press('Enter');
    await eventually(() => page.getByRole('alert').innerText()).toContain('Nothing of “no such music” has been heard');
  });

  it('leaves as SVG, PNG and CSV with its settings', async () => {
    expect(await exported(/^SVG/)).toContain('<desc>The whole library: ');
    expect((await exported(/^PNG/)).slice(1, 4)).toBe('PNG');
    const csv = await exported(/^CSV/);
    expect(csv.split('\r\n')[0]).toMatch(/^# Activation profile of /);
    expect(csv).toContain('\r\nmusic,of,number,label,mean,tenth,median,nine_tenths\r\n');
  });

  it('complains about nothing', () => expect(pages.complaints).toEqual([]));
});
