/** @file The Similar view in a real browser on a seeded core, for the tests of one file: where things are in it, and what is done there. */
import type { Locator, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { columnOf, eventually, lookAt } from './look-at.ts';
import type { SeededCore, SeededOptions } from './seed/core.ts';
import { SeededPages } from './seed/pages.ts';

/** The view as tests use it. `pages` opens more of them, and knows what they complained about. */
export type SimilarPage = {
  pages: SeededPages;
  core: SeededCore;
  page: Page;
  look(name: string, within?: string): Promise<void>;
  button(name: string | RegExp): Locator;
  tab(name: RegExp): Locator;
  grid(name: string): Locator;
  /** Titles in a table, from the top. */
  titles(name: string, count?: number): Promise<string[]>;
  /** The same, once there are so many. */
  shownTitles(name: string, count?: number): Promise<string[]>;
  /** Presses keys one after the other. */
  press(...keys: string[]): Promise<void>;
};

/** Opens Similar in a browser of its own, which is closed after the tests of the file. */
export async function openSimilar(options: SeededOptions = {}): Promise<SimilarPage> {
  const pages = await SeededPages.launch();
  afterAll(() => pages.close());
  const { core, page } = await pages.open(options, 'Similar');
  const titles = (name: string, count = 6): Promise<string[]> => columnOf(page, name, name === 'Results' ? 3 : 2, count);
  return {
    ...{ pages, core, page },
    look: (name, within) => lookAt(page, `similar-${name}`, within),
    button: (name) => page.getByRole('button', { name, exact: true }),
    tab: (name) => page.getByRole('navigation', { name: 'Similar' }).getByRole('button', { name }),
    grid: (name) => page.getByRole('grid', { name, exact: true }),
    titles,
    shownTitles: async (name, count = 6) => {
      await eventually(async () => (await titles(name, count)).filter((title) => title !== '').length).toBe(count);
      return titles(name, count);
    },
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
  };
}
