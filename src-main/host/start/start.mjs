/**
 * @file `npm start`: from a fresh clone to an open window. Runs on Node 20 with nothing installed: it installs and builds what is missing, then opens
 * Electron, or says in one sentence why not and opens the same app in the browser.
 */
import { nodeProblem } from './versions.mjs';

const problem = nodeProblem(process.versions.node);
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}

const { open } = await import('./open.mjs');
const { failWith } = await import('./processes.mjs');
try {
  process.exitCode = await open(process.argv.slice(2));
} catch (error) {
  process.exitCode = failWith(error);
}
