/** @file Runs the command line as a person's shell would, on a data directory of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src-main/host/cli/main.ts', import.meta.url));

/** What a run printed and how it ended. */
export type EarmarkRun = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

/** Starts `earmark …`; `data` is the data directory. */
export function startEarmark(data: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [main, ...args], { env: { ...process.env, EARMARK_DATA: data }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs `earmark …` to its end. */
export async function runEarmark(data: string, ...args: string[]): Promise<EarmarkRun> {
  return ended(startEarmark(data, ...args));
}

/** Waits for a started run. */
export function ended(child: ChildProcess): Promise<EarmarkRun> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
}

/** Runs `earmark … --json` and reads its document; fails loudly when it does not end well. */
export async function earmarkJson<T>(data: string, ...args: string[]): Promise<T> {
  const run = await runEarmark(data, ...args, '--json');
  if (run.code !== 0) throw new Error(`earmark ${args.join(' ')} ended with ${run.code ?? run.signal}: ${run.stdout}${run.stderr}`);
  return JSON.parse(run.stdout) as T;
}

/** Child processes of a process; Linux tells. */
export function childCount(pid: number | undefined): number {
  if (process.platform !== 'linux') return 1;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  return children === '' ? 0 : children.split(' ').length;
}
