/** @file Pages of a real browser, each on a seeded core of its own behind the real `serve`, and what they complain about. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { startServe } from '../../../src-main/host/serve/server.ts';
import { launchBrowser, openPage } from '../browser.ts';
import { openSeededCore } from './core.ts';
import type { SeededCore, SeededOptions } from './core.ts';

/** Where the built interface lies. */
const builtPages = fileURLToPath(new URL('../../../out/renderer', import.meta.url));

/** A seeded core that is served. `link` carries the token. */
export type SeededServer = { core: SeededCore; link: string; close(): Promise<void> };

/** Serves a seeded core. `port` 0: any free one; `pagesDirectory`: the interface, else what was built. */
export async function serveSeeded(options: SeededOptions & { port?: number; pagesDirectory?: string } = {}): Promise<SeededServer> {
  const core = await openSeededCore(options);
  const serve = await startServe({ core, pagesDirectory: options.pagesDirectory ?? builtPages, port: options.port ?? 0 });
  const close = async (): Promise<void> => {
    await serve.close();
    await core.close();
  };
  return { core, link: serve.link, close };
}

/** A page and the core behind it. */
export type SeededPage = { core: SeededCore; page: Page };

/** The pages of one test file; `close` at its end. */
export class SeededPages {
  /** Errors of every page; empty at the end of a good test. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #servers: SeededServer[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Opens the browser. */
  static async launch(): Promise<SeededPages> {
    return new SeededPages(await launchBrowser(['--autoplay-policy=no-user-gesture-required']));
  }

  /** Opens a page on a new core and goes to a view by its name in the rail; null: stays where it opens. */
  async open(options: SeededOptions, view: string | null): Promise<SeededPage> {
    const server = await serveSeeded(options);
    this.#servers.push(server);
    const page = await openPage(this.#browser);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    await page.goto(server.link);
    if (view !== null) await page.getByRole('link', { name: view, exact: true }).click();
    return { core: server.core, page };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    for (const server of this.#servers) await server.close();
  }
}
