/** @file Finds a Chromium, Chrome or Edge for the tests, or gets one: Playwright's own download, else Debian's package. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, posix, win32 } from 'node:path';
import { runtime } from './ensure.mjs';
import { run, StartFailure, top } from './processes.mjs';

const linuxNames = ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser', 'microsoft-edge-stable', 'microsoft-edge'];
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const windowsPlaces = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];
const downloadLimitMs = 5 * 60_000;

/**
 * Where a browser may be installed, best first.
 * @param {string} platform as in `process.platform`
 * @param {Record<string, string | undefined>} environment
 * @returns {string[]}
 */
export function browserPlaces(platform, environment) {
  if (platform === 'win32') {
    const roots = [environment.ProgramFiles, environment['ProgramFiles(x86)'], environment.LOCALAPPDATA].filter((root) => Boolean(root));
    return windowsPlaces.flatMap((place) => roots.map((root) => win32.join(root, place)));
  }
  if (platform === 'darwin') {
    const roots = ['/Applications', posix.join(environment.HOME ?? '/', 'Applications')];
    return macApps.flatMap((app) => roots.map((root) => posix.join(root, `${app}.app`, 'Contents', 'MacOS', app)));
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return linuxNames.flatMap((name) => folders.map((folder) => posix.join(folder, name)));
}

/**
 * An installed browser that starts; null when there is none. `EARMARK_BROWSER` comes first and must exist.
 * @returns {Promise<string | null>}
 */
export async function findBrowser() {
  const chosen = process.env.EARMARK_BROWSER;
  if (chosen !== undefined && chosen !== '') {
    if (!existsSync(chosen))
      throw new StartFailure(`EARMARK_BROWSER names ${chosen}, which is not there: name the program of a Chromium, Chrome or Edge.`);
    return chosen;
  }
  for (const place of browserPlaces(process.platform, process.env)) if (await starts(place)) return place;
  const downloaded = await playwrightBrowser();
  return downloaded !== null && (await starts(downloaded)) ? downloaded : null;
}

/**
 * A browser for the tests: an installed one, else Playwright's, else Debian's package `chromium`.
 * @returns {Promise<string>} its program; throws {@link StartFailure} when none can be had
 */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found !== null) return found;
  console.log('No Chromium, Chrome or Edge is installed; fetching one for the tests …');
  const installer = join(top, 'node_modules', 'playwright-core', 'cli.js');
  await run(runtime(), [installer, 'install', 'chromium'], { quiet: true, timeoutMs: downloadLimitMs });
  const downloaded = await findBrowser();
  if (downloaded !== null) return downloaded;
  await installDebianChromium();
  const installed = await findBrowser();
  if (installed !== null) return installed;
  throw new StartFailure(
    'The tests need a browser and none could be had: install Chromium, Chrome or Edge, or name one in EARMARK_BROWSER, and run them again.',
  );
}

async function installDebianChromium() {
  if (process.platform !== 'linux' || (await run('apt-get', ['--version'], { quiet: true })).code !== 0) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (await run('sudo', ['-n', 'true'], { quiet: true })).code !== 0) return;
  console.log('Playwright’s browser could not be fetched; installing Debian’s chromium …');
  const apt = (...args) =>
    run(isRoot ? 'apt-get' : 'sudo', isRoot ? args : ['-n', 'apt-get', ...args], {
      quiet: true,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', 'chromium');
}

async function playwrightBrowser() {
  try {
    const { chromium } = await import('playwright-core');
    return chromium.executablePath();
  } catch {
    return null;
  }
}

/** A stub or a program without its libraries fails here. On Windows `--version` would open a window, so being there is enough. */
async function starts(program) {
  try {
    accessSync(program, constants.X_OK);
  } catch {
    return false;
  }
  if (process.platform === 'win32') return true;
  return (await run(program, ['--version', '--no-sandbox'], { quiet: true, timeoutMs: 20_000 })).code === 0;
}
