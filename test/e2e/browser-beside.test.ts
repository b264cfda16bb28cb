/** @file Two libraries, and encoder A and B, in a real browser on a seeded core: chosen, read, played and exported from the keyboard, in both themes. */
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually, lookAt } from '../support/look-at.ts';
import { SeededPages } from '../support/seed/pages.ts';

const pages = await SeededPages.launch();
afterAll(() => pages.close());
const { page } = await pages.open({ tags: true, beside: true }, 'Inspect');

const plot = (name: RegExp): Locator => page.getByRole('slider', { name });
const reading = (place: Locator): Promise<string | null> => place.getAttribute('aria-valuetext');
const player = (): Locator => page.getByRole('region', { name: 'Player' });

async function open(tab: string): Promise<void> {
  await page.getByRole('group', { name: 'What is shown' }).getByRole('radio', { name: tab, exact: true }).check({ force: true });
}

async function choose(label: RegExp, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}

/** A table that is exported. */
async function exported(): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^CSV/ }).click()]);
  return readFileSync(await download.path(), 'utf8');
}

describe('two libraries in a browser', () => {
  it('wait for other music, and say where it comes from', async () => {
    await open('Two libraries');
    await eventually(() => page.getByText('Choose other music at the top').isVisible()).toBe(true);
    await lookAt(page, 'inspect-libraries-none');
  });

  it('show a neuron’s top segments of both, how alike they sound, and play them', async () => {
    const neuron = page.getByRole('textbox', { name: 'Neuron', exact: true });
    await neuron.fill('105');
    await choose(/^Other music: /, /Vinyl rips/);
    const place = plot(/^Neuron 105 of .* in two libraries$/);
    await eventually(() => place.isVisible()).toBe(true);
    await place.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await eventually(() => reading(place)).toMatch(/: The whole library [\d−.]+ \([\d−.]+ to [\d−.]+\), /);
    await eventually(() => page.getByText(/Likeness [\d−.]+ \([\d−.]+ to [\d−.]+\)/).isVisible()).toBe(true);
    const first = page.getByRole('region', { name: 'The whole library' }).getByRole('button', { name: /^Play/ }).first();
    await first.focus();
    await page.keyboard.press('Enter');
    await eventually(() =>
      player()
        .getByRole('button', { name: /^Pause/ })
        .isVisible(),
    ).toBe(true);
    await lookAt(page, 'inspect-libraries');
  });

  it('leave as a table with what was compared', async () => {
    const csv = await exported();
    expect(csv.split('\r\n')[0]).toMatch(/^# Neuron 105 of /);
    expect(csv).toContain('\r\nstatistic,The whole library,0,');
    expect(csv).toContain('\r\ntop segment,The whole library,1,');
  });

  it('say which neurons there are', async () => {
    await page.getByRole('textbox', { name: 'Neuron', exact: true }).fill('512');
    await eventually(() => page.getByText('There are neurons 0 to 511.').isVisible()).toBe(true);
    await page.getByRole('textbox', { name: 'Neuron', exact: true }).fill('7');
    await eventually(() => plot(/^Neuron 7 of /).isVisible()).toBe(true);
  });
});

describe('encoder A and B in a browser', () => {
  it('pairs neurons, and lists what only one hears', async () => {
    await open('Two encoders');
    await choose(/^Other encoder: /, /Untrained, seed 1/);
    const place = plot(/^Neurons of .* and Untrained, seed 1, matched$/);
    await eventually(() => place.isVisible()).toBe(true);
    await place.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await eventually(() => reading(place)).toMatch(/^Pair \d+: neuron \d+ of .*, neuron \d+ of Untrained, seed 1, correlation [−\d.]+$/);
    const alone = page.getByRole('region', { name: /^What Untrained, seed 1 hears and / });
    await eventually(() =>
      alone
        .getByText(/best there: neuron \d+, r/)
        .first()
        .isVisible(),
    ).toBe(true);
    await lookAt(page, 'inspect-encoders-neurons');
  });

  it('shows how alike layers are', async () => {
    await page.getByRole('radio', { name: 'Layers', exact: true }).check({ force: true });
    const place = plot(/^Layers of /);
    await eventually(() => place.isVisible()).toBe(true);
    await place.focus();
    await page.keyboard.press('ArrowRight');
    await eventually(() => reading(place)).toMatch(/ beside Untrained, seed 1: 0\.\d{3}$/);
    await lookAt(page, 'inspect-encoders-layers');
  });

  it('lists the nearest of a track in both, and plays them', async () => {
    await page.getByRole('radio', { name: 'Neighbours', exact: true }).check({ force: true });
    await eventually(() => plot(/^Neighbours that /).isVisible()).toBe(true);
    const tracks = page.getByRole('region', { name: 'Tracks', exact: true });
    await tracks.getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    const nearest = page.getByRole('region', { name: /^Nearest by Untrained, seed 1$/ });
    await eventually(() => nearest.getByRole('listitem').count()).toBe(10);
    await nearest.getByRole('button').first().click();
    await eventually(() => nearest.getByRole('button', { name: /^Pause/ }).isVisible()).toBe(true);
    await lookAt(page, 'inspect-encoders-neighbours');
    const csv = await exported();
    expect(csv).toContain('\r\ntitle,artist,shared,of\r\n');
  });

  it('complains about nothing', () => expect(pages.complaints).toEqual([]));
});
