/** @file The browser of the tests: an installed Chromium, Chrome or Edge, driven by Playwright. */
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findBrowser } from '../../src-main/host/start/browser.mjs';

/** No sandbox and no GPU, as in a container; nothing of its own over the network. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Opens a headless browser; the caller closes it.
 * @param args further flags, for example `--enable-precise-memory-info`
 */
export async function launchBrowser(args: string[] = []): Promise<Browser> {
  const executablePath = await findBrowser();
  if (executablePath === null) {
    throw new Error(
      'No Chromium, Chrome or Edge was found: run the tests with "npm test", which gets one, or name one in EARMARK_BROWSER.',
    );
  }
  return await chromium.launch({ executablePath, args: [...quiet, ...args] });
}

/** What a page of a test waits at most, in ms: it ends a test that hangs, and fails none on a busy machine. */
const limitMs = 600_000;

/** Opens a page of its own context, in the smallest usual window and in light unless told otherwise. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: 'light', ...options });
  context.setDefaultTimeout(limitMs);
  context.setDefaultNavigationTimeout(limitMs);
  return await context.newPage();
}
