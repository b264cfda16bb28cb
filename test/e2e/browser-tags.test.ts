/** @file Tags in a real browser on a seeded core: making, training, suggestions, questions, neurons, files; by mouse and keyboard. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src-main/base/index.ts';
import type { Tag } from '../../src-main/contract/index.ts';
import { eventually, lookAt } from '../support/look-at.ts';
import type { SeededCore } from '../support/seed/core.ts';
import { SeededPages } from '../support/seed/pages.ts';

let pages: SeededPages;
let core: SeededCore;
let page: Page;

beforeAll(async () => {
  pages = await SeededPages.launch();
  ({ core, page } = await pages.open({ tags: true }, 'Tags'));
});

afterAll(() => pages?.close());

async function look(name: string, at = page): Promise<void> {
  await lookAt(at, `tags-${name}`);
}

const button = (name: string | RegExp, at = page): Locator => at.getByRole('button', { name, exact: true });
const row = (name: RegExp, at = page): Locator => at.getByRole('complementary', { name: 'Tags' }).getByRole('button', { name });
/** A cell by its row (from 1) and column (from 1). */
const cell = (table: string, line: number, column: number): Locator =>
  page.getByRole('grid', { name: table, exact: true }).locator(`[aria-rowindex="${line + 1}"] [aria-colindex="${column}"]`);
const dialog = (): Locator => page.getByRole('dialog');

/** What the core says of a tag. */
async function tagOf(name: string): Promise<Tag | undefined> {
  const list = await core.handlers.tags.list(undefined, new AbortController().signal);
  return list.find((tag) => tag.name === name);
}

async function train(): Promise<void> {
  await button(/^Train( again)?$/)
    .first()
    .click();
  await eventually(() => button('Training…').isVisible()).toBe(true);
  await eventually(() => button('Training…').count()).toBe(0);
}

