/**
 * @file How smoothly the table of segments moves with a million rows and 512 columns in a real browser with software drawing, how much memory its
 * page and the core take, and whether it is accessible. The renderer is the built one; the core is a `serve` of its own on a million synthetic segments.
 */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { serveReal } from '../support/serve-real.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { millionSegments } from './million.ts';

/** Frames of each movement. */
const framesEach = 240;

/** Ways to move. */
const movements = [
  'jump both ways at every frame',
  'jump both ways ten times a second',
  'drag down',
  'drag sideways',
  'drag both ways',
  'turn the wheel',
] as const;

const grid = '[role="grid"][aria-label="Segments"]';

/** Opens the Listen view with all features, moves about, and measures. */
export async function tableBench(): Promise<BenchResult> {
  const server = await serveReal(millionSegments().directory);
  const browser = await launchBrowser(['--enable-precise-memory-info']);
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: 'light' })).newPage();
    await openTable(page, server.link);
    const rows = await sizeRows(page);
    for (const movement of movements) rows.push(...(await frameRows(page, movement, framesEach)));
    rows.push(...(await memoryRows(browser, page)), ...(await violationRows(page)));
    rows.push({ what: 'memory of the core with this library', value: megabytes(server.memory()), unit: 'MB' });
    return { name: 'table', rows };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** All features, in the library's order. */
async function openTable(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('nav').waitFor();
  await page.evaluate(() => (location.hash = '#/listen'));
  await page.locator('#feature-list').waitFor({ timeout: 120_000 });
  await page.locator('#feature-list').fill('all');
  await page.keyboard.press('Enter');
  await page.locator(`${grid} [role="gridcell"]:not(.ghost)`).first().waitFor({ timeout: 120_000 });
  await page.waitForFunction((selector) => Number(document.querySelector(selector)?.getAttribute('aria-colcount')) > 500, grid);
  await page.waitForTimeout(1000);
}

async function sizeRows(page: Page): Promise<BenchRow[]> {
  const [rows, columns, cells] = await page
    .locator(grid)
    .evaluate((element) => [
      Number(element.getAttribute('aria-rowcount')) - 1,
      Number(element.getAttribute('aria-colcount')),
      element.querySelectorAll('[role="gridcell"]').length,
    ]);
  return [
    { what: 'rows', value: rows ?? 0, unit: 'rows' },
    { what: 'columns', value: columns ?? 0, unit: 'columns' },
    { what: 'cells in the page', value: cells ?? 0, unit: 'elements' },
  ];
}

/** Moves once a frame and measures from frame to frame, in ms. */
async function frameRows(page: Page, movement: (typeof movements)[number], frames: number): Promise<BenchRow[]> {
  const session = await page.context().newCDPSession(page);
  const before = await threadSeconds(session);
  const durations = await page.locator(grid).evaluate(
    async (element, { movement, frames }) => {
      const highest = element.scrollHeight - element.clientHeight;
      const widest = element.scrollWidth - element.clientWidth;
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const there = (i: number): number => (i < frames / 2 ? (2 * i) / frames : 2 - (2 * i) / frames);
      const move = (i: number): void => {
        if (movement === 'turn the wheel') element.scrollTop += 60;
        if (movement === 'drag down' || movement === 'drag both ways') element.scrollTop = highest * there(i);
        if (movement === 'drag sideways' || movement === 'drag both ways') element.scrollLeft = widest * there(i);
        if (!movement.startsWith('jump') || (movement.endsWith('second') && i % 6 !== 0)) return;
        element.scrollTop = highest * Math.random();
        element.scrollLeft = widest * Math.random();
      };
      const found: number[] = [];
      let before = await frame();
      for (let i = 0; i < frames; i++) {
        move(i);
        const now = await frame();
        found.push(now - before);
        before = now;
      }
      return found;
    },
    { movement, frames },
  );
  const sorted = durations.toSorted((a, b) => a - b);
  const quantile = (part: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
  return [
    { what: `frame, ${movement}, median`, value: quantile(0.5), unit: 'ms' },
    { what: `frame, ${movement}, p95`, value: quantile(0.95), unit: 'ms' },
    {
      what: `page's own computing, ${movement}, mean of a frame`,
      value: round(((await threadSeconds(session)) - before) * (1000 / frames)),
      unit: 'ms',
    },
  ];
}

/** Seconds that the page's main thread has computed: unlike the frames, hardly touched by what else the machine does. */
async function threadSeconds(session: CDPSession): Promise<number> {
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

async function memoryRows(browser: Browser, page: Page): Promise<BenchRow[]> {
  const session = await page.context().newCDPSession(page);
  const { usedSize, embedderHeapUsedSize } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    embedderHeapUsedSize?: number;
  };
  const rows: BenchRow[] = [{ what: 'JavaScript heap', value: megabytes(usedSize + (embedderHeapUsedSize ?? 0)), unit: 'MB' }];
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => anonymousBytes(id));
  if (sizes.some((size) => size > 0))
    rows.push({ what: 'page memory (largest renderer process, anonymous)', value: megabytes(Math.max(...sizes)), unit: 'MB' });
  return rows;
}

/** A process's memory that is no file's; 0 where the system does not tell. */
function anonymousBytes(processId: number): number {
  try {
    const match = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'));
    return Number(match?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function violationRows(page: Page): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForTimeout(500);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const row: BenchRow = { what: `axe violations, ${scheme}`, value: violations.length, unit: 'rules' };
    rows.push(violations.length === 0 ? row : { ...row, against: violations.map(({ id }) => id).join(', ') });
  }
  return rows;
}

function megabytes(bytes: number): number {
  return round(bytes / 1e6);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
