/** @file Puts a checkout in order: packages as the lock file says, Node 24, builds no older than their sources. Does nothing when all is there. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run, runNpm, StartFailure, top, wasInterrupted } from './processes.mjs';
import { majorOf, runtimeNode } from './versions.mjs';

/**
 * Packages that the lock file asks for and that are not installed in that version.
 * @param {{ packages?: Record<string, LockEntry> }} lock `package-lock.json`
 * @param {{ packages?: Record<string, LockEntry> }} installed `node_modules/.package-lock.json`, which npm writes after every install
 * @returns {string[]} their places, for example `node_modules/zod`
 *
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockEntry
 */
export function missingPackages(lock, installed) {
  const have = installed.packages ?? {};
  return Object.entries(lock.packages ?? {})
    .filter(([place, wanted]) => {
      if (place === '' || wanted.link === true) return false;
      const found = have[place];
      // An optional package of another platform is rightly absent.
      if (found === undefined) return wanted.optional !== true && wanted.devOptional !== true;
      return found.version !== wanted.version || found.integrity !== wanted.integrity;
    })
    .map(([place]) => place);
}

/** Installs the packages unless they are as the lock file says, and sees to Node 24. */
export async function ensureInstalled() {
  const lock = readJson(join(top, 'package-lock.json'));
  const installed = readJson(join(top, 'node_modules', '.package-lock.json'));
  const missing = installed === null ? null : missingPackages(lock ?? {}, installed);
  if (missing === null || missing.length > 0) {
    console.log(missing === null ? 'Installing the packages (once; about a minute) …' : `Updating ${missing.length} packages …`);
    // The packages carry their binaries; no install script is needed but that of Node 24, which is run below whatever npm's settings are.
    const { code } = await runNpm(['ci', '--ignore-scripts', '--loglevel=error', '--no-fund', '--no-audit']);
    if (wasInterrupted()) throw new StartFailure('Interrupted.');
    if (code === 127) throw new StartFailure('npm was not found: install it together with Node from https://nodejs.org and start again.');
    if (code !== 0)
      throw new StartFailure(
        `The packages could not be installed ("npm ci" ended with ${code}, see above): check the network and start again.`,
      );
  }
  await ensureRuntime();
}

/** The Node that came with the packages, made to work first if its own install script was not run. */
async function ensureRuntime() {
  if (await runtimeWorks()) return;
  console.log(`Fetching Node ${runtimeNode} …`);
  const { output } = await runNpm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'], { quiet: true });
  if (await runtimeWorks()) return;
  if (majorOf(process.versions.node) >= runtimeNode) return;
  throw new StartFailure(
    `Node ${runtimeNode} could not be set up in node_modules: check the network and run "npm rebuild node", or install Node ${runtimeNode} from https://nodejs.org.\n${output.trim()}`,
  );
}

async function runtimeWorks() {
  const program = packagedNode();
  if (!existsSync(program)) return false;
  const { code, output } = await run(program, ['--version'], { quiet: true });
  return code === 0 && majorOf(output.trim()) === runtimeNode;
}

function packagedNode() {
  return join(top, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Path of a Node that can run Earmark's sources; call {@link ensureInstalled} first. */
export function runtime() {
  const packaged = packagedNode();
  return existsSync(packaged) ? packaged : process.execPath;
}

/** What a build part leaves behind, and what it is made of. */
const parts = {
  main: { result: 'out/main/main.js', sources: ['src-main', 'electron.vite.config.ts', 'package-lock.json'] },
  preload: { result: 'out/preload/preload.cjs', sources: ['src-main/host/electron', 'electron.vite.config.ts', 'package-lock.json'] },
  renderer: {
    result: 'out/renderer/index.html',
    sources: ['src-renderer', 'src-main/contract', 'src-main/base', 'resources', 'electron.vite.config.ts', 'package-lock.json'],
  },
};

/**
 * Builds the parts that are missing or older than their sources.
 * @param {('main' | 'preload' | 'renderer')[]} wanted
 */
export async function ensureBuilt(wanted) {
  const stale = wanted.filter((part) =>
    isStale(
      join(top, parts[part].result),
      parts[part].sources.map((source) => join(top, source)),
    ),
  );
  if (stale.length === 0) return;
  console.log(`Building (${stale.join(', ')}) …`);
  const { code, output } = await run(runtime(), [join(top, 'src-main', 'host', 'start', 'build.mjs'), ...stale], { quiet: true, cwd: top });
  if (code !== 0 && !wasInterrupted()) throw new StartFailure(`The build failed:\n${output.trim()}`);
  if (wasInterrupted()) throw new StartFailure('Interrupted.');
}

/**
 * True when the result is absent or anything below the sources changed after it (folders count: a file that went leaves its folder's time behind).
 * @param {string} result
 * @param {string[]} sources files and folders; those that are not there are passed over
 * @returns {boolean}
 */
export function isStale(result, sources) {
  if (!existsSync(result)) return true;
  const builtMs = statSync(result).mtimeMs;
  return sources.some((source) => newestMs(source) > builtMs);
}

function newestMs(path) {
  if (!existsSync(path)) return 0;
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), own.mtimeMs);
}

/** Reads a JSON file; null when it is absent or broken. */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
