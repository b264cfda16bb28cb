/** @file The whole way in a real browser through `serve`: an empty library, a folder, an encoder, an index, the listening table, by mouse and by keyboard. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildProcess } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { violationsOf } from '../support/look-at.ts';
import { ended, startEarmark } from '../support/run-earmark.ts';
import { writeWav } from '../support/wav.ts';

/** Screenshots are kept where EARMARK_SHOTS says, for a person to look at. */
const shots = process.env['EARMARK_SHOTS'];
const isBuilt = existsSync(fileURLToPath(new URL('../../out/renderer/index.html', import.meta.url)));

let root: string;
let serve: ChildProcess;
let browser: Browser;
let page: Page;
let link: string;
const complaints: string[] = [];

beforeAll(async () => {
  if (!isBuilt) throw new Error('The interface is not built: run `npm test`, or `npm run build` first.');
  root = mkdtempSync(join(tmpdir(), 'earmark-browser-'));
  mkdirSync(join(root, 'Music'));
  for (let i = 0; i < 8; i++) writeWav(join(root, 'Music', `Piece ${i + 1}.wav`), { seconds: 12 + i, seed: i + 1 });
  writeWav(join(root, 'Music', 'Blip.wav'), { seconds: 0.3, seed: 99 });
  serve = startEarmark(join(root, 'data'), 'serve', '--port', '0', '--json');
  link = await new Promise<string>((resolve, reject) => {
    let text = '';
    serve.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      const found = /"link": "([^"]+)"/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    serve.on('exit', (code) => reject(new Error(`serve ended with ${code}`)));
  });
  browser = await launchBrowser(['--autoplay-policy=no-user-gesture-required']);
  page = await openPage(browser);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(link);
});

afterAll(async () => {
  await browser?.close();
  serve?.kill('SIGINT');
  if (serve !== undefined && serve.exitCode === null) await ended(serve);
  rmSync(root, { recursive: true, force: true });
});

async function shot(name: string): Promise<void> {
  if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) });
}

const violations = (): Promise<string[]> => violationsOf(page);

/** Texts of the cells of one column of the segments in view, from the top. */
async function column(feature: number): Promise<number[]> {
  const grid = page.getByRole('grid', { name: 'Segments' });
  const index = await grid.getByRole('columnheader', { name: new RegExp(`^${feature}\\b`) }).getAttribute('aria-colindex');
  const cells = await grid.locator(`[role=row][aria-rowindex] [role=gridcell][aria-colindex="${index}"]`).all();
  const values: { row: number; value: number }[] = [];
  for (const cell of cells) {
    const row = Number(await cell.locator('xpath=ancestor::*[@role="row"]').getAttribute('aria-rowindex'));
    values.push({ row, value: Number(await cell.textContent()) });
  }
  return values.sort((a, b) => a.row - b.row).map(({ value }) => value);
}

function isDescending(values: number[]): boolean {
  return values.length > 5 && values.every((value, i) => i === 0 || value <= (values[i - 1] as number));
}

