/** @file `npm test`: installs what is missing (a browser included), builds the renderer, runs every test and ends with the line `N passed, N failed`. */
import { nodeProblem } from './versions.mjs';

const problem = nodeProblem(process.versions.node);
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}

const { runTests } = await import('./tests.mjs');
const { failWith } = await import('./processes.mjs');
try {
  process.exitCode = await runTests(process.argv.slice(2));
} catch (error) {
  process.exitCode = failWith(error);
}
