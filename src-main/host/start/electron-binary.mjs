/** @file Electron's own program: whether it can open a window here, whether it is there, and one bounded attempt a day to fetch it. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runtime } from './ensure.mjs';
import { run, top } from './processes.mjs';

const fetchLimitMs = 5 * 60_000;
const rememberMs = 24 * 3_600_000;

/**
 * Why no Electron window can open here, whether or not the program is there, as the end of a sentence; null when one can.
 * @param {{ environment: Record<string, string | undefined>, platform: string, userId: number | null, args: string[] }} here
 * @returns {string | null}
 */
export function whyNoWindow({ environment, platform, userId, args }) {
  const refused = environment.EARMARK_NO_ELECTRON;
  if (refused !== undefined && refused !== '' && refused !== '0') return 'EARMARK_NO_ELECTRON is set';
  if (platform !== 'linux') return null;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)';
  if (userId === 0 && !args.includes('--no-sandbox')) return 'Electron does not run as root with its sandbox on';
  return null;
}

/**
 * Path of Electron's program; null when it is not there. Its package fetches it on demand and then leaves the name in `path.txt`.
 * @param {string} folder the package `electron`
 * @returns {string | null}
 */
export function electronPath(folder = join(top, 'node_modules', 'electron')) {
  const own = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  try {
    const program = join(own ?? join(folder, 'dist'), readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

/**
 * Fetches Electron's program if it is not there. A failed attempt is remembered for a day, so that later starts are quick.
 * @returns {Promise<string | null>} why it is not there, as the end of a sentence; null when it is
 */
export async function fetchElectron() {
  if (electronPath() !== null) return null;
  const again = 'run "npx install-electron" to try again';
  const note = join(top, 'node_modules', '.cache', 'earmark', 'electron-failed');
  if (failedLately(note, Date.now())) return `Electron could not be fetched within the last day; ${again}`;
  console.log('Fetching Electron (about 120 MB, once) …');
  const installer = join(top, 'node_modules', 'electron', 'install.js');
  const { code, timedOut } = await run(runtime(), [installer], { quiet: true, timeoutMs: fetchLimitMs });
  if (code === 0 && electronPath() !== null) return null;
  mkdirSync(dirname(note), { recursive: true });
  writeFileSync(note, '');
  return `Electron could not be fetched${timedOut ? ' within five minutes' : ''}; ${again}`;
}

/**
 * @param {string} note the file that a failed attempt leaves
 * @param {number} nowMs
 * @returns {boolean}
 */
export function failedLately(note, nowMs) {
  return existsSync(note) && nowMs - statSync(note).mtimeMs < rememberMs;
}
