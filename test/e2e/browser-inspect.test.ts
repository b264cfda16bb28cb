/**
 * @file Inspect in a real browser on a seeded core: the table of neurons, a neuron's panel, its blind test, learning concepts; by mouse and keyboard, in light
 * and dark.
 */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnOf, eventually, lookAt } from '../support/look-at.ts';
import { SeededPages } from '../support/seed/pages.ts';

let pages: SeededPages;
let page: Page;

beforeAll(async () => {
  pages = await SeededPages.launch();
  ({ page } = await pages.open({ tracks: 90, tags: true }, 'Inspect'));
  await grid().getByRole('row').nth(1).waitFor();
});

afterAll(() => pages?.close());

const grid = (): Locator => page.getByRole('grid', { name: 'Neurons', exact: true });
const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
const panel = (): Locator => page.getByRole('complementary', { name: /^Neuron \d+$/ });
const search = (): Locator => page.getByRole('textbox', { name: 'Search neurons' });
const hasFocus = (place: Locator): Promise<boolean> => place.evaluate((element) => element === document.activeElement);
/** Numbers of the first neurons in the table. */
const numbers = (count: number): Promise<number[]> => columnOf(page, 'Neurons', 2, count).then((cells) => cells.map(Number));
const rows = (): Promise<number> => grid().getAttribute('aria-rowcount').then(Number);

/** A time as it is shown, in seconds. */
const clockSeconds = (text: string): number => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
const heardSecond = (): Promise<number> =>
  page.getByRole('slider', { name: 'Position in the track' }).getAttribute('aria-valuenow').then(Number);

