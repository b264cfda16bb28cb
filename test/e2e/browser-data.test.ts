/** @file The page of a damaged library, and Settings' backups, in a real browser: by keyboard, in light and dark. */
import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataState } from '../../src-main/contract/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import { eventually, lookAt, outOfReach } from '../support/look-at.ts';
import type { SeededCore, SeededOptions } from '../support/seed/core.ts';
import { SeededPages } from '../support/seed/pages.ts';

let pages: SeededPages;
const small: SeededOptions = { tracks: 6, tags: true };

beforeAll(async () => {
  pages = await SeededPages.launch();
});

afterAll(() => pages?.close());

/** Writes nonsense over the second half of the database. */
function damage(dataDirectory: string): void {
  const path = join(dataDirectory, 'earmark.db');
  const half = Math.floor(statSync(path).size / 2);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(half, 0x5a), 0, half, half);
  closeSync(file);
}

/** Exports two tags that are gone from the library afterwards. */
async function exportTags({ store, handlers }: Services, root: string): Promise<void> {
  const { signal } = new AbortController();
  const made = ['foggy', 'sunny'].map((name) => store.tags.create({ kind: 'weather', name }).tag.id);
  await handlers.data.exportLibrary({ path: join(root, 'library.json') }, signal);
  await handlers.tags.remove({ tagIds: made }, signal);
}

async function stateOf(core: SeededCore): Promise<DataState> {
  return core.handlers.data.state(undefined, new AbortController().signal);
}

describe('the library as a whole, in a browser', () => {
  it('offers what mends a damaged database before anything else, and opens once it is mended, by keyboard', async () => {
    const prepare = async ({ data }: Services): Promise<void> => {
      await data.backups.backUp();
      await data.backups.backUp();
    };
    const { core, page } = await pages.open({ ...small, prepare, spoil: damage }, null);
    await page.getByRole('heading', { name: 'The library’s database is damaged' }).waitFor();
    const { found, backups } = await stateOf(core);
    expect(found).not.toBe('');
    await eventually(() => page.getByText(found).isVisible()).toBe(true);
    await eventually(() => page.getByRole('list', { name: 'Backups' }).getByRole('listitem').count()).toBe(backups.length);
    await lookAt(page, 'mend');
    await page.getByRole('button', { name: 'Restore the newest backup' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('main', { name: 'Library' }).waitFor();
    await page.getByRole('grid', { name: 'Tracks' }).getByRole('gridcell').first().waitFor();
    await eventually(() => page.getByRole('heading', { name: 'damaged' }).count()).toBe(0);
    expect(core.tracks()).toHaveLength(6);
  });

  it('says what happened at the start until it was seen, and Settings makes, restores and imports', async () => {
    const spoil = (data: string): void =>
      writeFileSync(join(data, 'library.json'), '{"library":"00000000-0000-4000-8000-000000000000","about":""}');
    const { core, page } = await pages.open({ ...small, prepare: exportTags, spoil }, null);
    await page.getByText('other-libraries').waitFor();
    await page.getByRole('button', { name: 'Understood' }).click();
    await page.getByText('other-libraries').waitFor({ state: 'hidden' });
    // The backup that every start makes.
    await eventually(async () => (await stateOf(core)).work).toBeNull();
    expect((await stateOf(core)).backups).toHaveLength(1);
    await page.keyboard.press('Control+,');
    const section = page.getByRole('region', { name: 'What you made' });
    await section.scrollIntoViewIfNeeded();
    await section.getByText(/1 backup, the last of/).waitFor();
    await section.getByRole('button', { name: 'Back up now' }).click();
    await section.getByText(/2 backups, the last of/).waitFor();
    await lookAt(page, 'settings-data');
    await section.getByRole('button', { name: 'Import…' }).click();
    await page.getByLabel('File on this machine').fill(join(core.root, 'library.json'));
    // A message as large as the window leaves the dialog's buttons free.
    await page.locator('.toasts').evaluate((place) => {
      const style = 'height: 100vh; width: 100vw; max-width: none; margin-bottom: -104px';
      place.append(Object.assign(document.createElement('div'), { className: 'toast', id: 'large', style }));
    });
    expect(await outOfReach(page, '[role="dialog"]')).toEqual([]);
    await page.locator('#large').evaluate((message) => message.remove());
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Added: 2 tags.').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await section.getByRole('button', { name: 'Restore…' }).click();
    await page.getByRole('list', { name: 'Backups' }).waitFor();
    await lookAt(page, 'restore');
    const restored = page.waitForEvent('load');
    await page
      .getByRole('button', { name: /^Restore the backup of/ })
      .first()
      .click();
    await restored;
    expect(core.services.store.tags.list().map(({ name }) => name)).not.toContain('foggy');
    expect((await stateOf(core)).backups).toHaveLength(3);
  });

  it('has had nothing to complain about', () => {
    expect(pages.complaints).toEqual([]);
  });
});
