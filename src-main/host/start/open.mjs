/** @file What `npm start` does once Node is known to be new enough. */
import { join } from 'node:path';
import { fetchElectron, electronPath, whyNoWindow } from './electron-binary.mjs';
import { ensureBuilt, ensureInstalled, runtime } from './ensure.mjs';
import { run, top } from './processes.mjs';

/** How Electron ends when a library is missing, and when its sandbox cannot be set up (SIGTRAP, SIGABRT). */
const couldNotRun = new Set([127, 133, 134]);

/**
 * Installs, builds and opens the app; ends when it is closed.
 * @param {string[]} args passed on to the app, for example `--data DIR`
 * @returns {Promise<number>} the exit code
 */
export async function open(args) {
  await ensureInstalled();
  const why = whyNoWindow({ environment: process.env, platform: process.platform, userId: process.getuid?.() ?? null, args });
  const trouble = why ?? (await fetchElectron());
  if (trouble !== null) return await openServe(args, trouble);
  await ensureBuilt(['main', 'preload', 'renderer']);
  const { code } = await run(electronPath(), [top, ...args]);
  return couldNotRun.has(code) ? await openServe(args, `Electron could not run here (it ended with ${code}, see above)`) : code;
}

async function openServe(args, trouble) {
  console.log(`Earmark opens in the browser, not in a window of its own: ${trouble}.`);
  await ensureBuilt(['renderer']);
  const canOpen = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  const own = args.filter((arg) => arg !== '--no-sandbox'); // Electron's alone
  const entry = join(top, 'src-main', 'host', 'cli', 'main.ts');
  const { code } = await run(runtime(), [entry, 'serve', ...(canOpen ? ['--open'] : []), ...own]);
  return code;
}
