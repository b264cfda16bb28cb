/** @file Pages of the browser tests: looked at in both themes, waited for, read. */
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Screenshots are kept where EARMARK_SHOTS says, for a person to look at. */
const shots = process.env['EARMARK_SHOTS'];
const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

/** What axe looks at again in dark: rules that read colours. All others read structure, names and roles, which a theme does not touch. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong on a page, a line a rule.
 * @param wish.within a selector; else the whole page
 * @param wish.rules the only rules; else all
 */
export async function violationsOf(
  page: Page,
  { within = 'body', rules }: { within?: string; rules?: string[] | undefined } = {},
): Promise<string[]> {
  // Pages of the tests have no frames, so that axe need not begin in a page of its own; and nobody reads what passed.
  const axe = new AxeBuilder({ page })
    .include(within)
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
  const found = await (rules === undefined ? axe : axe.withRules(rules)).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

/**
 * Checks a page with axe in light, and its colours in dark, and keeps screenshots of it where they are wanted.
 * @param within the part that is new, where the rest was looked at before; a table of many cells takes axe long
 */
export async function lookAt(page: Page, name: string, within = 'body'): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const size of shots === undefined ? [] : sizes) {
      await page.setViewportSize(size);
      await page.screenshot({ path: join(shots ?? '', `${name}-${colorScheme}-${size.width}.png`) });
    }
    await page.setViewportSize(sizes[0]);
    const violations = await violationsOf(page, { within, rules: colorScheme === 'dark' ? colourRules : undefined });
    expect(violations, `${name}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Waits for something; a busy machine may take its time. */
export function eventually<Value>(read: () => Value | Promise<Value>): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(read);
}

/**
 * Words of a column of a table, from the top.
 * @param column from 1
 */
export async function columnOf(page: Page, table: string, column: number, most: number): Promise<string[]> {
  const rows = await page.getByRole('grid', { name: table, exact: true }).getByRole('row').all();
  const found: { at: number; text: string }[] = [];
  for (const row of rows) {
    const at = Number(await row.getAttribute('aria-rowindex')) - 2;
    if (at >= 0) found.push({ at, text: (await row.locator(`[aria-colindex="${column}"]`).textContent()) ?? '' });
  }
  return found
    .toSorted((a, b) => a.at - b.at)
    .slice(0, most)
    .map(({ text }) => text.trim());
}

/**
 * Controls that a person can neither see nor scroll to: beyond an edge, cut off, or under something else. Cells of tables are left out: a table scrolls
 * in both directions.
 * @param within the part that is looked at
 * @returns what they are called
 */
export async function outOfReach(page: Page, within = 'body'): Promise<string[]> {
  return await page
    .locator(within)
    .last()
    .evaluate((place) => {
      const lost: string[] = [];
      for (const control of place.querySelectorAll<HTMLElement>('a[href], button, input, textarea, [role^="menuitem"], [role="slider"]')) {
        const target = control.closest('label') ?? control;
        if (control.closest('[role="grid"], [aria-hidden="true"]') !== null || !target.checkVisibility({ visibilityProperty: true }))
          continue;
        target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        const { left, top, width, height } = target.getBoundingClientRect();
        if (width < 2 || height < 2) continue;
        const seen = document.elementFromPoint(left + width / 2, top + height / 2);
        const isSeen = seen !== null && target.contains(seen);
        if (!isSeen) lost.push(control.getAttribute('aria-label') ?? control.textContent.trim());
      }
      return lost;
    });
}
