/** @file Has PyTorch work on what lies in a folder. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a script beside this file answers, with PyTorch's version; a sentence where it does not. */
export function askPyTorch<Answer>(args: readonly string[], script = 'probe.py'): { version: string; answer: Answer } | string {
  const python = process.env['EARMARK_PYTHON'] ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  if (!existsSync(python)) return 'not measured: no Python';
  const path = fileURLToPath(new URL(script, import.meta.url));
  const run = spawnSync(python, [path, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.status !== 0) return `not measured: ${(run.stderr ?? String(run.error)).trim().split('\n').at(-1) ?? ''}`;
  return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as { version: string; answer: Answer };
}
