/** @file Child processes of the start and test scripts: npm, Node 24 and what they run. Ctrl-C ends all of them. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const top = fileURLToPath(new URL('../../..', import.meta.url));

/** A failure whose message is all that the person needs; no stack is shown. */
export class StartFailure extends Error {}

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
let interrupted = false;

// A terminal sends Ctrl-C to the children as well; this process only has to outlive them. Anybody else's signal is passed on.
process.on('SIGINT', () => {
  if (interrupted || !process.stdin.isTTY) for (const child of children) child.kill('SIGINT');
  interrupted = true;
  if (children.size === 0) process.exit(130);
});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => endAll(128 + constants.signals[signal]));

function endAll(code) {
  for (const child of children) child.kill('SIGTERM');
  if (children.size === 0) process.exit(code);
}

// npm runs its scripts through a shell and, when it is ended, ends that shell alone: being handed to another parent is then the only sign.
if (process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32') {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) endAll(128 + constants.signals.SIGTERM);
  }, 500).unref();
}

/** True once the person pressed Ctrl-C. */
export function wasInterrupted() {
  return interrupted;
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {{ quiet?: boolean, timeoutMs?: number, env?: Record<string, string>, cwd?: string }} options `quiet` collects what it prints instead of showing it
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} the exit code (128 + signal when a signal ended it; 127 when it could not be started)
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? process.cwd(),
      // Named like this in host/starter.ts: a core that this process starts does not outlive it.
      env: { ...environment(), EARMARK_STARTER: String(process.pid), ...options.env },
      stdio: options.quiet === true ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      windowsHide: options.quiet === true,
    });
    children.add(child);
    let output = '';
    let timedOut = false;
    child.stdout?.on('data', (text) => (output += text));
    child.stderr?.on('data', (text) => (output += text));
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, options.timeoutMs);
    const finish = (code) => {
      clearTimeout(timer);
      children.delete(child);
      resolve({ code, output, timedOut });
    };
    child.once('error', () => finish(127));
    child.once('close', (code, signal) => finish(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/**
 * Runs npm: the one that runs this script, else the one beside this Node, else the one on the PATH.
 * @param {string[]} args
 * @param {{ quiet?: boolean, env?: Record<string, string> }} options
 */
export function runNpm(args, options = {}) {
  const script = npmScript();
  if (script !== null) return run(process.execPath, [script, ...args], { ...options, cwd: top });
  return run('npm', args, { ...options, cwd: top });
}

function npmScript() {
  const own = process.env.npm_execpath;
  const beside = dirname(process.execPath);
  const places = [
    own !== undefined && /^npm-cli\.[cm]?js$/.test(basename(own)) ? own : '',
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  return places.find((place) => place !== '' && existsSync(place)) ?? null;
}

/** This process's environment with the checkout's own programs (Node 24 among them) first on the PATH. */
export function environment() {
  const environmentNow = { ...process.env };
  const name = Object.keys(environmentNow).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const own = [join(top, 'node_modules', '.bin'), join(top, 'node_modules', 'node', 'bin')];
  environmentNow[name] = [...own, environmentNow[name] ?? ''].join(delimiter);
  return environmentNow;
}

/**
 * Says what went wrong.
 * @param {unknown} error
 * @returns {number} the exit code
 */
export function failWith(error) {
  if (interrupted) return 130;
  console.error(error instanceof StartFailure ? error.message : error);
  return 1;
}
