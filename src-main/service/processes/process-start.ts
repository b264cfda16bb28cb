/** @file When a process began: with its number, what tells it from a later one that was given the same number. */
import { execFileSync } from 'node:child_process';
import type { ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Linux counts in these, on every processor that Node runs on (USER_HZ; proc(5), `/proc/pid/stat`). */
const ticksPerSecond = 100;

/** In ms since 1970, to about a second; undefined when there is no such process, or it is a zombie. @param processId a positive number */
export function processStart(processId: number): number | undefined {
  try {
    process.kill(processId, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  try {
    return process.platform === 'linux' ? startOnLinux(processId) : Number(ask(processId)) || undefined;
  } catch {
    // It ended meanwhile, or the system does not tell: nothing is known of it.
    return undefined;
  }
}

function startOnLinux(processId: number): number | undefined {
  const text = readFileSync(`/proc/${processId}/stat`, 'latin1');
  // The program's name, in brackets, may itself hold blanks and brackets. What follows begins with the third field.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return undefined;
  const seconds = Number(fields[19]) / ticksPerSecond;
  return Date.now() - (uptime() - seconds) * 1000;
}

function ask(processId: number): number {
  const options: ExecFileSyncOptionsWithStringEncoding = {
    encoding: 'utf8',
    timeout: 10_000,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  };
  if (process.platform !== 'win32') {
    const environment = { ...process.env, LC_ALL: 'C' };
    return Date.parse(execFileSync('ps', ['-o', 'lstart=', '-p', String(processId)], { ...options, env: environment }).trim());
  }
  const question = `([DateTimeOffset](Get-Process -Id ${processId}).StartTime).ToUnixTimeMilliseconds()`;
  return Number(execFileSync('powershell', ['-NoProfile', '-NonInteractive', '-Command', question], options));
}
