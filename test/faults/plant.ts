/**
 * @file Plants faults, one at a time, in a temporary copy of the checkout, and counts the tests that notice. Programs that may be absent (sox, ffmpeg) are
 * kept from the tests: what only they notice counts for nothing. Ends with code 1 when a fault is not noticed, with 2 when nothing could be tried: a
 * text is not there exactly once, or tests fail without a fault.
 * Run: node test/faults/plant.ts [part of a name or file]
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { top } from '../support/files.ts';
import { countOf } from './fault.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';

const copied = ['src-main', 'src-renderer', 'test', '.config', 'package.json', 'tsconfig.json'];
/** A fault may make a loop endless. */
const longestMs = 900_000;

type Outcome = { failed: number; files: string[]; hasEnded: boolean };
type VitestReport = { numFailedTests: number; testResults: { name: string; status: string }[] };

/** Ends the tests that run, and all that follows, so that the copy is removed before the process ends. */
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());

/** Runs test files of the copy. */
async function runTests(copy: string, tests: readonly string[]): Promise<Outcome> {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const options = ['-c', join(copy, '.config/vitest.config.ts'), '--reporter=json', `--outputFile=${report}`];
  const child = spawn(process.execPath, [vitest, 'run', ...options, ...tests], {
    cwd: copy,
    env: { ...process.env, PATH: dirname(process.execPath) },
    stdio: 'ignore',
    timeout: longestMs,
    killSignal: 'SIGKILL',
    signal: stopped.signal,
  });
  await new Promise((ended) => child.once('close', ended).once('error', ended));
  try {
    const { numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
    const files = testResults.filter(({ status }) => status === 'failed').map(({ name }) => name.slice(name.indexOf('test/')));
    return { failed: numFailedTests, files, hasEnded: true };
  } catch {
    return { failed: 0, files: [], hasEnded: false };
  }
}

/** Plants a fault, runs its tests, and takes it back. */
async function tryFault(copy: string, { file, text, instead, tests }: Fault): Promise<Outcome> {
  const path = join(copy, file);
  const right = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    right.replace(text, () => instead),
  );
  try {
    return await runTests(copy, tests);
  } finally {
    writeFileSync(path, right);
  }
}

function isNoticed({ failed, files, hasEnded }: Outcome): boolean {
  return !hasEnded || failed > 0 || files.length > 0;
}

function row(name: string, outcome: Outcome): string {
  const where = outcome.files.map((file) => file.replace('test/', '').replace('.test.ts', '')).join(', ');
  if (!outcome.hasEnded) return `${name} | yes | the tests do not end`;
  return `${name} | ${isNoticed(outcome) ? 'yes' : 'NO'} | ${outcome.failed} tests${where === '' ? '' : ` of ${where}`}`;
}

/** Tries faults in a copy of the checkout. @returns the process's exit code */
async function tryAll(chosen: readonly Fault[]): Promise<number> {
  const copy = mkdtempSync(join(tmpdir(), 'earmark-faults-'));
  try {
    for (const name of copied) cpSync(join(top, name), join(copy, name), { recursive: true });
    symlinkSync(join(top, 'node_modules'), join(copy, 'node_modules'), 'dir');
    const without = await runTests(copy, [...new Set(chosen.flatMap(({ tests }) => tests))]);
    if (isNoticed(without)) {
      if (!stopped.signal.aborted) console.error(row('Tests fail without a fault', without));
      return 2;
    }
    console.log('fault | noticed | by');
    let noticed = 0;
    for (const fault of chosen) {
      const outcome = await tryFault(copy, fault);
      if (stopped.signal.aborted) return 2;
      console.log(row(fault.name, outcome));
      if (isNoticed(outcome)) noticed++;
    }
    console.log(`${chosen.length} faults, ${noticed} noticed.`);
    return noticed === chosen.length ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function main(part: string): Promise<number> | number {
  const chosen = faults.filter(({ name, file }) => `${name} ${file}`.toLowerCase().includes(part.toLowerCase()));
  const lost = chosen.filter(({ file, text }) => countOf(text, readFileSync(join(top, file), 'utf8')) !== 1);
  for (const { name, file, text } of lost) console.error(`${name}: ${file} does not hold this text exactly once: ${text}`);
  if (chosen.length === 0) console.error(`No fault's name or file holds “${part}”.`);
  return lost.length > 0 || chosen.length === 0 ? 2 : tryAll(chosen);
}

process.exitCode = await main(process.argv[2] ?? '');