describe('Inspect in a browser', () => {
  it('lists every neuron, the most selective first', async () => {
    await eventually(rows).toBe(513);
    await eventually(() => page.getByText(/^512 neurons over \d+ segments of \d+ tracks/).isVisible()).toBe(true);
    const selective = (await columnOf(page, 'Neurons', 5, 10)).map(Number);
    expect(selective).toHaveLength(10);
    expect(selective).toEqual(selective.toSorted((a, b) => b - a));
    await lookAt(page, 'inspect-neurons');
  });

  it('plays what a neuron hears most with space, and opens its panel with Enter', async () => {
    await grid().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await eventually(() =>
      page
        .getByRole('region', { name: 'Player' })
        .getByText(/^segment \d+/)
        .isVisible(),
    ).toBe(true);
    await page.keyboard.press('Enter');
    await eventually(() => panel().getByRole('list', { name: 'Hears most' }).getByRole('listitem').count()).toBe(5);
    await eventually(() => panel().getByRole('list', { name: 'Much the same' }).getByRole('listitem').count()).toBeGreaterThan(0);
    await lookAt(page, 'inspect-neuron', 'aside');
  });

  it('goes over the time of what plays by keys, from peak to peak, and plays from there', async () => {
    const line = panel().getByRole('slider', { name: /^Neuron \d+ over the track$/ });
    const said = (): Promise<string> => line.getAttribute('aria-valuetext').then((text) => text ?? '');
    await line.focus();
    await page.keyboard.press('Home');
    await eventually(said).toMatch(/^0:00: −?[\d.]+/);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowDown');
    await eventually(said).toMatch(/, peak ([2-9]) of \1$/);
    const seconds = clockSeconds((await said()).split(': ')[0] ?? '');
    await page.keyboard.press('Enter');
    await eventually(heardSecond).toBeGreaterThanOrEqual(seconds - 1);
    // What it says while it plays is gone with the segment.
    await line.evaluate((element) => {
      const heard: (string | null)[] = [];
      new MutationObserver(() => heard.push(element.getAttribute('aria-valuetext'))).observe(element, { attributes: true });
      Object.assign(globalThis, { heard });
    });
    await panel().getByRole('button', { name: 'Play the next peak' }).click();
    await eventually(() => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.join('\n'))).toContain(', peak 1 of ');
    await lookAt(page, 'inspect-neuron-timeline', 'aside');
  });

  it('plays what it hears most one after the other, until it is stopped', async () => {
    await panel().getByRole('button', { name: 'Play what it hears most, without a gap' }).click();
    const player = page.getByRole('region', { name: 'Player' });
    await player.getByText(/^Audition [2-9] of 20$/).waitFor();
    await player.getByRole('button', { name: 'Stop' }).click();
    await eventually(() => player.getByText(/^Audition/).count()).toBe(0);
    await player.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  it('takes few segments of a track, where that is chosen by keys, and goes on doing so', async () => {
    const top = panel().getByRole('list', { name: 'Hears most' }).getByRole('listitem');
    const titles = async (): Promise<number> =>
      new Set(await top.evaluateAll((rows) => rows.map((row) => row.querySelector('.words')?.textContent))).size;
    const choice = panel().getByLabel(/^Rows of a track: /);
    const choose = async (key: string, name: string): Promise<void> => {
      await choice.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('option', { name, exact: true }).waitFor();
      await page.keyboard.press(key);
      await eventually(() => page.getByRole('option', { name, exact: true }).getAttribute('data-highlighted')).not.toBeNull();
      await page.keyboard.press('Enter');
    };
    await eventually(titles).toBeLessThan(5);
    await choose('ArrowDown', '1 row a track');
    await eventually(titles).toBe(5);
    await lookAt(page, 'inspect-neuron-per-track', 'aside');
    await choice.focus();
    await page.keyboard.press('Escape');
    await eventually(() => panel().count()).toBe(0);
    await eventually(() => hasFocus(grid())).toBe(true);
    await page.keyboard.press('Enter');
    await eventually(() => choice.getAttribute('aria-label')).toBe('Rows of a track: 1 row a track');
    await eventually(titles).toBe(5);
    await choose('ArrowUp', 'All rows of a track');
    await eventually(titles).toBeLessThan(5);
  });

  it('tells how its top segments sound, and where it can what it heard before', async () => {
    await panel().getByText('How its top segments sound').click();
    await eventually(() =>
      panel()
        .getByRole('row', { name: /^Loudness −\d/ })
        .isVisible(),
    ).toBe(true);
    const spectrum = panel().getByRole('slider', { name: /^How top segments of neuron \d+ of / });
    await spectrum.focus();
    await page.keyboard.press('Home');
    await eventually(() => spectrum.getAttribute('aria-valuetext')).toMatch(/^50 Hz: top −[\d.]+ \(−[\d.]+ to −[\d.]+\), others −/);
    await lookAt(page, 'inspect-neuron-sound', 'aside');
    await panel().getByText('Across checkpoints of its run').click();
    await panel().getByRole('button', { name: 'Compare checkpoints' }).click();
    await eventually(() => panel().getByRole('alert').textContent()).toContain('did not come from a run of this library');
    await panel().getByText('Across checkpoints of its run').click();
  });

  it('goes on to a neuron that does the same, and keeps a note', async () => {
    const other = panel().getByRole('list', { name: 'Much the same' }).getByRole('button').first();
    const number = /\d+/.exec((await other.textContent()) ?? '')?.[0] ?? '';
    await other.click();
    await eventually(() => panel().getAttribute('aria-label')).toBe(`Neuron ${number}`);
    await panel().getByRole('textbox', { name: 'What do you hear?' }).fill('low and slow');
    await page.keyboard.press('Enter');
    await search().fill('slow');
    await eventually(() => numbers(1)).toEqual([Number(number)]);
    await search().fill('');
    await eventually(rows).toBe(513);
  });

  it('asks blind, ten times, and says what guessing would give', async () => {
    await panel().getByRole('list', { name: 'Hears least' }).waitFor();
    const test = panel().getByRole('region', { name: 'Blind test' });
    // Begun, answered to its end and left by keys, it never loses the keyboard.
    await button('Can you hear it? Blind test').focus();
    await page.keyboard.press('Enter');
    await eventually(() => hasFocus(test.getByRole('button', { name: 'Play', exact: true }))).toBe(true);
    await eventually(() => test.getByRole('status').textContent()).toMatch(/1 of 10/);
    await test.getByRole('button', { name: 'Play', exact: true }).click();
    await eventually(() => test.getByRole('button', { name: 'Pause', exact: true }).isVisible()).toBe(true);
    await lookAt(page, 'inspect-blind', 'aside');
    for (let asked = 1; asked <= 10; asked++) {
      await eventually(() => test.getByRole('status').textContent()).toContain(`${asked} of 10`);
      await test.getByRole('button', { name: 'Yes, much' }).click();
    }
    await eventually(() => test.getByRole('status').textContent()).toMatch(/^\s*\d+ of 10 answers right\. By guessing/);
    await eventually(() => hasFocus(test.getByRole('button', { name: 'Again' }))).toBe(true);
    await lookAt(page, 'inspect-blind-end', 'aside');
    await test.getByRole('button', { name: 'Done' }).focus();
    await page.keyboard.press('Enter');
    await eventually(() => hasFocus(button('Can you hear it? Blind test'))).toBe(true);
  });

  it('closes a panel with Esc, and the keyboard is in the table again', async () => {
    await button('Can you hear it? Blind test').focus();
    await page.keyboard.press('Escape');
    await eventually(() => panel().count()).toBe(0);
    await eventually(() => hasFocus(grid())).toBe(true);
  });

  it('is sorted by a heading, and searched', async () => {
    await grid()
      .getByRole('columnheader', { name: /^Neuron/ })
      .click();
    await eventually(() => numbers(3)).toEqual([0, 1, 2]);
    await search().fill('105');
    await eventually(() => numbers(1)).toEqual([105]);
    await eventually(rows).toBe(2);
    await search().fill('no such sound');
    await eventually(() => page.getByText('No neuron matches “no such sound”.').isVisible()).toBe(true);
    await button('Show all neurons').click();
    await eventually(rows).toBe(513);
  });

  it('has its pages and other encoders in the palette', async () => {
    const find = page.getByRole('combobox', { name: 'Find an action or a track' });
    await page.keyboard.press('ControlOrMeta+k');
    await find.fill('inspect factors');
    await eventually(() => page.getByRole('option', { name: /^Inspect: Factors/ }).isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    const factors = page.getByRole('radio', { name: 'Factors' });
    await eventually(() => factors.isChecked()).toBe(true);
    await eventually(() => find.count()).toBe(0);
    // Tab goes on in the page that was opened.
    const isReached = (): Promise<boolean> => factors.evaluate((element) => element === document.activeElement);
    await page.keyboard.press('Tab');
    await eventually(isReached).toBe(true);
    // What opens nothing leaves the keyboard where it was.
    await page.keyboard.press('ControlOrMeta+k');
    await find.fill('mute');
    await eventually(() => page.getByRole('option', { name: /^Mute/ }).isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    await eventually(() => find.count()).toBe(0);
    await eventually(isReached).toBe(true);
    await page.keyboard.press('ControlOrMeta+k');
    await find.fill('inspect neurons');
    await eventually(() => page.getByRole('option', { name: /^Inspect: Neurons/ }).isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    await eventually(rows).toBe(513);
  });

  it('opens a neuron by its number in the palette, and from the heading of a column of Listen', async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Find an action or a track' }).fill('neuron 105');
    await eventually(() => page.getByRole('option', { name: /^Open neuron 105/ }).isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    await eventually(() => panel().getAttribute('aria-label')).toBe('Neuron 105');
    await panel().getByRole('button', { name: 'Open in Listen' }).click();
    const heading = page.getByRole('grid', { name: 'Segments' }).getByRole('columnheader', { name: /^105\b/ });
    await heading.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Open neuron 105 in Inspect' }).click();
    await eventually(() => panel().getAttribute('aria-label')).toBe('Neuron 105');
    await page.keyboard.press('Escape');
  });

  it('learns concepts, which can be paused, resumed and cancelled', async () => {
    await page.getByRole('radio', { name: 'Concepts' }).check({ force: true });
    const form = page.getByRole('region', { name: 'Learn concepts' });
    await form.waitFor();
    await eventually(() => page.getByText('None yet.').isVisible()).toBe(true);
    await form.getByRole('textbox', { name: 'Concepts' }).fill('4');
    await eventually(() => form.getByRole('alert').count()).toBe(1);
    await eventually(() => form.getByRole('button', { name: 'Learn concepts' }).isDisabled()).toBe(true);
    await form.getByRole('textbox', { name: 'Concepts' }).fill('64');
    await eventually(() => form.getByRole('alert').count()).toBe(0);
    await form.getByRole('textbox', { name: 'Steps' }).fill('100000');
    await lookAt(page, 'inspect-concepts', 'main');
    await form.getByRole('button', { name: 'Learn concepts' }).click();
    const job = page.getByRole('region', { name: /^Concepts of/ });
    await eventually(() => job.getByRole('progressbar').getAttribute('aria-valuenow').then(Number)).toBeGreaterThan(2);
    await job.getByRole('button', { name: 'Pause' }).click();
    await eventually(() => job.getByRole('button', { name: 'Resume' }).isVisible()).toBe(true);
    await lookAt(page, 'inspect-concepts-paused', 'main');
    await job.getByRole('button', { name: 'Resume' }).click();
    await eventually(() => job.getByRole('button', { name: 'Pause' }).isVisible()).toBe(true);
    await job.getByRole('button', { name: 'Cancel' }).click();
    await eventually(() => form.isVisible()).toBe(true);
    await eventually(() => page.getByText('None yet.').isVisible()).toBe(true);
  });

  it('complains about nothing', () => {
    expect(pages.complaints).toEqual([]);
  });
});
