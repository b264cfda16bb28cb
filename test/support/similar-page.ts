/** @file The Similar view in a real browser on a fake core, for the tests of one file: where things are in it, and what is done there. */
import type { Locator, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { FakePages } from './fake-pages.ts';
import { columnOf, lookAt } from './look-at.ts';
import type { FakeServer } from './serve-fake.ts';

/** The view as tests use it. `pages` opens more of them, and knows what they complained about. */
export type SimilarPage = {
  pages: FakePages;
  server: FakeServer;
  page: Page;
  look(name: string, within?: string): Promise<void>;
  button(name: string | RegExp): Locator;
  tab(name: RegExp): Locator;
  grid(name: string): Locator;
  /** Titles in a table, from the top. */
  titles(name: string, count?: number): Promise<string[]>;
  /** Presses keys one after the other. */
  press(...keys: string[]): Promise<void>;
};

/** Opens Similar in a browser of its own, which is closed after the tests of the file. */
export async function openSimilar(): Promise<SimilarPage> {
  const pages = await FakePages.launch();
  afterAll(() => pages.close());
  const { server, page } = await pages.open({}, 'Similar');
  return {
    ...{ pages, server, page },
    look: (name, within) => lookAt(page, `similar-${name}`, within),
    button: (name) => page.getByRole('button', { name, exact: true }),
    tab: (name) => page.getByRole('navigation', { name: 'Similar' }).getByRole('button', { name }),
    grid: (name) => page.getByRole('grid', { name, exact: true }),
    titles: (name, count = 6) => columnOf(page, name, name === 'Results' ? 3 : 2, count),
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
  };
}
