import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const lastLine = new URL('../../../src-main/host/last-line.ts', import.meta.url).href;

/** Runs lines of a program after the last line of defence was drawn. */
function run(lines: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const program = `import { goOnAfterDefects, tellDefect } from ${JSON.stringify(lastLine)};\ngoOnAfterDefects(tellDefect);\n${lines}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

describe('the last line of defence', () => {
  it('tells of a defect in one line and goes on', async () => {
    const { code, stdout, stderr } = await run(`
      setImmediate(() => { throw new RangeError('a\\nb\\u001b[31m'); });
      setImmediate(() => void Promise.reject(new TypeError('c')));
      setImmediate(() => setImmediate(() => setImmediate(() => console.log('alive'))));
    `);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'alive\n' });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^Earmark: RangeError: a b \[31m/),
      expect.stringMatching(/TypeError: c/),
    ]);
  });
});
