/** @file Pretrain in a real browser on a seeded core: a run from the form to the index, settings, pairs that are heard, runs to compare. */
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually, lookAt } from '../support/look-at.ts';
import type { SeededCore } from '../support/seed/core.ts';
import { SeededPages } from '../support/seed/pages.ts';
import { stepTold } from '../support/step-told.ts';

let pages: SeededPages;
let core: SeededCore;
let page: Page;
/** Of the library; the largest batch that a run from before was made with is of 64. */
const tracks = 72;

beforeAll(async () => {
  pages = await SeededPages.launch();
  ({ core, page } = await pages.open({ tracks, runs: true }, 'Pretrain'));
  core.pace.set({ stepMs: 0, step: 0 });
});

afterAll(() => pages?.close());

/** Lets the run go on to a step, and waits until it is there. */
async function train(step: number): Promise<void> {
  core.pace.set({ step });
  await eventually(() => stepTold(core.services)).toBe(step);
}

async function look(name: string): Promise<void> {
  await lookAt(page, `pretrain-${name}`);
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const field = (name: string) => page.getByRole('textbox', { name, exact: true });
const figure = async (name: string): Promise<string> => {
  const text = await page
    .getByRole('region', { name: 'Progress' })
    .locator('div', { has: page.getByText(name, { exact: true }) })
    .last()
    .locator('dd')
    .textContent();
  return text ?? '';
};
const tab = (name: RegExp) => page.getByRole('navigation', { name: 'Pretrain' }).getByRole('button', { name });

describe('Pretrain in a browser', () => {
  it('shows the runs there are, with the keyboard in their table', async () => {
    const grid = page.getByRole('grid', { name: 'Runs' });
    await eventually(() => grid.getByText('CLMR overnight').isVisible()).toBe(true);
    await eventually(() => grid.evaluate((element) => element === document.activeElement)).toBe(true);
    await look('runs');
  });

  it('checks every setting, marks what is changed, and sets it back', async () => {
    await tab(/^New run/).click();
    await eventually(() => page.getByRole('radio', { name: 'A minute' }).isChecked()).toBe(true);
    await page.getByRole('radio', { name: 'Try it: minutes' }).check({ force: true });
    await button(/^Advanced/).click();
    await field('Temperature').fill('50');
    const setting = page.locator('[data-path="objective.temperature"]');
    await eventually(() => setting.getByText('A number from 0.01 to 10.').isVisible()).toBe(true);
    await eventually(() => field('Temperature').getAttribute('aria-invalid')).toBe('true');
    await eventually(() => button('Start').isDisabled()).toBe(true);
    await button('Show').click();
    await eventually(() => field('Temperature').evaluate((element) => element === document.activeElement)).toBe(true);
    await look('form');
    await button('Set Temperature back to 0.5').click();
    await eventually(() => field('Temperature').inputValue()).toBe('0.5');
    await eventually(() => setting.getByText(', changed').count()).toBe(0);
    await eventually(() => button('Start').isEnabled()).toBe(true);
  });

  it('swaps in another optimiser’s settings, and offers LARS for a large batch', async () => {
    await eventually(() => field('β₁').count()).toBe(1);
    await field('Batch').fill('128');
    await button('Use LARS').first().click();
    await eventually(() => field('β₁').count()).toBe(0);
    await eventually(() => field('Learning rate').inputValue()).toBe('0.075');
    await eventually(() => field('Warm-up').inputValue()).toBe('30');
    await button('Set all back').click();
    await eventually(() => field('Learning rate').inputValue()).toBe('0.0003');
    await field('Batch').fill('500');
    await eventually(() => page.getByText('A batch of 500 needs as many different tracks; 72 are chosen.').isVisible()).toBe(true);
    await eventually(() => button('Start').isDisabled()).toBe(true);
    await button('Batch of 72').click();
    await eventually(() => field('Batch').inputValue()).toBe('72');
    await button('Set all back').click();
  });

  it('takes the tracks that were selected in the Library', async () => {
    await page.getByRole('link', { name: 'Library' }).click();
    const rows = page.getByRole('grid', { name: 'Tracks' });
    await rows.getByRole('gridcell').first().click();
    for (let i = 0; i < 39; i++) await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Pretrain on these 40 tracks' }).click();
    await eventually(() => page.getByText('40 tracks chosen in the Library').isVisible()).toBe(true);
    await page.getByText('Whole library', { exact: true }).click();
  });

  it('measures a step and says what the run would take', async () => {
    core.pace.set({ estimates: false });
    await button('Measure').click();
    await eventually(() => button('Cancel').isVisible()).toBe(true);
    core.pace.set({ estimates: true });
    await eventually(() => page.getByText('1.9 GB').isVisible()).toBe(true);
    await eventually(() => page.getByText('10 min', { exact: true }).isVisible()).toBe(true);
  });

  it('lets the two views of a clip be seen and heard, also with the space bar', async () => {
    await button('Listen to what it hears').click();
    await button('Play view A').click();
    await eventually(() => button('Pause view A').isVisible()).toBe(true);
    await page.keyboard.press('Space');
    await eventually(() => button('Play view A').isVisible()).toBe(true);
    await page.keyboard.press('Space');
    await eventually(() => button('Pause view A').isVisible()).toBe(true);
    await button('Play view B').click();
    await eventually(() => button('Pause view B').isVisible()).toBe(true);
    await eventually(() => button('Play view A').isVisible()).toBe(true);
    const colours = (): Promise<number> =>
      page
        .locator('figure canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
          return new Set(Array.from({ length: data.length / 4 }, (_, i) => `${data[i * 4]},${data[i * 4 + 1]},${data[i * 4 + 2]}`)).size;
        });
    await eventually(colours).toBeGreaterThan(50);
    await look('hear');
    const before = await page.locator('.of strong').textContent();
    await button('Another pair').click();
    await eventually(() => page.locator('.of strong').textContent()).not.toBe(before);
  });

  it('starts a run whose figures and curves move', async () => {
    await field('Name (optional)').fill('A short run');
    await button('Start').click();
    await eventually(() => page.getByRole('heading', { name: 'A short run' }).isVisible()).toBe(true);
    await train(20);
    await eventually(() => page.getByText(/^Step \d+$/).isVisible()).toBe(true);
    const picture = () =>
      page
        .locator('.chart canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await eventually(async () => Number(await figure('Loss'))).toBeGreaterThan(2);
    const [loss, curve] = [Number(await figure('Loss')), await picture()];
    await train(400);
    await eventually(async () => Number(await figure('Loss'))).toBeLessThan(loss - 0.5);
    await eventually(picture).not.toBe(curve);
    await eventually(() => page.locator('.verdict').textContent()).toMatch(/^\s*Healthy: embeddings tell tracks apart/);
    await look('run');
  });

  it('reads a curve with the arrow keys', async () => {
    const chart = page.getByRole('slider', { name: 'Loss', exact: true });
    await chart.focus();
    await page.keyboard.press('Home');
    const says = (): Promise<string | null> => chart.getAttribute('aria-valuetext');
    await eventually(says).toMatch(/^Loss at step 1: A short run 4\.\d\d$/);
    await page.keyboard.press('ArrowRight');
    await eventually(says).not.toMatch(/at step 1:/);
    await page.getByText('Log', { exact: true }).click();
    await page.getByText('Epochs', { exact: true }).click();
    await chart.focus();
    await page.keyboard.press('Home');
    await eventually(says).toMatch(/^Loss at epoch 0\.333:/);
  });

  it('pauses, goes on while another view is shown, and is found again', async () => {
    await button('Pause').click();
    await eventually(() => button('Resume').isVisible()).toBe(true);
    const paused = await page.getByText(/^Step \d+$/).textContent();
    await button('Resume').click();
    await eventually(() => button('Pause').isVisible()).toBe(true);
    await page.getByRole('link', { name: 'Listen', exact: true }).click();
    await train(500);
    await page.getByRole('link', { name: 'Pretrain' }).click();
    await eventually(() => page.getByText(/^Step \d+$/).textContent()).not.toBe(paused);
    await eventually(() => page.getByRole('heading', { name: 'A short run' }).isVisible()).toBe(true);
  });

  it('is stopped with a checkpoint, and its encoder indexes the library', async () => {
    await button('Stop').click();
    await eventually(() => button('Index my library with this encoder').isVisible()).toBe(true);
    await eventually(() => page.getByRole('table', { name: 'Checkpoints of A short run' }).getByRole('row').count()).toBe(4);
    await look('stopped');
    await button('Index my library with this encoder').click();
    await button('Open in Listen').click();
    await eventually(() => page.getByRole('grid', { name: 'Segments' }).isVisible()).toBe(true);
    await eventually(() =>
      page
        .getByRole('button', { name: /^Encoder.*A short run|A short run/ })
        .first()
        .isVisible(),
    ).toBe(true);
    await page.getByRole('link', { name: 'Pretrain' }).click();
  });

  it('hands a checkpoint to a new run', async () => {
    await button('Continue from here, step 500, in a new run').click();
    await eventually(() => page.getByText(/Begins with the weights of “A short run” at step/).isVisible()).toBe(true);
    await button('Begin afresh instead').click();
    await eventually(() => page.getByText(/Begins with the weights/).count()).toBe(0);
  });

  it('compares two runs: figures, settings that differ, curves over each other', async () => {
    await tab(/^Runs/).click();
    const grid = page.getByRole('grid', { name: 'Runs' });
    await grid.getByText('CLMR overnight').click();
    await grid.getByText('VICReg, batch 64').click({ modifiers: ['ControlOrMeta'] });
    await button('Compare').click();
    const settings = page.getByRole('table', { name: 'Settings that differ' });
    await eventually(() => settings.getByRole('row', { name: 'Batch 64 tracks 48 tracks' }).isVisible()).toBe(true);
    await eventually(() => settings.getByRole('row', { name: /^Seed/ }).count()).toBe(0);
    const chart = page.getByRole('slider', { name: 'Loss', exact: true });
    await eventually(() => chart.getAttribute('aria-valuetext')).toMatch(/VICReg, batch 64 \d.*CLMR overnight \d/);
    await look('compare');
  });

  it('is renamed, and trained longer from its last checkpoint', async () => {
    await button('VICReg, batch 64').first().click();
    await button('Rename VICReg, batch 64').click();
    await page.keyboard.type('Two nights');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('heading', { name: 'Two nights' }).isVisible()).toBe(true);
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Train longer…' }).click();
    const length = page.getByRole('dialog').getByRole('textbox', { name: 'Length of the whole run' });
    await eventually(() => length.inputValue()).toBe('2000');
    await length.fill('0');
    await eventually(() =>
      page
        .getByRole('dialog')
        .getByText(/^A whole number from 1 to/)
        .isVisible(),
    ).toBe(true);
    await length.fill('1500');
    await look('longer');
    await page.keyboard.press('Enter');
    core.pace.set({ step: 730 });
    await eventually(() => page.getByText(/^Step 7\d\d of 4\u202f500$/).isVisible()).toBe(true);
    await button('Stop').click();
    await eventually(() => button('Resume').isVisible()).toBe(true);
  });

  it('says collapse in words', async () => {
    await button('All runs').click();
    await page.getByRole('grid', { name: 'Runs' }).getByText('VICReg, high rate').dblclick();
    await eventually(() => page.locator('.verdict').textContent()).toMatch(/Collapsed: every clip gets nearly the same embedding/);
    await look('collapsed');
  });

  it('exports a checkpoint, and says why when it cannot', async () => {
    // The dialog begins in the home folder.
    vi.stubEnv('HOME', core.root);
    mkdirSync(join(core.root, 'Documents'));
    const target = join(core.root, 'Documents', 'vicreg-high-rate.safetensors');
    await button('Export… step 260').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Documents' }).click();
    await eventually(() => dialog.getByText(target).isVisible()).toBe(true);
    await look('export');
    mkdirSync(target);
    await dialog.getByRole('button', { name: 'Write file' }).click();
    await eventually(() => dialog.getByRole('alert').textContent()).toContain(target);
    rmdirSync(target);
    await dialog.getByRole('button', { name: 'Write file' }).click();
    await eventually(() => page.getByText(`written to ${target}`).isVisible()).toBe(true);
    expect(statSync(target).size).toBeGreaterThan(9e6);
    vi.unstubAllEnvs();
  });

  it('takes a run away, and brings it back', async () => {
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    const row = page.getByRole('grid', { name: 'Runs' }).getByText('VICReg, high rate');
    await eventually(() => page.getByText('Run “VICReg, high rate” removed').isVisible()).toBe(true);
    await eventually(() => row.count()).toBe(0);
    await page.keyboard.press('Control+z');
    await eventually(() => row.isVisible()).toBe(true);
  });

  it('is reached from the command palette', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('new run');
    await page.keyboard.press('Enter');
    await eventually(() => button('Start').isVisible()).toBe(true);
  });

  it('asks for music first where there is none', async () => {
    const empty = await pages.open({ tracks: 0 }, 'Pretrain');
    await eventually(() => empty.page.getByRole('heading', { name: 'Add music first' }).isVisible()).toBe(true);
    await eventually(() => empty.page.getByRole('main').getByRole('button', { name: 'Add folder' }).isVisible()).toBe(true);
  });

  it('has had nothing to complain about', () => {
    expect(pages.complaints).toEqual([]);
  });
});
