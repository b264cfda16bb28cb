/** @file The look at a page finds what it is for: names that are missing, and contrast that is too low in one theme alone. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { lookAt, violationsOf } from '../support/look-at.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

async function pageWith(body: string, style = ''): Promise<Page> {
  const page = await openPage(browser);
  const ground = 'body { background: #fff; color: #000 } @media (prefers-color-scheme: dark) { body { background: #000; color: #fff } }';
  await page.setContent(
    `<html lang="en"><head><title>A</title><style>${ground} ${style}</style></head><body><main>${body}</main></body></html>`,
  );
  return page;
}

describe('the look at a page', () => {
  it('finds nothing where nothing is wrong', async () => {
    await lookAt(await pageWith('<h1>Words</h1><button>Play</button>'), 'good');
  });

  it('finds a control without a name, within a part or in all', async () => {
    const page = await pageWith('<h1>Words</h1><p id="other">More</p><button></button>');
    expect((await violationsOf(page)).join()).toMatch(/^button-name: <button>/);
    expect(await violationsOf(page, { within: '#other' })).toEqual([]);
    await expect(lookAt(page, 'nameless')).rejects.toThrow('nameless, light');
  });

  it('finds words that are too faint in dark alone', async () => {
    const page = await pageWith('<h1>Words</h1><p>Faint</p>', '@media (prefers-color-scheme: dark) { p { color: #333 } }');
    await expect(lookAt(page, 'faint')).rejects.toThrow('faint, dark');
  });
});
