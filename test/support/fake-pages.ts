/** @file Pages of a real browser, each on a fake core of its own: opened, looked at in both themes, and heard when they complain. */
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from './browser.ts';
import { serveFake } from './serve-fake.ts';
import type { FakeServer } from './serve-fake.ts';

/** Screenshots are kept where EARMARK_SHOTS says, for a person to look at. */
const shots = process.env['EARMARK_SHOTS'];

/** A page and the core behind it. */
export type FakePage = { server: FakeServer; page: Page };

/** The pages of one test file; `close` at its end. */
export class FakePages {
  /** Errors of every page; empty at the end of a good test. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #servers: FakeServer[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Opens the browser. */
  static async launch(): Promise<FakePages> {
    return new FakePages(await launchBrowser(['--autoplay-policy=no-user-gesture-required']));
  }

  /** Opens a page on a new core and goes to a view by its name in the rail. */
  async open(options: Parameters<typeof serveFake>[0], view: string): Promise<FakePage> {
    const server = await serveFake(options);
    this.#servers.push(server);
    const page = await openPage(this.#browser);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    await page.goto(server.url);
    await page.getByRole('link', { name: view }).click();
    return { server, page };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    for (const server of this.#servers) await server.close();
  }
}

/**
 * What axe finds against a page, in light and in dark; takes screenshots at two sizes when they are wanted.
 * @param name of the screenshots' files
 */
export async function look(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, nodes } of violations)
      found.push(`${colorScheme}, ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
    if (shots !== undefined) await shoot(page, join(shots, `${name}-${colorScheme}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

async function shoot(page: Page, path: string): Promise<void> {
  for (const [width, height] of [
    [1920, 1080],
    [1280, 720],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${path}-${width}.png` });
  }
}
