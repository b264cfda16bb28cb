/** @file The figures of Inspect in a real browser on a seeded core: made, read and exported from the keyboard, in both themes. */
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import type { Services } from '../../src-main/service/index.ts';
import { eventually, lookAt } from '../support/look-at.ts';
import { SeededPages } from '../support/seed/pages.ts';

const pages = await SeededPages.launch();
afterAll(() => pages.close());
const learnt = async ({ heads, store }: Services): Promise<void> => {
  const [encoder] = store.encoders.list();
  if (encoder !== undefined) await heads.train({ encoderId: encoder.id, architecture: 'logistic', groupBy: 'artist' }).settled;
};
const { page } = await pages.open({ tags: true, prepare: learnt }, 'Inspect');

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

describe('a taggram before anything plays', () => {
  it('says what to do', async () => {
    await open('Taggram');
    await eventually(() => page.getByText('Nothing plays.', { exact: true }).isVisible()).toBe(true);
    await lookAt(page, 'inspect-taggram-none', 'main');
  });
});

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
});

describe('tag occurrence in a browser', () => {
  it('is read by arrow keys, and a cell’s segments are played by Enter', async () => {
    await open('Tags');
    await eventually(() => plot(/^Tag occurrence/).isVisible()).toBe(true);
    const place = plot(/^Tag occurrence/);
    await place.focus();
    await page.keyboard.press('Home');
    await eventually(() => reading(place)).toMatch(/^Neuron \d+, tag .+: \d+ of 10 segments; [\d.]+ by chance\.$/);
    await lookAt(page, 'inspect-occurrence');
    await place.focus();
    await page.keyboard.press('Home');
    while (/: 0 of 10/.test((await reading(place)) ?? '')) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(() =>
      page
        .getByRole('complementary', { name: /^Neuron \d+, / })
        .getByRole('button', { name: /Play|Pause/ })
        .count(),
    ).toBeGreaterThan(0);
    await lookAt(page, 'inspect-occurrence-cell');
    await page.keyboard.press('Escape');
    await eventually(() => page.getByRole('complementary', { name: /^Neuron \d+, / }).count()).toBe(0);
  });
});

describe('a taggram in a browser', () => {
  it('shows tags over what plays, is read by arrow keys, and plays from a place', async () => {
    await open('Taggram');
    const place = plot(/^Tags over “/);
    await eventually(() => place.isVisible()).toBe(true);
    await place.focus();
    await page.keyboard.press('Home');
    await eventually(() => reading(place)).toMatch(/^0:00, .+: \d+ %$/);
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
    const seconds = Number(/^0:(\d\d), /.exec((await reading(place)) ?? '')?.[1]);
    expect(seconds).toBeGreaterThan(3);
    await page.keyboard.press('Enter');
    const heard = page.getByRole('slider', { name: 'Position in the track' });
    await eventually(() => heard.getAttribute('aria-valuenow').then(Number)).toBeGreaterThanOrEqual(seconds - 1);
    await lookAt(page, 'inspect-taggram');
    expect(await exported(/^CSV/)).toContain('\r\nsegment,start_s,');
  });

  it('is opened from the palette', async () => {
    await open('Profile');
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Find an action or a track' }).fill('tags over what plays');
    await page.keyboard.press('Enter');
    await eventually(() => plot(/^Tags over “/).isVisible()).toBe(true);
  });
});

describe('factors in a browser', () => {
  it('show the strongest neurons of each, and open one in Listen', async () => {
    await open('Factors');
    const place = plot(/^Factors of/);
    await eventually(() => place.isVisible()).toBe(true);
    await place.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await eventually(() => reading(place)).toMatch(/^Factor 2, neuron \d+: −?[\d.]+$/);
    await lookAt(page, 'inspect-factors');
    await place.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('main', { name: 'Listen' }).isVisible()).toBe(true);
  });

  it('complains about nothing', () => expect(pages.complaints).toEqual([]));
});