describe('Tags in a browser', () => {
  it('shows all tags, with the keyboard in their table', async () => {
    const grid = page.getByRole('grid', { name: 'Tags' });
    await eventually(() => grid.getByText('mood: rainy').isVisible()).toBe(true);
    await eventually(() => grid.evaluate((element) => element === document.activeElement)).toBe(true);
    await look('overview');
  });

  it('makes a tag of what is typed, renames it in place, colours and deletes it, with a way back', async () => {
    const field = page.getByRole('textbox', { name: 'Filter tags, or name a new one' });
    await field.fill('mood: foggy');
    await page.keyboard.press('Enter');
    await eventually(() => row(/^foggy/).getAttribute('aria-current')).toBe('true');
    await row(/^foggy/).press('F2');
    await page.keyboard.type('weather: foggy');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('heading', { name: 'weather', exact: true }).isVisible()).toBe(true);
    await eventually(() => row(/^foggy/).evaluate((element) => element === document.activeElement)).toBe(true);
    await button(/^Colour: /).click();
    await button('Olive').click();
    await eventually(() => button('Colour: Olive').isVisible()).toBe(true);
    await row(/^foggy/).press('Delete');
    await eventually(() => row(/^foggy/).count()).toBe(0);
    await page.keyboard.press('Control+z');
    await eventually(() => row(/^foggy/).count()).toBe(1);
    await row(/^foggy/).click();
    await look('empty-tag');
  });

  it('merges tags that are selected together', async () => {
    await row(/^foggy/).click();
    await row(/^driving/).click({ modifiers: ['Control'] });
    await button('Merge…').click();
    await look('merge');
    await button('Merge into “driving”').click();
    await eventually(() => row(/^foggy/).count()).toBe(0);
    expect(await tagOf('foggy')).toBeUndefined();
    await eventually(() => row(/^driving/).getAttribute('aria-current')).toBe('true');
  });

  it('shows the tracks that carry a tag, and takes it off with Delete', async () => {
    await row(/^rainy/).click();
    const grid = page.getByRole('grid', { name: 'Tracks with rainy' });
    await eventually(() => grid.getAttribute('aria-rowcount')).toBe('25');
    await eventually(() => grid.getByText('whole track').first().isVisible()).toBe(true);
    await look('tracks');
    await cell('Tracks with rainy', 1, 1).click();
    await page.keyboard.press('Delete');
    await eventually(() => grid.getAttribute('aria-rowcount')).toBe('24');
    await page.keyboard.press('Control+z');
    await eventually(() => grid.getAttribute('aria-rowcount')).toBe('25');
  });

  it('says what comes before suggestions, and trains', async () => {
    await page.getByText('Suggestions', { exact: true }).click();
    await eventually(() => page.getByRole('heading', { name: '“rainy” was not trained yet.' }).isVisible()).toBe(true);
    await look('untrained');
    await button('How to train').click();
    await page.getByText('One hidden layer', { exact: true }).click();
    await look('train-settings');
    await page.getByText('Logistic regression', { exact: true }).click();
    await page.keyboard.press('Escape');
    await train();
    await eventually(() => page.getByRole('grid', { name: 'Suggestions for rainy' }).isVisible()).toBe(true);
  });

  it('accepts and rejects with two keys, row after row, and takes an answer back', async () => {
    const grid = page.getByRole('grid', { name: 'Suggestions for rainy' });
    await eventually(() => cell('Suggestions for rainy', 1, 3).textContent()).toMatch(/%/);
    await cell('Suggestions for rainy', 1, 3).click();
    const [tracks, rejected] = [(await tagOf('rainy'))?.tracks ?? 0, (await tagOf('rainy'))?.rejected ?? 0];
    await page.keyboard.press('a');
    await page.keyboard.press('a');
    await page.keyboard.press('r');
    await eventually(async () => (await tagOf('rainy'))?.tracks).toBe(tracks + 2);
    await eventually(async () => (await tagOf('rainy'))?.rejected).toBe(rejected + 1);
    await eventually(() => page.getByText('3 changes since the last training').isVisible()).toBe(true);
    await eventually(() => grid.locator('button[aria-pressed="true"]').count()).toBe(3);
    await look('suggestions');
    await page.keyboard.press('Control+z');
    await eventually(async () => (await tagOf('rainy'))?.rejected).toBe(rejected);
    await button('Clear 2 answered rows').click();
    await eventually(() => grid.locator('button[aria-pressed="true"]').count()).toBe(0);
  });

  it('plays the segment that speaks for a track', async () => {
    const grid = page.getByRole('grid', { name: 'Suggestions for rainy' });
    await cell('Suggestions for rainy', 1, 3).click();
    // Repeated, so that it still plays when it is looked at. A letter with a space soon after it is the beginning of a word: each waits for the other.
    const repeats = (): Promise<string | null> => button('Repeat the segment or track').getAttribute('aria-pressed');
    await page.keyboard.press('l');
    await eventually(repeats).toBe('true');
    await page.keyboard.press('Space');
    await eventually(() => grid.getByRole('button', { name: /^Pause .* at / }).count()).toBe(1);
    await page.keyboard.press('l');
    await eventually(repeats).toBe('false');
    await page.keyboard.press('Space');
    await eventually(() => grid.getByRole('button', { name: /^Pause .* at / }).count()).toBe(0);
  });

  it('says at each probability what accepting means, and accepts all above it as one step', async () => {
    const slider = page.getByRole('slider', { name: 'Least probability' });
    await slider.focus();
    await page.keyboard.press('Home');
    const low = await slider.getAttribute('aria-valuetext');
    await page.keyboard.press('End');
    await eventually(() => slider.getAttribute('aria-valuetext')).not.toBe(low);
    await eventually(() => slider.getAttribute('aria-valuetext')).toMatch(/^98.% or more, \d+ tracks?/);
    for (let i = 0; i < 14; i++) await page.keyboard.press('ArrowLeft');
    const accept = page.getByRole('button', { name: /^Accept \d+ tracks? at 70.% or more$/ });
    const before = (await tagOf('rainy'))?.tracks ?? 0;
    const count = Number(/\d+/.exec((await accept.textContent()) ?? '')?.[0]);
    await accept.click();
    await eventually(async () => (await tagOf('rainy'))?.tracks).toBe(before + count);
    await button('Undo').last().click();
    await eventually(async () => (await tagOf('rainy'))?.tracks).toBe(before);
  });

  it('shows the figures with their intervals, or what is missing', async () => {
    await page.getByText('Figures', { exact: true }).click();
    await eventually(() => page.getByText('How well it is told apart').isVisible()).toBe(true);
    await look('figures');
    await row(/^for sets/).click();
    await eventually(() => page.getByText(/^Not enough examples\. It needs 3 more tracks/).isVisible()).toBe(true);
    await page.getByText('Suggestions', { exact: true }).click();
    await eventually(() => page.getByRole('heading', { name: /^Not enough examples/ }).isVisible()).toBe(true);
    await look('too-few');
  });

  it('asks about what would teach most, and goes on with Y, N and S', async () => {
    await button('Ask me').click();
    const card = page.getByRole('region', { name: /^Question 1 of 10$/ });
    await eventually(() => card.isVisible()).toBe(true);
    await eventually(() =>
      page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause', exact: true }).isVisible(),
    ).toBe(true);
    await look('ask');
    await page.keyboard.press('y');
    await page.keyboard.press('s');
    await page.keyboard.press('n');
    await eventually(() => page.getByRole('region', { name: 'Question 4 of 10' }).isVisible()).toBe(true);
    await page.keyboard.press('Control+z');
    await eventually(() => page.getByRole('region', { name: 'Question 3 of 10' }).isVisible()).toBe(true);
    for (let i = 0; i < 8; i++) await page.keyboard.press('n');
    await eventually(() => page.getByRole('heading', { name: '9 answers, 1 skipped.' }).isVisible()).toBe(true);
    await look('asked');
    await button('Done').click();
  });

  it('shows the labels of a published head as a set of their own, and makes a tag when one is accepted', async () => {
    await row(/^cello/).click();
    const grid = page.getByRole('grid', { name: 'Suggestions for cello' });
    await eventually(() => grid.isVisible()).toBe(true);
    await look('published');
    await cell('Suggestions for cello', 1, 3).click();
    await page.keyboard.press('a');
    await eventually(async () => (await tagOf('cello'))?.tracks).toBe(1);
    await eventually(() => button('Show its tracks').isVisible()).toBe(true);
  });

  it('makes tags from what the files say', async () => {
    await button('From files…').click();
    await eventually(() => dialog().getByText('jazz').isVisible()).toBe(true);
    await dialog().getByRole('checkbox', { name: /^jazz/ }).check();
    await dialog()
      .getByRole('checkbox', { name: /^techno/ })
      .check();
    await look('from-files');
    await button('Make 2 tags').click();
    await eventually(async () => (await tagOf('techno'))?.tracks).toBeGreaterThan(5);
    await eventually(() => row(/^jazz/).getAttribute('aria-current')).toBe('true');
  });

  it('makes a tag from a neuron, with its threshold counted and heard', async () => {
    await button('From a neuron…').click();
    const status = dialog().getByRole('status');
    await eventually(() => status.textContent()).toMatch(/\d+ segments? of \d+ tracks?/);
    const before = await status.textContent();
    await dialog().getByRole('slider').focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowLeft');
    await eventually(() => status.textContent()).not.toBe(before);
    await button('Hear what is just above').click();
    await eventually(() => page.getByText('Audition 1 of 10').isVisible()).toBe(true);
    await dialog().getByLabel('Name of the tag').fill('sound: buzz');
    await dialog().getByText('The segments themselves').click();
    await look('neuron');
    await dialog()
      .getByRole('button', { name: /^Tag \d+ segments$/ })
      .click();
    await eventually(async () => (await tagOf('buzz'))?.passages).toBeGreaterThan(10);
    await eventually(() =>
      page
        .getByRole('grid', { name: 'Tracks with buzz' })
        .getByRole('button', { name: /^Play .* from / })
        .count(),
    ).toBeGreaterThan(3);
  });

  it('writes tags to files after a dry run, and puts the old values back', async () => {
    await button('Write to files').click();
    await look('write-empty');
    // The tag that was shown is ticked from the start.
    await page.getByRole('checkbox', { name: /^sound: buzz/, checked: true }).uncheck();
    await page.getByRole('checkbox', { name: /^mood: bright/ }).check();
    await button('Show what would change').click();
    const grid = page.getByRole('grid', { name: 'Changes to files' });
    await eventually(() => grid.getByText('To be written').first().isVisible()).toBe(true);
    await look('write-plan');
    await page.getByRole('button', { name: /^Write \d+ files$/ }).click();
    await eventually(() => grid.getByText('Written', { exact: true }).first().isVisible()).toBe(true);
    await button(/^Jobs \d finished$/).click();
    await page.getByRole('button', { name: /^Write tags to \d+ files$/ }).click();
    await look('written');
    await page.getByRole('button', { name: /^Put back \d+ files$/ }).click();
    await eventually(() =>
      page
        .getByRole('region', { name: 'Written before' })
        .getByText(/files put back/)
        .isVisible(),
    ).toBe(true);
    await button('Back to the tags').click();
  });
});

