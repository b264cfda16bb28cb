/** @file The page of a damaged library, and Settings' backups, in a real browser: by keyboard, in light and dark. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { fakeBackup } from '../support/fake-data-keeper.ts';
import type { FakeOptions } from '../support/fake-core.ts';
import { serveFake } from '../support/serve-fake.ts';

const shots = process.env['EARMARK_SHOTS'];

async function open(options: FakeOptions, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const server = await serveFake({ ...options, built: true });
  onTestFinished(() => server.close());
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const page = await openPage(browser, { colorScheme });
  await page.goto(server.url);
  return page;
}

async function look(page: Page, name: string): Promise<void> {
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

describe('the library as a whole, in a browser', () => {
  for (const scheme of ['light', 'dark'] as const)
    it(`offers what mends a damaged database before anything else, and opens once it is mended, by keyboard: ${scheme}`, async () => {
      const page = await open({ data: { state: 'damaged', found: 'page 7 is not one', backups: [fakeBackup(3), fakeBackup(27)] } }, scheme);
      await page.getByRole('heading', { name: "The library's database is damaged" }).waitFor();
      expect(await page.getByText('page 7 is not one').isVisible()).toBe(true);
      await look(page, `mend-${scheme}`);
      const primary = page.getByRole('button', { name: 'Restore the newest backup' });
      await primary.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('main', { name: 'Library' }).waitFor();
      expect(await page.getByRole('heading', { name: 'damaged' }).count()).toBe(0);
    });

  it('says what happened at the start until it was seen, and Settings makes, restores and imports', async () => {
    const page = await open({ data: { notice: 'Files of an earlier library were moved to other-libraries.' } });
    await page.getByText('moved to other-libraries').waitFor();
    await page.getByRole('button', { name: 'Understood' }).click();
    await page.getByText('moved to other-libraries').waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+,');
    const section = page.getByRole('region', { name: 'What you made' });
    await section.scrollIntoViewIfNeeded();
    await section.getByText(/The last of 2 is of/).waitFor();
    await section.getByRole('button', { name: 'Back up now' }).click();
    await section.getByText(/The last of 3 is of/).waitFor();
    await look(page, 'settings-data');
    await section.getByRole('button', { name: 'Import…' }).click();
    await page.getByLabel('File on this machine').fill('/home/ida/library.json');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Added: 2 tags.').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await section.getByRole('button', { name: 'Restore…' }).click();
    await page.getByRole('list', { name: 'Backups' }).waitFor();
    await look(page, 'restore');
    await page
      .getByRole('button', { name: /^Restore the backup of/ })
      .first()
      .click();
    await page.getByRole('list', { name: 'Backups' }).waitFor({ state: 'hidden' });
  });
});
