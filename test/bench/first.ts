/**
 * @file From `npm start` to the first neuron that plays: a real browser does what a newcomer does, with the demo library. In this checkout, with all
 * installed and built, and in a fresh clone of it, installing included; `EARMARK_FIRST=installed` leaves the clone out. npm's cache is the person's own.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage } from '../support/browser.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));
/** The most that is wanted, in seconds. */
const wanted = { installed: 20, fresh: 180 };

/** What was measured, in seconds after `npm start`. */
type Walk = { page: number; neuron: number; playing: number };

/** Takes half a minute, and some minutes more where everything is installed first. */
export async function firstBench(): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  if (process.platform !== 'linux') return { name: 'first', rows: [notMeasured('elsewhere than on Linux a window opens, not a browser')] };
  const folder = await mkdtemp(join(tmpdir(), 'earmark-first-'));
  try {
    // What is not built yet is built before the clock runs.
    await walk(top, join(folder, 'built'), { isBuildingOnly: true });
    rows.push(...told('installed', await walk(top, join(folder, 'installed')), wanted.installed));
    const clone = join(folder, 'clone');
    if (process.env['EARMARK_FIRST'] === 'installed') rows.push(notMeasured('fresh clone: left out, as EARMARK_FIRST says'));
    else if (!existsSync(join(top, '.git'))) rows.push(notMeasured('fresh clone: this is no checkout of git'));
    else {
      const code = await ended(spawn('git', ['clone', '--quiet', top, clone], { stdio: 'inherit' }));
      if (code !== 0) throw new Error(`The checkout could not be cloned: git ended with ${code}.`);
      rows.push(...told('fresh clone', await walk(clone, join(folder, 'fresh')), wanted.fresh));
    }
    return { name: 'first', rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function notMeasured(why: string): BenchRow {
  return { what: 'not measured', value: 0, unit: '', against: why };
}

function told(where: string, { page, neuron, playing }: Walk, most: number): BenchRow[] {
  const row = (what: string, value: number): BenchRow => ({ what: `${where}: ${what}`, value, unit: 's' });
  const last = row('to the first neuron playing', playing);
  return [
    row('from npm start to the page', page),
    row('to the first neuron shown', neuron),
    { ...last, against: `${most} s at most`, ratio: playing / most },
  ];
}

/** Starts Earmark as a person would, without a display, and does what a newcomer does. */
async function walk(checkout: string, data: string, { isBuildingOnly = false } = {}): Promise<Walk> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...environment } = process.env;
  const npm = spawn('npm', ['start', '--', '--port', '0'], {
    ...{ cwd: checkout, env: { ...environment, EARMARK_DATA: data }, stdio: ['ignore', 'pipe', 'inherit'] },
    // All that it starts is ended with it.
    detached: true,
  });
  try {
    const link = await linkOf(npm);
    if (isBuildingOnly) return { page: 0, neuron: 0, playing: 0 };
    const browser = await launchBrowser(['--autoplay-policy=no-user-gesture-required']);
    try {
      const page = await openPage(browser);
      await page.goto(link);
      await page.getByRole('button', { name: 'Try the demo library' }).waitFor();
      const opened = seconds();
      return { page: opened, ...(await hear(page, seconds)) };
    } finally {
      await browser.close();
    }
  } finally {
    if (npm.pid !== undefined && npm.exitCode === null) process.kill(-npm.pid, 'SIGTERM');
    await ended(npm).catch(() => undefined);
  }
}

async function hear(page: Page, seconds: () => number): Promise<Omit<Walk, 'page'>> {
  await page.getByRole('button', { name: 'Try the demo library' }).click();
  const play = page.getByRole('article').first().getByRole('button', { name: /^Play/ }).first();
  await play.waitFor();
  const neuron = seconds();
  await play.click();
  await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause', exact: true }).waitFor();
  return { neuron, playing: seconds() };
}

/** The link that Earmark prints once it serves. @throws Error when it ends before */
async function linkOf(npm: ChildProcess): Promise<string> {
  let text = '';
  const found = new Promise<string>((resolve, reject) => {
    npm.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      const link = /Earmark is at (\S+)/.exec(text)?.[1];
      if (link !== undefined) resolve(link);
    });
    npm.once('error', reject);
    npm.once('close', () => reject(new Error(`npm start ended before Earmark was there: ${text.slice(-2000)}`)));
  });
  return found;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}
