/** @file A core that is about to be killed: starts the child that its argument names, prints the child's process number, and waits. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startChild } from '../../../src-main/service/processes/child.ts';

const [what = '', dataDirectory = ''] = process.argv.slice(2);

if (what === 'serve') {
  const main = fileURLToPath(new URL('../../../src-main/host/cli/main.ts', import.meta.url));
  const env = { ...process.env, EARMARK_STARTER: String(process.pid), EARMARK_DATA: dataDirectory };
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  // Its first words say that it serves.
  child.stdout.once('data', () => console.log(child.pid));
} else {
  startChild<never, { processId: number }>(new URL(what), {
    onMessage: ({ processId }) => console.log(processId),
    onExit: (how) => console.error(how),
  });
}
setInterval(() => undefined, 60_000);