describe('Earmark in a browser', () => {
  it('greets an empty library with one sentence and one thing to do', async () => {
    await expect.poll(() => page.getByRole('button', { name: 'Add folder' }).first().isVisible()).toBe(true);
    await shot('1-empty');
    expect(await violations()).toEqual([]);
  });

  it('adds a folder that a person finds by browsing, and shows its tracks', async () => {
    await page.getByRole('button', { name: 'Add folder' }).first().click();
    const dialog = page.getByRole('dialog');
    const field = dialog.getByLabel('Folder on this machine');
    // The home folder comes first, as a person sees it.
    await expect.poll(() => field.inputValue()).not.toBe('');
    // A name that is begun lists what begins so, and counts nothing: the files are those of another folder.
    await field.fill(join(root, 'Mus'));
    await dialog.getByText('Music', { exact: true }).last().waitFor();
    await expect.poll(() => dialog.getByRole('status').textContent()).toBe('');
    await field.fill(root);
    await dialog.getByText('Music', { exact: true }).last().dblclick();
    await expect.poll(() => dialog.getByLabel('Folder on this machine').inputValue()).toBe(join(root, 'Music'));
    await shot('2-add-folder');
    expect(await violations()).toEqual([]);
    await field.press('Enter');
    await expect.poll(() => page.getByText(/tracks are in the library/).isVisible()).toBe(true);
  });

  it('is heard without a choice, by the encoder that is there from the start', async () => {
    await expect.poll(() => page.getByText(/tracks heard: .* passages\.$/).isVisible()).toBe(true);
    const neuron = page.getByRole('article').first();
    await neuron.waitFor();
    await shot('3-first-steps');
    expect(await violations()).toEqual([]);
    await neuron.getByRole('button', { name: /^Play/ }).first().click();
    await expect.poll(() => page.getByRole('region', { name: 'Player' }).textContent()).toMatch(/Piece \d/);
    await neuron.getByLabel('What do you hear?').fill('a hum');
    await page.keyboard.press('Enter');
    await neuron.getByRole('button', { name: 'Sort your music by this' }).click();
    const grid = page.getByRole('grid', { name: 'Segments' });
    await expect.poll(() => grid.locator('[role=columnheader][aria-sort=descending]').textContent()).toContain('a hum');
    await shot('4-timbre');
    expect(await violations()).toEqual([]);
    await page.getByRole('link', { name: 'Library', exact: true }).click();
  });

  it('makes an untrained encoder and indexes with it', async () => {
    await page.getByRole('button', { name: /^Encoder:/ }).click();
    await page.getByRole('menuitem', { name: 'New untrained encoder…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Listen now' }).click();
    await expect.poll(() => page.getByText(/tracks heard: .* passages\.$/).isVisible()).toBe(true);
    await shot('4-indexed');
    expect(await violations()).toEqual([]);
  });

  it('shows the library once the first steps are left', async () => {
    await page.getByRole('button', { name: 'Leave the first steps' }).click();
    await expect.poll(() => page.getByRole('gridcell', { name: 'Piece 8', exact: true }).isVisible()).toBe(true);
    await shot('4-library');
  });

  it('lists the file that is too short among the problems, with the reason', async () => {
    await page
      .getByRole('button', { name: /problem/ })
      .first()
      .click();
    await expect
      .poll(() =>
        page
          .getByText(/holds 0\.30 s of sound/)
          .first()
          .isVisible(),
      )
      .toBe(true);
    await shot('5-problems');
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('sorts the segments by a feature that is clicked', async () => {
    await page.getByRole('link', { name: 'Listen', exact: true }).click();
    const grid = page.getByRole('grid', { name: 'Segments' });
    await expect.poll(() => grid.getByRole('row').count()).toBeGreaterThan(10);
    await page.getByRole('textbox', { name: 'Neurons' }).fill('5, 9, 100-104');
    await page.keyboard.press('Enter');
    // A new choice of features is sorted by its first, descending; a click on that one would turn it round.
    for (const feature of [9, 102, 5]) {
      await grid.getByRole('columnheader', { name: new RegExp(`^${feature}\\b`) }).click();
      await expect.poll(async () => isDescending(await column(feature)), { message: `feature ${feature}` }).toBe(true);
      await expect
        .poll(() => grid.getByRole('columnheader', { name: new RegExp(`^${feature}\\b`) }).getAttribute('aria-sort'))
        .toBe('descending');
    }
    await shot('6-listen');
    expect(await violations()).toEqual([]);
  });

  it('changes the feature sorted by with the arrow keys, and moves from row to row', async () => {
    const grid = page.getByRole('grid', { name: 'Segments' });
    await grid.getByRole('gridcell').nth(1).click();
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => isDescending(await column(9))).toBe(true);
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => isDescending(await column(100))).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => isDescending(await column(9))).toBe(true);
    const activeRow = (): Promise<string | null> =>
      page.evaluate(
        () =>
          document
            .getElementById(document.activeElement?.getAttribute('aria-activedescendant') ?? '')
            ?.closest('[role=row]')
            ?.getAttribute('aria-rowindex') ??
          document.activeElement?.closest('[role=row]')?.getAttribute('aria-rowindex') ??
          null,
      );
    await page.keyboard.press('End');
    await expect.poll(activeRow).toBe('43');
    await page.keyboard.press('Home');
    await expect.poll(activeRow).toBe('2');
  });

  it('plays a segment with the space bar', async () => {
    await page.keyboard.press('Space');
    await expect
      .poll(() =>
        page
          .getByRole('button', { name: /^Pause/ })
          .first()
          .isVisible(),
      )
      .toBe(true);
    const player = page.getByRole('region', { name: 'Player' });
    await expect.poll(() => player.getByText(/^0:0[1-9] \//).isVisible()).toBe(true);
    await shot('7-playing');
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Space');
  });

  it('keeps a note on a feature, and shows it in the heading', async () => {
    const grid = page.getByRole('grid', { name: 'Segments' });
    await grid.getByRole('button', { name: 'Write a note on neuron 101' }).click();
    await page.keyboard.type('loud, distorted guitars');
    await page.keyboard.press('Enter');
    await expect.poll(() => grid.getByRole('columnheader', { name: /^101\b/ }).textContent()).toContain('loud');
    await page.reload();
    await expect.poll(() => grid.getByRole('columnheader', { name: /^101\b/ }).textContent()).toContain('loud');
    await shot('8-note');
  });

  it('shows all 512 neurons', async () => {
    await page.getByRole('textbox', { name: 'Neurons' }).fill('all');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('grid', { name: 'Segments' }).getAttribute('aria-colcount')).toBe('517');
    await shot('9-all');
    expect(await violations()).toEqual([]);
  });

  it('reads well in the dark, and in the settings', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('10-dark');
    expect(await violations()).toEqual([]);
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect.poll(() => page.getByRole('heading', { name: 'Settings' }).isVisible()).toBe(true);
    await shot('11-settings-dark');
    expect(await violations()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('lets nobody in without the token', async () => {
    const stranger = await openPage(browser);
    await stranger.goto(link.slice(0, link.indexOf('#')));
    await expect.poll(() => stranger.getByText(/link/i).first().isVisible()).toBe(true);
    await expect.poll(() => stranger.getByRole('grid').count()).toBe(0);
    await stranger.context().close();
  });

  it('has had nothing to complain about', () => {
    expect(complaints).toEqual([]);
  });
});