describe('Tags before there is anything', () => {
  it('says what a tag is and takes the first one, also without an index', async () => {
    const fresh = await pages.open({ tags: false, encoders: 'unindexed' }, 'Tags');
    await eventually(() => fresh.page.getByRole('heading', { name: 'No tags yet' }).isVisible()).toBe(true);
    await look('none', fresh.page);
    await button('Name a tag', fresh.page).click();
    await fresh.page.keyboard.type('rainy');
    await fresh.page.keyboard.press('Enter');
    await eventually(() => row(/^rainy/, fresh.page).getAttribute('aria-current')).toBe('true');
    await fresh.page.getByText('Suggestions', { exact: true }).click();
    await eventually(() => fresh.page.getByRole('heading', { name: /has not listened to your music yet/ }).isVisible()).toBe(true);
    await look('no-index', fresh.page);
    await eventually(() => button('Train', fresh.page).isDisabled()).toBe(true);
  });

  it('says why tags could not be loaded, and tries again', async () => {
    const failing: Record<string, AppError> = { 'tags.list': new AppError('NOT_FOUND', 'The tags were told to fail.') };
    const broken = await pages.open({ tags: true, failing }, 'Tags');
    await eventually(() => broken.page.getByText('The tags were told to fail.').isVisible()).toBe(true);
    await look('failed', broken.page);
    delete failing['tags.list'];
    await button('Try again', broken.page).click();
    await eventually(() => row(/^rainy/, broken.page).isVisible()).toBe(true);
  });

  it('has had nothing to complain about', () => {
    expect(pages.complaints).toEqual([]);
  });
});
