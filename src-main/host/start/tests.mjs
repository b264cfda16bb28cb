/** @file What `npm test` does once Node is known to be new enough. */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { ensureBuilt, ensureInstalled, readJson, runtime } from './ensure.mjs';
import { run, StartFailure, top } from './processes.mjs';

/**
 * Runs the tests.
 * @param {string[]} args passed on to Vitest, for example a part of a file's name
 * @returns {Promise<number>} 0 when all passed
 */
export async function runTests(args) {
  await ensureInstalled();
  const browser = await ensureBrowser();
  await ensureBuilt(['renderer']);
  const report = join(top, 'node_modules', '.cache', 'earmark', 'tests.json');
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const vitest = join(top, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(runtime(), [vitest, 'run', '-c', join(top, '.config', 'vitest.config.ts'), ...reporters, ...args], {
    cwd: top,
    env: { EARMARK_BROWSER: browser },
  });
  const result = readJson(report);
  if (result === null) throw new StartFailure(`The tests did not get as far as a report (Vitest ended with ${code}).`);
  const { line, failed } = summarize(result);
  console.log(line);
  return code !== 0 ? code : failed > 0 ? 1 : 0;
}

/**
 * The closing line of a test run. A file that could not be loaded has no tests to count and counts as one failure.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[] }} report Vitest's JSON report
 * @returns {{ line: string, failed: number }}
 */
export function summarize(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + broken;
  const skipped = report.numPendingTests + report.numTodoTests;
  return { line: `${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`, failed };
}
